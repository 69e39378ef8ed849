"""From candidates to hits: the sealed bodies opened, and the query checked on the words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString

from audit.clock import month_of
from audit.keyring import KeyringError
from audit.statements import array, statement_of
from messaging.files.attached import attachments_in
from messaging.files.texts import texts_of
from messaging.models import Message
from messaging.search.corrected import notes_that_open
from messaging.search.fence import fetch
from messaging.search.having import has
from messaging.search.highlight import snippet, whole
from messaging.search.matching import Span, find_in
from messaging.search.query import Query
from messaging.search.said import parts_of
from messaging.search.scope import Position, Scope
from messaging.search.squeezed import quick_check
from messaging.vault.bodies import Body, BodyAltered, EncryptionContext, unseal
from messaging.vault.keys import opened

_BODIES: Final = statement_of(Path(__file__).parent / "sql" / "bodies.sql")

_TOGETHER: Final = 64
"""Bodies opened before the first of them is checked, so that texts of files are asked for once."""


@dataclass(frozen=True, kw_only=True)
class FileHit:
    """A file in whose name or text the words stand: `name` is HTML with them marked, and so is
    `excerpt`, the text about the first of them, which is empty where only the name has any."""

    id: UUID
    name: SafeString
    excerpt: SafeString


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A text that answers the query.

    Attributes:
        message: the message, its channel selected.
        version: which of its versions; earlier or deleted ones only in a scope with versions.
        body: that version's words.
        notes: the words of its corrections, where it is the newest version.
        spans: where in `body.text` the words stand; none where only a correction has them.
        files: of its files those in which words stand.
    """

    message: Message
    version: int
    body: Body
    spans: list[Span]
    notes: tuple[str, ...] = ()
    files: list[FileHit] = field(default_factory=list)

    @property
    def position(self) -> Position:
        """Where the hit stands among all."""
        return Position(sent_at=self.message.sent_at, message=self.message.id, version=self.version)

    @property
    def is_present(self) -> bool:
        """Whether members can still read this text."""
        return self.message.deleted_at is None and self.version == self.message.version

    @property
    def snippet(self) -> SafeString:
        """The words about the first find, as HTML."""
        return snippet(self.body.text, self.spans)


@dataclass(frozen=True, kw_only=True)
class Proved:
    """A candidate whose words answer the query; not yet with its message."""

    position: Position
    body: Body
    spans: list[Span]
    notes: tuple[str, ...]
    files: list[FileHit]


class _Sealed(NamedTuple):
    message: UUID
    version: int
    channel: UUID
    author: UUID | None
    sent_at: datetime
    kind: str
    is_present: bool
    sealed: bytes
    key: int
    generation: int
    wrapped: bytes
    corrected: bool

    @property
    def position(self) -> Position:
        return Position(sent_at=self.sent_at, message=self.message, version=self.version)

    def open(self) -> Body:
        place = EncryptionContext(
            message=self.message,
            channel=self.channel,
            author=self.author,
            sent_at=self.sent_at,
            kind=self.kind,
            version=self.version,
        )
        return unseal(opened(self.key, self.generation, self.wrapped), place, self.sealed)


def prove(
    candidates: Sequence[Position],
    scope: Scope,
    query: Query,
    unread: set[date],
    *,
    seconds: float,
) -> Iterator[Proved]:
    """The candidates that are hits, newest first: readable in this scope, and their words answer.

    The month of one that does not open, be it its words, a correction or the text of a file, is put
    into `unread`.
    Raises TimeIsUp where they have not been read after so many seconds.
    """
    rows = sorted(_sealed(candidates, seconds), key=_position_of, reverse=True)
    corrected = {row.message for row in rows if row.corrected}
    notes, closed = notes_that_open(corrected) if corrected else ({}, set())
    readable = (
        row for row in rows if scope.reaches(row.channel) and (scope.versions or row.is_present)
    )
    for some in batched(readable, _TOGETHER):
        opened_rows = list(_opened(some, unread))
        files = [file for _, body in opened_rows for file in attachments_in(body.details)]
        texts = texts_of(files, closed) if files else {}
        unread |= {
            month_of(row.sent_at)
            for row, body in opened_rows
            if closed and _is_among(closed, row, body)
        }
        yield from _answering(query, opened_rows, texts, notes)


def _answering(
    query: Query,
    rows: Iterable[tuple[_Sealed, Body]],
    texts: Mapping[UUID, str],
    notes: Mapping[UUID, tuple[str, ...]],
) -> Iterator[Proved]:
    """Those of the opened rows whose words, with these of files and corrections, answer."""
    may = quick_check(query.tree)
    for row, body in rows:
        said = notes.get(row.message, ()) if row.corrected else ()
        parts = parts_of(body, texts, said)
        if may is not None and not may(parts):
            continue
        found = find_in(query.tree, parts)
        if found is not None and has(body, query.has):
            yield Proved(
                position=row.position,
                body=body,
                spans=found[0],
                notes=said,
                files=list(_files(body, parts[1:], found[1:])),
            )


def _opened(rows: Iterable[_Sealed], unread: set[date]) -> Iterator[tuple[_Sealed, Body]]:
    for row in rows:
        try:
            yield row, row.open()
        except (BodyAltered, KeyringError):
            unread.add(month_of(row.sent_at))


def _is_among(closed: set[UUID], row: _Sealed, body: Body) -> bool:
    """Whether a correction or a file's text that does not open belongs to this version."""
    files = (file.id for file in attachments_in(body.details))
    return (row.corrected and row.message in closed) or not closed.isdisjoint(files)


def _files(body: Body, parts: Sequence[str], found: Sequence[list[Span]]) -> Iterator[FileHit]:
    """`parts` and what was found in them, from those of the first file on."""
    for at, file in enumerate(attachments_in(body.details)):
        in_name, in_text = found[2 * at : 2 * at + 2]
        if in_name or in_text:
            excerpt = snippet(parts[2 * at + 1], in_text) if in_text else SafeString()
            yield FileHit(id=file.id, name=whole(file.name, in_name), excerpt=excerpt)


def hits_of(proved: Sequence[Proved]) -> list[Hit]:
    """Them with their messages, in the same order."""
    messages = Message.objects.select_related("channel").in_bulk(
        {one.position.message for one in proved}
    )
    return [
        Hit(
            message=messages[one.position.message],
            version=one.position.version,
            body=one.body,
            spans=one.spans,
            notes=one.notes,
            files=one.files,
        )
        for one in proved
        if one.position.message in messages
    ]


def _sealed(candidates: Sequence[Position], seconds: float) -> list[_Sealed]:
    if not candidates:
        return []
    values = {
        "messages": array(candidate.message for candidate in candidates),
        "versions": array(candidate.version for candidate in candidates),
    }
    return [_Sealed(*row) for row in fetch(_BODIES, values, seconds=seconds)]


def _position_of(row: _Sealed) -> Position:
    return row.position
