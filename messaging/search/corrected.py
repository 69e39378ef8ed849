"""A message is found by the words of its corrections as by its own: both are indexed."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from messaging.vault.notes import Shown, corrections_of, corrections_that_open

type Notes = dict[UUID, tuple[str, ...]]
"""By message the words of its corrections, in their order."""


def notes_of(messages: Iterable[UUID]) -> Notes:
    """The words of the corrections of each message that has any, in one query. For what writes to
    the index, which must know them all: raises BodyAltered where one does not open."""
    return _words_of(corrections_of(messages))


def notes_that_open(messages: Iterable[UUID]) -> tuple[Notes, set[UUID]]:
    """As `notes_of`, of the corrections that open, and the messages that have others besides."""
    found, closed = corrections_that_open(messages)
    return _words_of(found), closed


def _words_of(found: Mapping[UUID, Sequence[Shown]]) -> Notes:
    return {id_: tuple(one.note.text for one in notes) for id_, notes in found.items()}
