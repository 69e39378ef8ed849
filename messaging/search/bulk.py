"""Many texts at once, by COPY, with one vocabulary row a domain and month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from django.db import connection
from psycopg.sql import SQL

from audit.clock import month_of
from messaging.search.domains import Month, Place, open_month
from messaging.search.index import Text, add_vocabulary
from messaging.search.indexed import words_of
from messaging.search.pairs import keyed

_TOGETHER: Final = 20_000
"""Rows a COPY, some 6 MB of text. PostgreSQL makes a table longer by many pages at once, and the
last ones of each COPY stay empty until a vacuum: 2,000 rows a COPY take twice their room."""


class Bulk:
    """Indexes chunk by chunk inside one transaction of the caller:

        with Bulk() as bulk:
            for texts in chunks:
                bulk.add(texts)

    What is added is written some thousand rows at a time, so `add` must not be called while the
    connection is in another COPY. The last rows and the vocabularies are written on leaving; they
    are held in memory until then.
    """

    def __init__(self) -> None:
        self._months: dict[tuple[Place, date, bool], Month] = {}
        self._counts: dict[tuple[Place, date, bool], Counter[str]] = {}
        self._lines: defaultdict[tuple[Place, date, bool], list[str]] = defaultdict(list)

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
            self._take((place, month, earlier), groups[place, month])
        return count

    def finish(self) -> None:
        """Write what is not yet written of what was added, and the vocabularies."""
        for name in [name for name, lines in self._lines.items() if lines]:
            self._copy(name)
        for name, counts in self._counts.items():
            add_vocabulary(self._months[name], counts)
        self._counts.clear()

    def _take(self, name: tuple[Place, date, bool], texts: Sequence[Text]) -> None:
        if name not in self._months:
            place, month, earlier = name
            self._months[name] = open_month(place, month, versions=earlier)
        opened, lines = self._months[name], self._lines[name]
        counts = self._counts.setdefault(name, Counter())
        for text in texts:
            lines.append(_line(opened, text, counts))
            if len(lines) >= _TOGETHER:
                self._copy(name)

    def _copy(self, name: tuple[Place, date, bool]) -> None:
        copy_in = SQL(
            "COPY {} (message, version, domain, sent_at, channel, author, tok, pairs) FROM STDIN"
        ).format(self._months[name].table)
        with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
            copy.write("".join(self._lines[name]))
        self._lines[name].clear()


@lru_cache(4_096)
def _written(place: UUID | None) -> str:
    """Channels and authors come again and again."""
    return str(place or r"\N")


def _line(month: Month, text: Text, counts: Counter[str]) -> str:
    """One row in COPY's text format; nothing in it needs escaping."""
    parts = text.indexed()
    counts.update(words_of(parts))
    tokens, pairs = keyed(month.keys, parts, (text.channel, text.author))
    numbers = ",".join(map(str, tokens))
    return (
        f"{text.message}\t{text.version}\t{month.domain}\t{text.sent_at.isoformat()}\t"
        f"{_written(text.channel)}\t{_written(text.author)}\t{{{numbers}}}\t\\\\x{pairs.hex()}\n"
    )
