"""The clock of the past, for a conversation that is long due."""

from tests.retention.conftest import at

__all__ = ["at"]
