"""A search, from the keyed tokens to the proof on the plaintext.

Months are asked newest first, a few at a time; each month's candidates come newest first too, so
that the first page is mostly done after the first month. Candidates are unsealed and checked;
nothing is a hit by its tokens alone. Whatever the index cannot decide (a function word, a very
common prefix) is decided by reading, newest first, until the page is full or the time is up, and
then the page says that it is partial and where to go on.

What a searcher may reach is the caller's `Scope`, decided in its own queries. It is applied to
the tokens and again to the messages themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString
from psycopg.errors import UndefinedTable

from messaging.files.attached import attachments_in
from messaging.files.texts import texts_of
from messaging.models import Message, MessageVersion
from messaging.search.candidates import Shard, find_candidates, shards
from messaging.search.corrected import notes_of
from messaging.search.having import has
from messaging.search.highlight import snippet, whole
from messaging.search.matching import Span, find_in
from messaging.search.query import Query
from messaging.search.said import parts_of
from messaging.search.scope import Position, Scope
from messaging.vault.bodies import Body
from messaging.vault.versions import open_versions

PAGE: Final = 20
BUDGET_SECONDS: Final = 0.7
_BATCHES: Final = (1, 2, 5, 12, 24, 40)
"""Months a statement. Growing, because most pages are full after the first."""
_MOST_AT_ONCE: Final = 320
"""Candidates unsealed in one go, at most: some 20 ms."""


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
class Page:
    """Hits, newest first. `next` is where to go on, or None at the end; a page is `partial` when
    time was up before it was full: there may be more, also after an empty one."""

    hits: list[Hit]
    next: Position | None
    partial: bool


def search(
    scope: Scope,
    query: Query,
    *,
    limit: int = PAGE,
    before: Position | None = None,
    seconds: float = BUDGET_SECONDS,
) -> Page:
    """The newest `limit` hits older than `before`."""
    try:
        return _search(scope, query, limit, before, monotonic() + seconds)
    except UndefinedTable:
        # A month was dropped after its keys had been read; it has no keys now.
        return _search(scope, query, limit, before, monotonic() + seconds)


def _search(
    scope: Scope, query: Query, limit: int, before: Position | None, deadline: float
) -> Page:
    hits: list[Hit] = []
    position = before
    for batch in _batches(shards(scope, query, before)):
        wanted = limit + 1
        while True:
            candidates = find_candidates(batch, scope, query, before=position, limit=wanted)
            hits += _checked(candidates, scope, query)
            if len(hits) > limit:
                return Page(hits=hits[:limit], next=hits[limit - 1].position, partial=False)
            if len(candidates) < wanted:
                position = Position.start_of(batch[-1].month)
                break
            position = candidates[-1]
            if monotonic() > deadline:
                return Page(hits=hits, next=position, partial=True)
            wanted = min(wanted * 2, _MOST_AT_ONCE)
        if monotonic() > deadline:
            return Page(hits=hits, next=position, partial=True)
    return Page(hits=hits, next=None, partial=False)


def _batches(found: Sequence[Shard]) -> Iterator[list[Shard]]:
    """Shards in batches of whole months, newest first; the last size repeats."""
    months = sorted({shard.month for shard in found}, reverse=True)
    size = 0
    while months:
        count = _BATCHES[min(size, len(_BATCHES) - 1)]
        taken, months, size = months[:count], months[count:], size + 1
        batch = [shard for shard in found if shard.month >= taken[-1] and shard.month <= taken[0]]
        yield sorted(batch, key=lambda shard: shard.month, reverse=True)


def _checked(candidates: Sequence[Position], scope: Scope, query: Query) -> list[Hit]:
    """The candidates that are hits: readable in this scope, and their plaintext answers."""
    versions = MessageVersion.objects.filter(
        message__in=[candidate.message for candidate in candidates],
        number__in={candidate.version for candidate in candidates},
        message__out_of_view=False,
    ).select_related("message__channel", "key")
    notes = notes_of({version.message_id for version in versions})
    wanted = {(candidate.message, candidate.version) for candidate in candidates}
    readable = [
        version
        for version in versions
        if (version.message_id, version.number) in wanted and _readable(version, scope)
    ]
    bodies = open_versions(readable)
    texts = texts_of(file for body in bodies for file in attachments_in(body.details))
    hits = [
        hit
        for version, body in zip(readable, bodies, strict=True)
        if (hit := _hit(version, body, texts, notes, query)) is not None
    ]
    return sorted(hits, key=lambda hit: hit.position, reverse=True)


def _readable(version: MessageVersion, scope: Scope) -> bool:
    message = version.message
    is_present = message.deleted_at is None and version.number == message.version
    return scope.reaches(message.channel_id) and (scope.versions or is_present)


def _hit(
    version: MessageVersion,
    body: Body,
    texts: Mapping[UUID, str],
    notes: Mapping[UUID, tuple[str, ...]],
    query: Query,
) -> Hit | None:
    is_newest = version.number == version.message.version
    said = notes.get(version.message_id, ()) if is_newest else ()
    parts = parts_of(body, texts, said)
    found = find_in(query.tree, parts)
    if found is None or not has(body, query.has):
        return None
    return Hit(
        message=version.message,
        version=version.number,
        body=body,
        spans=found[0],
        notes=said,
        files=list(_files(body, parts[1:], found[1:])),
    )


def _files(body: Body, parts: Sequence[str], found: Sequence[list[Span]]) -> Iterator[FileHit]:
    """`parts` and what was found in them, from those of the first file on."""
    for at, file in enumerate(attachments_in(body.details)):
        in_name, in_text = found[2 * at : 2 * at + 2]
        if in_name or in_text:
            excerpt = snippet(parts[2 * at + 1], in_text) if in_text else SafeString()
            yield FileHit(id=file.id, name=whole(file.name, in_name), excerpt=excerpt)
