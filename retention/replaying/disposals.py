"""Disposing again of what was disposed of since the backup, and listing what nobody knows of."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from audit.actions import Action
from audit.clock import now
from audit.entries import ItemOfAct
from audit.journal.errors import JournalChanged
from audit.journal.lines import Act, Line, unpacked
from audit.journal.outbox import note
from audit.journal.places import Place
from audit.models import JournalLine
from audit.services import record, record_bulk
from messaging.models import MessageVersion
from retention.models import Disposal, Replay
from retention.replaying.reading import line_at

_ENDS: Final = (Act.DISPOSAL_DONE, Act.DISPOSAL_WITHDRAWN, Act.DISPOSAL_UNCLEAR)
#: A hold stood on something of it: a person has to look at it.
_HELD: Final = "RT005"
_GRANT: Final = "GRANT EXECUTE ON FUNCTION retention_replay(bigint) TO CURRENT_USER"
_REVOKE: Final = "REVOKE EXECUTE ON FUNCTION retention_replay(bigint) FROM CURRENT_USER"
#: Numbers that were given are not given again.
_NUMBERS: Final = """
SELECT setval(pg_get_serial_sequence(%s, 'number'), greatest(%s, (
    SELECT last_value FROM pg_sequences
    WHERE schemaname || '.' || sequencename = pg_get_serial_sequence(%s, 'number'))))
"""


class Intentions:
    """The intentions of the journal, found again by their ids, and those without an end."""

    def __init__(self) -> None:
        self._at: dict[UUID, int] = {}
        self._open: dict[UUID, int] = {}

    def see(self, line: Line) -> None:
        """Take a line into account, in their order."""
        if line.said.act == Act.DISPOSAL_INTENDED:
            self._at[line.said.uid] = self._open[line.said.uid] = line.number
        elif line.said.act in _ENDS and line.said.ends is not None:
            self._open.pop(line.said.ends, None)

    def of(self, done: Line, journal: Place) -> Line:
        """The line that announced what this one says is done."""
        number = self._at.get(done.said.ends) if done.said.ends else None
        if number is None:
            raise JournalChanged
        return line_at(journal, number)

    def without_end(self, journal: Place) -> Iterator[Line]:
        """Those of which nobody knows whether they were carried out."""
        for number in sorted(self._open.values()):
            yield line_at(journal, number)


@contextmanager
def open_door() -> Iterator[None]:
    """The owner's role may execute the function that destroys again, inside the block."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANT)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_REVOKE)


def dispose_again(done: Line, intended: Line) -> Replay | None:
    """What a chunk destroyed is destroyed again; None for what has been done already."""
    known = Replay.objects.filter(uid=done.said.uid).first()
    row = known or Replay.objects.create(
        kind=Replay.Kind.REPLAY,
        uid=done.said.uid,
        line=done.number,
        at=done.said.at,
        out_of_view=_ids(done, "out_of_view"),
        spared=_ids(done, "spared"),
        **_announced(intended),
    )
    if row.kind != Replay.Kind.REPLAY or row.replayed_at is not None:
        return None
    _destroy(row)
    return row


def list_unclear(intended: Line) -> None:
    """What was about to be destroyed, and perhaps was: a person decides. Nothing waits for it."""
    if JournalLine.objects.filter(ends=intended.said.uid).exists():
        return  # its end waits to be shipped
    with transaction.atomic():
        row = Replay.objects.create(
            kind=Replay.Kind.UNCLEAR,
            uid=intended.said.uid,
            line=intended.number,
            at=intended.said.at,
            **_announced(intended),
        )
        note(
            Act.DISPOSAL_UNCLEAR,
            subject=row.batch,
            ends=intended.said.uid,
            number=row.number,
            chunk=row.chunk,
        )


@transaction.atomic
def withdraw_open() -> int:
    """Withdraw every disposal that was open when the backup was made, and stop what was begun.

    The journal does not say whether somebody has stopped one since, objected, or lengthened the
    rule: what is due is proposed anew, and people agree anew. Returns how many.
    """
    state = Disposal.State
    open_ones = Disposal.objects.filter(
        state__in=(state.PROPOSED, state.APPROVED, state.EXECUTING), withdrawn_at=None
    )
    found = list(open_ones.order_by("number"))
    for disposal in found:
        # One that was begun is certified of what went; the rest of it is spared.
        if disposal.state != state.EXECUTING:
            disposal.state = state.WITHDRAWN
        disposal.withdrawn_at = now()
        disposal.save(update_fields=["state", "withdrawn_at"])
        record(Action.DISPOSAL_WITHDRAWN, actor=None, subject=disposal.uid, number=disposal.number)
    return len(found)


def keep_numbers(highest: Mapping[str, int]) -> None:
    """Give no number anew that the journal knows, by table."""
    with connection.cursor() as cursor:
        for table, number in highest.items():
            cursor.execute(_NUMBERS, [table, number, table])


def _announced(intended: Line) -> dict[str, Any]:
    facts: Any = intended.said.facts
    return {
        "batch": intended.said.subject,
        "number": facts["number"],
        "chunk": facts["chunk"],
        "record_class": facts["record_class"],
        "channel": UUID(facts["channel"]),
        "month": facts["month"],
        "digest": facts["digest"],
        "due": _ids(intended, "due"),
        "held": _ids(intended, "held"),
    }


def _ids(line: Line, name: str) -> list[str]:
    return [str(one) for one in unpacked(line.said.facts[name])]


def _destroy(row: Replay) -> None:
    try:
        with transaction.atomic():
            versions = _versions(row)
            with connection.cursor() as cursor:
                cursor.execute("SELECT position FROM retention_replay(%s)", [row.pk])
                position = cursor.fetchone()[0]
            _enter(row, versions, position)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != _HELD:
            raise
        Replay.objects.filter(pk=row.pk).update(kind=Replay.Kind.UNCLEAR)
    row.refresh_from_db()


def _versions(row: Replay) -> list[tuple[UUID, int]]:
    """What there is of it, before it goes."""
    gone = set(row.due) | set(row.held)
    gone -= set(row.out_of_view) | set(row.spared)
    found = MessageVersion.objects.filter(message__in=gone, message__channel=row.channel)
    return list(found.order_by("message", "number").values_list("message", "number"))


def _enter(row: Replay, versions: Sequence[tuple[UUID, int]], position: int | None) -> None:
    # Nothing of it had come back; or only what was held, of which no entry is to tell.
    if position is None or not versions:
        return
    record_bulk(
        Action.DISPOSAL_REPLAYED,
        actor=None,
        subject=row.batch,
        items=[_item(row, message, number) for message, number in versions],
        number=row.number,
        chunk=row.chunk,
        channel=row.channel,
        position=position,
        line=row.line,
    )


def _item(row: Replay, message: UUID, version: int) -> ItemOfAct:
    said = f"disposed {row.batch} {message} {version}"
    return ItemOfAct(
        subject=message, version=version, commitment=hashlib.sha256(said.encode()).digest()
    )
