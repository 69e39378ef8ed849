"""Many texts at once, by COPY, with one vocabulary row a domain and month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from types import TracebackType
from typing import Final, Self

from django.db import connection
from psycopg.sql import SQL

from audit.clock import month_of
from messaging.search.domains import Month, Place, open_month
from messaging.search.index import Text, add_vocabulary
from messaging.search.indexed import words_of
from messaging.search.pairs import keyed

_CHUNK: Final = 5_000


class Bulk:
    """Indexes chunk by chunk inside one transaction of the caller:

        with Bulk() as bulk:
            for texts in chunks:
                bulk.add(texts)

    `add` writes at once, so it must not be called while the connection is in another COPY. The
    vocabularies are written on leaving; they are held in memory until then.
    """

    def __init__(self) -> None:
        self._months: dict[tuple[Place, date, bool], Month] = {}
        self._counts: dict[tuple[Place, date, bool], Counter[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.finish()

    def add(self, texts: Iterable[Text], *, earlier: bool = False) -> int:
        """Index texts; returns how many."""
        groups: defaultdict[tuple[Place, date], list[Text]] = defaultdict(list)
        count = 0
        for text in texts:
            groups[text.place, month_of(text.sent_at)].append(text)
            count += 1
        for place, month in sorted(groups, key=repr):
            self._copy(place, month, earlier, groups[place, month])
        return count

    def finish(self) -> None:
        """Write the vocabularies of what was added."""
        for name, counts in self._counts.items():
            add_vocabulary(self._months[name], counts)
        self._counts.clear()

    def _copy(self, place: Place, month: date, earlier: bool, texts: Sequence[Text]) -> None:
        name = (place, month, earlier)
        if name not in self._months:
            self._months[name] = open_month(place, month, versions=earlier)
        counts = self._counts.setdefault(name, Counter())
        opened = self._months[name]
        copy_in = SQL(
            "COPY {} (message, version, domain, sent_at, channel, author, tok, pairs) FROM STDIN"
        ).format(opened.table)
        with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
            for start in range(0, len(texts), _CHUNK):
                chunk = texts[start : start + _CHUNK]
                copy.write("".join(_line(opened, text, counts) for text in chunk))


def _line(month: Month, text: Text, counts: Counter[str]) -> str:
    """One row in COPY's text format; nothing in it needs escaping."""
    parts = text.indexed()
    counts.update(words_of(parts))
    tokens, pairs = keyed(month.keys, parts, (text.channel, text.author))
    numbers = ",".join(map(str, tokens))
    return (
        f"{text.message}\t{text.version}\t{month.domain}\t{text.sent_at.isoformat()}\t"
        f"{text.channel}\t{text.author or r'\N'}\t{{{numbers}}}\t\\\\x{pairs.hex()}\n"
    )
