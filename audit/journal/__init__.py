"""The journal: what a restore has to know, kept outside the server (docs/reference/journal.md)."""
