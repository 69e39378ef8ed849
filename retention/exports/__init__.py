"""Bundles that leave the record: written for a recipient, checked by anybody."""
