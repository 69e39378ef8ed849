"""Restores: a backup, the present keys and the journal become an installation again."""
