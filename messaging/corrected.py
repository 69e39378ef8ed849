"""Holding the corrections of messages against the log: each as it was entered, and none missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from audit.keyring import KeyringError, UnknownGeneration
from audit.statements import ask, statement_of
from audit.verification.findings import Deed, Finding
from messaging.corrections import Correction
from messaging.vault.bodies import BodyAltered
from messaging.vault.keys import opened
from messaging.vault.notes import (
    Note,
    Spot,
    commitment_of_note,
    open_correction,
    spot_of,
    unseal_note,
)

_CORRECTIONS: Final = statement_of(Path(__file__).parent / "sql" / "corrections.sql")
#: A row's time is taken a moment before that of the entry of the same act.
_MOMENT: Final = timedelta(minutes=1)


class _Row(NamedTuple):
    """A correction as it stands, and as the log has it; either is None where it is not there."""

    message: UUID
    channel: UUID
    number: str
    id: int | None
    written_by: UUID
    written_at: datetime
    reason: str
    sealed: bytes
    key: int | None
    generation: int
    wrapped: bytes
    times: int | None
    actor: UUID | None
    entered_channel: str | None
    entered_reason: str | None
    commitment: str | None
    at: datetime


def wrong_corrections() -> Iterator[Finding]:
    """A sentence for each correction that does not fit the log, and each that is missing."""
    for answer in ask(_CORRECTIONS, {}):
        row = _Row(*answer)
        name = f"Correction {row.number} of message {row.message}"
        if row.id is None:
            yield _found(Deed.REMOVED, f"{name} was removed: it is in the log.")
        elif row.times is None:
            yield _found(Deed.INSERTED, f"{name} is not in the log: it was inserted past it.")
        elif row.times > 1:
            yield _found(Deed.INSERTED, f"{name} is entered {row.times} times in the log.")
        elif what := next(_differences(row), None):
            yield _found(Deed.CHANGED, f"{name} was altered: {what} what was entered.")


def _differences(row: _Row) -> Iterator[str]:
    try:
        spot, note = _opened(row)
    except Correction.DoesNotExist:
        return  # disposed of while it was being verified
    except (BodyAltered, KeyringError):
        yield "its author, time, reason or words are not"
        return
    if commitment_of_note(spot, note) != row.commitment:
        yield "its words do not fit"
    if row.actor != spot.written_by:
        yield "who wrote it is not"
    if row.entered_channel != str(row.channel):
        yield "the channel is not"
    if row.entered_reason != spot.reason:
        yield "why it was written is not"
    if abs(spot.written_at - row.at) > _MOMENT:
        yield "when it was written is not"


def _opened(row: _Row) -> tuple[Spot, Note]:
    """Its words. Where the keyring moved on since it was read, it is read again."""
    if row.id is None or row.key is None:
        raise BodyAltered("The key of a correction is gone.")
    spot = Spot(
        message=row.message,
        channel=row.channel,
        number=int(row.number),
        written_by=row.written_by,
        written_at=row.written_at,
        reason=row.reason,
    )
    try:
        return spot, unseal_note(opened(row.key, row.generation, row.wrapped), spot, row.sealed)
    except UnknownGeneration:
        again = Correction.objects.select_related("message", "key").get(id=row.id)
        return spot_of(again), open_correction(again)


def _found(deed: Deed, sentence: str) -> Finding:
    return Finding(deed=deed, sentence=sentence)
