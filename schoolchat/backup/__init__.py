"""Backups: one snapshot of the database and the files, and apart from it one of the keyring."""
