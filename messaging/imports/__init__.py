"""Histories that come from elsewhere into the record."""
