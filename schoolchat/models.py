"""The nouns that stand above all apps. Django emits post_migrate only for apps with this module."""

from schoolchat.backup.models import Backup, Drill, Restore

__all__ = ["Backup", "Drill", "Restore"]
