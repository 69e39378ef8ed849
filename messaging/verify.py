"""Holding the content against the log: every version against its salted commitment."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection

from audit.actions import SAYING
from audit.clock import now
from audit.keyring import KeyringError, UnknownGeneration
from audit.statements import array, ask, statement_of
from audit.verification.findings import Deed, Finding
from messaging.corrected import wrong_corrections
from messaging.entered import Written, told, wrong_version
from messaging.files.verify import Files
from messaging.vault.bodies import Body, BodyAltered, EncryptionContext, commitment_of, unseal
from messaging.vault.keys import opened

_SQL: Final = Path(__file__).parent / "sql"
_VERSIONS: Final = statement_of(_SQL / "versions_after.sql")
_UNMATCHED: Final = statement_of(_SQL / "unmatched.sql")
_MISMARKED: Final = statement_of(_SQL / "mismarked.sql")
_MISGESTURED: Final = statement_of(_SQL / "misgestured.sql")
_BATCH: Final = 2_000
_FIRST: Final = UUID(int=0)
_LATELY: Final = timedelta(days=7)
_TURNS: Final = 30

type Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Share:
    """Which versions are verified: those written `since`, and of the rest a thirtieth.

    `turn` is which thirtieth, by the message's id; None for all there are.
    """

    turn: int | None
    since: datetime


def whole() -> Share:
    """Every version."""
    return Share(turn=None, since=now())


def nightly() -> Share:
    """Those of the last seven days and a thirtieth of the rest, so that a month sees them all."""
    at = now()
    return Share(turn=at.toordinal() % _TURNS, since=at - _LATELY)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Version:
    place: EncryptionContext
    sealed: bytes
    key: tuple[int, int, bytes]
    reply_to: UUID | None
    written_by: UUID | None
    written_at: datetime


class _Gone(Exception):
    """Disposed of while it was being verified."""


def wrong_content(
    share: Share | None = None, progress: Progress = lambda _: None
) -> Iterator[Finding]:
    """A sentence for each version that does not fit the log, and each that is missing.

    `progress` is told after each batch how many versions were held against their commitments.
    """
    done, files = 0, Files()
    for batch in _batches(share or whole()):
        yield from _wrong(batch, files)
        done += len(batch)
        progress(done)
    yield from _unmatched()
    yield from _mismarked()
    yield from _misgestured()
    yield from wrong_corrections()


def _batches(share: Share) -> Iterator[list[_Version]]:
    after: tuple[UUID, int] = (_FIRST, 0)
    while True:
        rows = ask(
            _VERSIONS,
            {
                "message": after[0],
                "number": after[1],
                "turn": share.turn,
                "since": share.since,
                "most": _BATCH,
            },
        )
        if not rows:
            return
        yield [_version(row) for row in rows]
        after = rows[-1][:2]


def _version(row: Sequence[Any]) -> _Version:
    message, number, sealed, key, generation, wrapped, *rest = row
    channel, author, sent_at, kind, reply_to, written_by, written_at = rest
    place = EncryptionContext(
        message=message, channel=channel, author=author, sent_at=sent_at, kind=kind, version=number
    )
    return _Version(
        place=place,
        sealed=sealed,
        key=(key, generation, wrapped),
        reply_to=reply_to,
        written_by=written_by,
        written_at=written_at,
    )


def _wrong(versions: Sequence[_Version], files: Files) -> Iterator[Finding]:
    known = told({version.place.message for version in versions})
    for version in versions:
        place = version.place
        if place.message not in known:
            continue  # disposed of meanwhile
        try:
            body = _opened(version)
        except _Gone:
            continue
        except (BodyAltered, KeyringError):
            yield Finding(
                deed=Deed.CHANGED,
                sentence=(
                    f"Message {place.message}, version {place.version}, was altered: its author, "
                    "time or words are not those it was sealed with."
                ),
            )
            continue
        written = Written(
            place=place,
            written_by=version.written_by,
            written_at=version.written_at,
            commitment=commitment_of(place, body, version.reply_to),
        )
        yield from wrong_version(written, known[place.message])
        yield from files.wrong(place.message, body)


def _opened(version: _Version) -> Body:
    """Its body. Where the keyring moved on since it was read, it is read again."""
    try:
        return unseal(opened(*version.key), version.place, version.sealed)
    except UnknownGeneration:
        place = version.place
        values = {"message": place.message, "number": place.version - 1, "most": 1}
        rows = ask(_VERSIONS, {**values, "turn": None, "since": place.sent_at})
        again = _version(rows[0]) if rows else None
        if again is None or again.place != place:
            raise _Gone from None
        return unseal(opened(*again.key), place, again.sealed)


def _unmatched() -> Iterator[Finding]:
    for message, version in ask(_UNMATCHED, {"saying": array(SAYING)}):
        sentence = f"Message {message}, version {version}, was removed without a disposal."
        yield Finding(deed=Deed.REMOVED, sentence=sentence)


def _mismarked() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_MISMARKED)
        for message, shown, logged in cursor.fetchall():
            yield Finding(
                deed=Deed.CHANGED,
                sentence=(
                    f"Message {message} is marked as {shown}, and in the log it is {logged}: "
                    "that was changed past the product."
                ),
            )


def _misgestured() -> Iterator[Finding]:
    for message, what, there in ask(_MISGESTURED, {}):
        yield Finding(
            deed=Deed.INSERTED if there else Deed.REMOVED,
            sentence=(
                f"{what} of message {message} was {'put there' if there else 'taken away'} past "
                "the product: in the log it is not so."
            ),
        )
