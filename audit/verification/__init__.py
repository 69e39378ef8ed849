"""Verifying the log: entries against leaves, leaves against tree, tree against every head."""
