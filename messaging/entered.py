"""What the log says of a message, against what its row and its versions say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from audit.actions import SAYING, Action
from audit.statements import array, ask, statement_of
from audit.verification.findings import Deed, Finding
from messaging.vault.bodies import EncryptionContext

_LOGGED: Final = statement_of(Path(__file__).parent / "sql" / "logged.sql")
#: A row's time is taken a moment before that of the entry of the same act.
_MOMENT: Final = timedelta(minutes=1)
_BULK: Final = {Action.MESSAGES_IMPORTED, Action.MESSAGES_GENERATED}
#: Whatever gives a message another position.
_CHANGES: Final = {
    Action.MESSAGE_EDITED,
    Action.MESSAGE_DELETED,
    Action.MESSAGE_REACTED,
    Action.MESSAGE_PINNED,
    Action.MESSAGE_CORRECTED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What one entry, or one item of a bulk act, says of a message; facts as their text.

    `many` is the count of a bulk act, whose position is that of its last item.
    """

    action: str
    version: str | None
    commitment: str | None
    actor: UUID | None
    channel: str | None
    position: str | None
    many: str | None
    at: datetime


@dataclass(kw_only=True, slots=True)
class Told:
    """What a message's row says, and what the log says of it, read in one moment."""

    seq: int
    changed: int
    version: int
    edited_at: datetime | None
    deleted_at: datetime | None
    tellings: list[Telling] = field(default_factory=list)

    def by(self, *actions: Action) -> list[Telling]:
        """Those of some actions."""
        return [one for one in self.tellings if one.action in actions]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A version as it stands: `commitment` is worked out from its words."""

    place: EncryptionContext
    written_by: UUID | None
    written_at: datetime
    commitment: str


def told(messages: Iterable[UUID]) -> dict[UUID, Told]:
    """What rows and log say of each message, less those that are gone."""
    found: dict[UUID, Told] = {}
    for row in ask(_LOGGED, {"ids": array(messages), "saying": array(SAYING)}):
        if row[1] is None:
            continue
        if row[0] not in found:
            found[row[0]] = _row(row)
        if row[6] is not None:
            found[row[0]].tellings.append(_telling(row))
    return found


def wrong_version(written: Written, known: Told) -> Iterator[Finding]:
    """What of a version, and with the present one of its message, is not as it was entered."""
    place = written.place
    name = f"Message {place.message}, version {place.version},"
    entered = [
        one
        for one in known.tellings
        if one.version == str(place.version) and one.action != Action.MESSAGE_DELETED
    ]
    if not entered:
        yield _inserted(f"{name} is not in the log: it was inserted past it.")
    elif all(one.commitment != written.commitment for one in entered):
        yield _changed(f"{name} does not fit its commitment in the log.")
    elif len(entered) > 1:
        yield _inserted(f"{name} is entered {len(entered)} times in the log, and was written once.")
    elif what := next(_differences(written, entered[0], known), None):
        yield _changed(f"{name} was changed past the product: {what} is not what was entered.")
    elif place.version == known.version and (what := next(_marks(known), None)):
        yield _changed(
            f"Message {place.message} was changed past the product: {what} is not what was entered."
        )


def _differences(written: Written, one: Telling, known: Told) -> Iterator[str]:
    """What of the version is not what the act that wrote it says."""
    place = written.place
    if one.action == Action.MESSAGES_GENERATED:
        return
    if one.channel != str(place.channel):
        yield "the channel"
    if (one.action == Action.MESSAGE_EDITED) != (place.version > 1):
        yield "how it was written"
    if place.version == 1 and not _is_there(one, known.seq):
        yield "its place in the conversation"
    if one.action in _BULK:
        return
    if not one.actor == place.author == written.written_by:
        yield "who wrote it"
    if one.action == Action.MESSAGE_EDITED and not _same(written.written_at, one.at):
        yield "when it was written"


def _is_there(one: Telling, seq: int) -> bool:
    if one.action != Action.MESSAGES_IMPORTED:
        return one.position == str(seq)
    last = _number(one.position)
    return last - _number(one.many) < seq <= last


def _marks(known: Told) -> Iterator[str]:
    """What the row says of changes against the log's entries of them."""
    edits, deletions = known.by(Action.MESSAGE_EDITED), known.by(Action.MESSAGE_DELETED)
    # Invented histories are written with their changes in them, under one entry.
    invented = bool(known.by(Action.MESSAGES_GENERATED))
    if not _marked(known.edited_at, edits, invented):
        yield "when it was edited"
    if not _marked(known.deleted_at, deletions, invented):
        yield "when it was deleted"
    positions = [_number(one.position) for one in known.by(*_CHANGES)]
    if known.changed != max(positions, default=known.seq):
        yield "the position of its latest change"


def _marked(mark: datetime | None, entries: list[Telling], invented: bool) -> bool:
    if not entries:
        return mark is None or invented
    return mark is not None and _same(mark, max(one.at for one in entries))


def _same(at: datetime, entered: datetime) -> bool:
    return abs(at - entered) <= _MOMENT


def _number(text: str | None) -> int:
    """A position as a number; nothing stands at -1."""
    return int(text) if text and text.isdecimal() else -1


def _row(row: tuple[Any, ...]) -> Told:
    return Told(seq=row[1], changed=row[2], version=row[3], edited_at=row[4], deleted_at=row[5])


def _telling(row: tuple[Any, ...]) -> Telling:
    action, version, commitment, actor, channel, position, many, at = row[6:]
    return Telling(
        action=action,
        version=version,
        commitment=commitment,
        actor=actor,
        channel=channel,
        position=position,
        many=many,
        at=at,
    )


def _inserted(sentence: str) -> Finding:
    return Finding(deed=Deed.INSERTED, sentence=sentence)


def _changed(sentence: str) -> Finding:
    return Finding(deed=Deed.CHANGED, sentence=sentence)
