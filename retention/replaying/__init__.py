"""Making a restored database know what has happened since (docs/reference/journal.md)."""

from retention.replaying.replay import Replayed, replay

__all__ = ["Replayed", "replay"]
