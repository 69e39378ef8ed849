"""Texts into and out of the index, inside the transaction that posts, edits or deletes them.

No statement and no error carries a word: PostgreSQL gets tokens and sealed vocabulary rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from psycopg.sql import SQL
from uuid_utils.compat import uuid7

from audit.clock import month_of
from audit.statements import array, ask, statement_of
from messaging.files.attached import attachments_in
from messaging.files.texts import texts_of
from messaging.models import Channel, Message
from messaging.search import vocabulary
from messaging.search.domains import Month, Place, open_month, place_of
from messaging.search.indexed import Indexed, words_of
from messaging.search.models import Vocabulary
from messaging.search.pairs import keyed
from messaging.search.placing import remove_elsewhere
from messaging.search.said import parts_of
from messaging.vault.bodies import Body

_INDEX: Final = statement_of(Path(__file__).parent / "sql" / "index.sql")
_ROWS_A_STATEMENT: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """The words of one version of a message, part by part (said.py), as they are indexed."""

    message: UUID
    version: int
    channel: UUID
    author: UUID | None
    sent_at: datetime
    place: Place
    parts: tuple[str, ...]

    def indexed(self) -> list[Indexed]:
        """What is indexed of each part."""
        return [*map(Indexed.of, self.parts)]


class _Row(NamedTuple):
    text: Text
    tokens: list[int]
    pairs: bytes


def text_of(
    message: Message,
    body: Body,
    *,
    channel: Channel | None = None,
    version: int | None = None,
    notes: Sequence[str] = (),
    texts: Mapping[UUID, str] | None = None,
) -> Text:
    """What is indexed of a message: its present version unless another is named. `notes` are its
    corrections; `texts` those of its files, which else are asked for."""
    if texts is None:
        texts = texts_of(attachments_in(body.details))
    return Text(
        message=message.id,
        version=version or message.version,
        channel=message.channel_id,
        author=message.author_id,
        sent_at=message.sent_at,
        place=place_of(channel or message.channel),
        parts=parts_of(body, texts, notes),
    )


def index_versions(texts: Iterable[Text], *, earlier: bool = False) -> None:
    """Index texts: the present versions, or `earlier` ones, which only the desk searches.

    Two statements a place and month, so two for a message.
    """
    insert(open_months(texts, earlier=earlier))


def open_months(texts: Iterable[Text], *, earlier: bool = False) -> list[tuple[Month, list[Text]]]:
    """The first half of `index_versions`: asks the database, and locks the keys."""
    return [
        (open_month(place, month, versions=earlier), group)
        for (place, month), group in _by_month(texts)
    ]


def insert(opened: Iterable[tuple[Month, Sequence[Text]]]) -> None:
    """The second half: needs no answer, so that it can go out together with other statements."""
    for month, texts in opened:
        _insert(month, texts)


def unindex(texts: Iterable[Text], *, earlier: bool = False) -> None:
    """Take texts out again, as when an import is undone; the words must be those indexed."""
    for (place, month), group in _by_month(texts):
        _remove(open_month(place, month, versions=earlier), group)


def move_to_versions(texts: Iterable[Text]) -> None:
    """From now on only the desk finds these texts: they were edited away or deleted."""
    for (place, month), group in _by_month(texts):
        present = open_month(place, month)
        _remove(present, group)
        _insert(open_month(place, month, versions=True), group)


def index_edit(*, old: Text, new: Text) -> None:
    """The new version in the place of the old, which moves to the earlier versions."""
    move_to_versions([old])
    index_versions([new])


def _by_month(texts: Iterable[Text]) -> list[tuple[tuple[Place, date], list[Text]]]:
    """Texts by place and month, always in one order, so that nobody waits in a circle."""
    groups: defaultdict[tuple[Place, date], list[Text]] = defaultdict(list)
    for text in texts:
        groups[text.place, month_of(text.sent_at)].append(text)
    if len(groups) < 2:
        return list(groups.items())
    return sorted(groups.items(), key=lambda item: repr(item[0]))


def _insert(month: Month, texts: Sequence[Text]) -> None:
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), _ROWS_A_STATEMENT):
        rows = []
        for text in texts[start : start + _ROWS_A_STATEMENT]:
            parts = text.indexed()
            counts.update(words_of(parts))
            rows.append(_Row(text, *keyed(month.keys, parts, (text.channel, text.author))))
        last = start + _ROWS_A_STATEMENT >= len(texts)
        _write(month, rows, counts if last else {})


def _write(month: Month, rows: Sequence[_Row], counts: Mapping[str, int]) -> None:
    """Tokens, and the vocabulary's row if there is one, in one statement, which is the same for
    a month whatever their number: it is planned once."""
    name = uuid7()
    values = {
        "row": name,
        "key": month.key_id,
        "sealed": vocabulary.seal(month.keys.words, name, counts) if counts else None,
        "domain": month.domain,
        "messages": array(row.text.message for row in rows),
        "versions": array(row.text.version for row in rows),
        "times": array(row.text.sent_at for row in rows),
        "channels": array(row.text.channel for row in rows),
        "authors": array(row.text.author for row in rows),
        # Each as text: PostgreSQL knows no array of arrays of different lengths.
        "tokens": array(array(row.tokens) for row in rows),
        "pairs": array(row.pairs for row in rows),
    }
    ask(_INDEX.replace("{table}", month.table.as_string()), values)


def add_vocabulary(month: Month, counts: Mapping[str, int]) -> UUID | None:
    """Append one row of counts to a month's vocabulary; its id, or None without any counts."""
    if not counts:
        return None
    row = uuid7()
    sealed = vocabulary.seal(month.keys.words, row, counts)
    Vocabulary.objects.create(id=row, key_id=month.key_id, sealed=sealed)
    return row


def _remove(month: Month, texts: Sequence[Text]) -> None:
    """Out of their own domain; what is not there, since its channel was given another class and
    the search has not followed yet, out of the others."""
    rows = [(text.sent_at, text.message, text.version) for text in texts]
    gone = _delete(month, rows)
    counts: Counter[str] = Counter()
    for text in texts:
        if (text.message, text.version) in gone:
            counts.subtract(words_of(text.indexed()))
    add_vocabulary(month, counts)
    if elsewhere := [row for row in rows if row[1:] not in gone]:
        remove_elsewhere(month, month_of(elsewhere[0][0]), elsewhere)


def _delete(month: Month, rows: Sequence[tuple[datetime, UUID, int]]) -> set[tuple[UUID, int]]:
    """Delete tokens by time, message and version; returns message and version of what there was."""
    statement = SQL(
        "DELETE FROM {} i USING unnest(%s::timestamptz[], %s::uuid[], %s::integer[])"
        " AS gone (sent_at, message, version)"
        " WHERE i.sent_at = gone.sent_at AND i.message = gone.message"
        " AND i.version = gone.version AND i.domain = %s"
        " RETURNING i.message, i.version"
    ).format(month.table)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [*(list(column) for column in zip(*rows, strict=True)), month.domain],
        )
        return set(cursor.fetchall())
