"""Certificates of disposals: what they say, their signature, and as PDF/A to keep."""
