"""What of the record stood there at the time of a search, as far as the search finds it now: an
edit, a deletion or a correction that came later is none of what it found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from messaging.files.attached import attachments_in
from messaging.files.texts import texts_of
from messaging.models import Message, MessageVersion
from messaging.search.having import has, is_so
from messaging.search.hits import Hit
from messaging.search.matching import find_in
from messaging.search.query import Is, Query
from messaging.search.said import parts_of
from messaging.vault.bodies import Body
from messaging.vault.notes import corrections_that_open
from messaging.vault.versions import versions_that_open
from oversight.errors import HitNotFound
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.asking import query_of, within
from oversight.queries.desk import excluded_for


@dataclass(frozen=True, kw_only=True)
class Then:
    """Some messages as they stood at a moment: the numbers of the versions that there were, and
    the words of the corrections, which belonged to the newest of them."""

    as_of: datetime
    versions: Mapping[UUID, frozenset[int]]
    notes: Mapping[UUID, tuple[str, ...]]

    def said_of(self, message: Message, version: int) -> tuple[str, ...]:
        """The corrections under one of the versions."""
        newest = version == max(self.versions[message.id])
        return self.notes.get(message.id, ()) if newest else ()

    def was_so(self, message: Message, wanted: Is | None) -> bool:
        """Whether this had become of a message by then."""
        match wanted:
            case Is.EDITED:
                return max(self.versions[message.id]) > 1
            case Is.DELETED:
                return message.deleted_at is not None and message.deleted_at <= self.as_of
        return is_so(message, wanted)


def hits_then(hits: Sequence[Hit], query: Query, as_of: datetime) -> list[Hit]:
    """Those of the hits that a search found by then: an import of last year's messages may be
    younger, and the words that are looked for may stand in a later correction alone."""
    then = _then({hit.message.id for hit in hits}, as_of)
    stood = [
        hit
        for hit in hits
        if hit.version in then.versions.get(hit.message.id, ())
        and then.was_so(hit.message, query.state)
    ]
    later = {hit.position for hit in stood if hit.notes != _said(then, hit)}
    bodies = [hit.body for hit in stood if hit.position in later]
    texts = texts_of(file for body in bodies for file in attachments_in(body.details))
    return [
        hit
        for hit in stood
        if hit.position not in later or _answers(query, hit.body, texts, _said(then, hit))
    ]


def check_found(viewer: User, record: SearchRecord, inquiry: Inquiry, message: Message) -> None:
    """Raises HitNotFound unless the search really finds the message: its number opens no other."""
    query = query_of(viewer, inquiry, record.opened_at)
    if message.channel_id in excluded_for(viewer) or not within(query, message):
        raise HitNotFound
    then = _then([message.id], record.opened_at)
    numbers = then.versions.get(message.id)
    if not numbers or not then.was_so(message, query.state):
        raise HitNotFound
    versions = message.versions.filter(number__in=numbers).select_related("key", "message")
    found = [(one.number, body) for one, body in _open(versions)]
    texts = texts_of(file for _, body in found for file in attachments_in(body.details))
    if not any(
        _answers(query, body, texts, then.said_of(message, number)) for number, body in found
    ):
        raise HitNotFound


def _then(messages: Iterable[UUID], as_of: datetime) -> Then:
    some = list(messages)
    versions: dict[UUID, frozenset[int]] = {}
    written = MessageVersion.objects.filter(message__in=some, written_at__lte=as_of)
    for message, number in written.values_list("message_id", "number"):
        versions[message] = versions.get(message, frozenset()) | {number}
    notes = {
        message: tuple(one.note.text for one in shown if one.written_at <= as_of)
        for message, shown in corrections_that_open(some)[0].items()
    }
    return Then(as_of=as_of, versions=versions, notes=notes)


def _said(then: Then, hit: Hit) -> tuple[str, ...]:
    return then.said_of(hit.message, hit.version)


def _open(versions: Iterable[MessageVersion]) -> list[tuple[MessageVersion, Body]]:
    some = list(versions)
    bodies = versions_that_open(some)
    return [(one, body) for one, body in zip(some, bodies, strict=True) if body]


def _answers(query: Query, body: Body, texts: Mapping[UUID, str], notes: Sequence[str]) -> bool:
    found = find_in(query.tree, parts_of(body, texts, notes))
    return found is not None and has(body, query.has)
