"""A message is found by the words of its corrections as by its own: both are indexed."""

from collections.abc import Iterable
from uuid import UUID

from messaging.vault.notes import corrections_of


def notes_of(messages: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The words of the corrections of each message that has any, in one query."""
    found = corrections_of(messages)
    return {id_: tuple(one.note.text for one in notes) for id_, notes in found.items()}
