"""One step of the benchmark of the search: `python -m benchmarks.search.work STEP`, JSON out."""

# ruff: noqa: E402  (Django is set up before what needs it)
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")

import django

django.setup()

from django.conf import settings

from benchmarks.search import hidden, indexing, plain, queries, recall
from benchmarks.search.queries import Asked, Picked
from messaging.models import Channel
from messaging.search.counting import count
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope

type Row = dict[str, Any]

DESK: Final = Scope(channels=None, versions=True)
FIRST_PAGE_MS: Final = 150
PHRASE_MS: Final = 300
ABSENT_MS: Final = 5
COUNT_MS: Final = 2_000
FIRST_MS: Final = 2_000
ROUNDS: Final = 3
CHANNELS: Final = 60

TABLES: Final = ("message", "by_month")
"""The plain search's: one table, and one of a partition a month."""
LONGEST_MS: Final = 10_000
"""A plain search is asked no further in a class on which it has spent that much."""

_PLAIN: Final = """
SELECT id, sent_at, channel, author, body FROM {table}
WHERE words @@ {function}('english', %(words)s) {filters}
ORDER BY sent_at DESC, id DESC LIMIT 20
"""
_COUNT: Final = "SELECT count(*) FROM {table} WHERE words @@ plainto_tsquery('english', %s)"
_FILTERS: Final = {
    "channel": "AND channel = %(channel)s",
    "author": "AND author = %(author)s",
    "since": "AND sent_at >= %(since)s",
    "until": "AND sent_at < %(until)s",
}


class Beside:
    """Both searches, timed in turns: each query runs in the one and then in the other."""

    def __init__(self, data: Path) -> None:
        self._link = plain.connect(data)
        # One process, as ours is held to.
        self._link.execute("SET max_parallel_workers_per_gather = 0")

    def stopped(self, words: list[str]) -> set[str]:
        """Those of the words that PostgreSQL leaves out."""
        rows = self._link.execute(
            "SELECT word FROM unnest(%s::text[]) word"
            " WHERE numnode(plainto_tsquery('english', word)) = 0",
            [words],
        )
        return {word for (word,) in rows}

    def compare(
        self, what: str, asked: Iterable[Asked], *, limit: float, scope: Scope = DESK
    ) -> Row:
        """A row of the table about one class."""
        some = list(asked)
        self._once(some, scope)  # so that both are warm
        ours: list[float] = []
        theirs: dict[str, list[float]] = {table: [] for table in TABLES}
        hits: list[int] = []
        cut = 0
        for _ in range(ROUNDS):
            for one in some:
                query = parse(one.typed, **one.filters)
                took, page = _timed(partial(search, scope, query))
                ours.append(took)
                hits.append(len(page.hits))
                cut += page.partial
                for table in TABLES if one.plain else ():
                    if sum(theirs[table]) < LONGEST_MS:
                        took, _rows = _timed(partial(self._ask, one, scope, table))
                        theirs[table].append(took)
        return _row(what, ours, limit, theirs, hits=statistics.mean(hits), partial=cut)

    def _once(self, asked: Iterable[Asked], scope: Scope) -> None:
        spent = dict.fromkeys(TABLES, 0.0)
        for one in asked:
            search(scope, parse(one.typed, **one.filters))
            for table in TABLES if one.plain else ():
                if spent[table] < LONGEST_MS:
                    spent[table] += _timed(partial(self._ask, one, scope, table))[0]

    def _ask(self, asked: Asked, scope: Scope, table: str) -> list[Any]:
        names = [_FILTERS[name] for name in asked.filters]
        values = {"words": asked.plain, **asked.filters}
        if scope.channels is not None:
            names.append("AND channel = ANY (%(channels)s)")
            values["channels"] = list(scope.channels)
        statement = _PLAIN.format(table=table, function=asked.function, filters=" ".join(names))
        return self._link.execute(statement, values).fetchall()

    def _count(self, word: str, table: str) -> list[Any]:
        return self._link.execute(_COUNT.format(table=table), [word]).fetchall()

    def count(self, picked: Picked) -> Row:
        """How long it takes to count a common word."""
        some = [w for w in picked.common if 0.007 <= picked.share(w) <= 0.015][: queries.EACH]
        ours: list[float] = []
        theirs: dict[str, list[float]] = {table: [] for table in TABLES}
        found = []
        for _ in range(ROUNDS):
            for word in some:
                query = parse(word)
                took, counted = _timed(partial(count, DESK, query, seconds=60))
                ours.append(took)
                found.append(counted.number)
                for table in TABLES:
                    took, _rows = _timed(partial(self._count, word, table))
                    theirs[table].append(took)
        return _row(
            "count of a common word (1 %)", ours, COUNT_MS, theirs, hits=statistics.mean(found)
        )


def _timed[Found](act: Callable[[], Found]) -> tuple[float, Found]:
    began = time.perf_counter()
    found = act()
    return (time.perf_counter() - began) * 1_000, found


def _percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def _row(
    what: str,
    ours: list[float],
    limit: float,
    theirs: Mapping[str, list[float]],
    *,
    hits: float = 0,
    partial: int = 0,
) -> Row:
    p50, p95 = statistics.median(ours), _percentile(ours, 0.95)
    beside = {}
    for table, times in theirs.items():
        if times:
            beside[table] = {
                "p50": statistics.median(times),
                "p95": _percentile(times, 0.95),
                "times": p50 / statistics.median(times),
            }
    row = {
        "what": what, "runs": len(ours), "hits": hits, "p50": p50, "p95": p95, "limit": limit,
        "ratio": p95 / limit, "partial": partial, "all": ours, "all_plain": dict(theirs),
        "beside": beside,
    }  # fmt: skip
    sys.stderr.write(json.dumps(row) + "\n")  # for who ends it before its time
    return row


def measure_speed() -> list[Row]:
    """Every class of queries, warm."""
    beside = Beside(Path(settings.DATA_DIR))
    picked = Picked(beside.stopped)
    rows = [
        beside.compare(what, asked, limit=FIRST_PAGE_MS) for what, asked in queries.classes(picked)
    ]
    rows.append(_together(rows))
    some = queries.phrases_of_common(picked)
    rows.append(beside.compare("phrase of two common words", some, limit=PHRASE_MS))
    nowhere = [Asked(typed=w, plain=w) for w in queries.absent()[: queries.EACH]]
    rows.append(beside.compare("word that stands nowhere, the desk", nowhere, limit=ABSENT_MS))
    ids = list(Channel.objects.order_by("head").values_list("id", flat=True))
    member = Scope(channels=frozenset(_spread(ids)))
    rows += [
        beside.compare(f"member of 60 channels: {what}", asked, limit=FIRST_PAGE_MS, scope=member)
        for what, asked in queries.in_plain_words(picked)
    ]
    rows.append(beside.count(picked))
    return rows


def _spread(ids: list[UUID]) -> list[UUID]:
    """A member's channels: 60 from the quiet ones to the busy ones."""
    return ids[:: max(1, len(ids) // CHANNELS)][:CHANNELS]


def _together(rows: list[Row]) -> Row:
    """All first pages together: the median against the plain search's."""
    ours = [took for row in rows for took in row["all"]]
    theirs = {table: [took for row in rows for took in row["all_plain"][table]] for table in TABLES}
    return _row("all of these together", ours, FIRST_PAGE_MS, theirs)


def measure_first(what: str) -> list[Row]:
    """The first search of a process, after the server of the database was started anew."""
    typed = {"common": "coming", "rare": "brandlaim", "phrase": '"to the"', "prefix": "com*"}
    typed |= {"name": '"Farah Roberts"', "absent": "zzyzzyx", "two": "coming week"}
    took, _ = _timed(lambda: search(DESK, parse(typed[what])))
    return [{"what": what, "took": took}]


def measure_hidden() -> list[Row]:
    """What a member's times tell about channels that they are not in."""
    link = plain.connect(Path(settings.DATA_DIR))
    ids = list(Channel.objects.order_by("head").values_list("id", flat=True))
    channels = _spread(ids)
    words = hidden.hidden_from(link, channels, Random(8))
    scope = Scope(channels=frozenset(channels))
    rows = [
        hidden.compare(kind, words, scope, telling=telling, seed=9)
        for kind in hidden.KINDS
        for telling in (False, True)
    ]
    # Of one quiet channel, since a frequent word stands in one of sixty.
    scope = Scope(channels=frozenset(ids[:1]))
    picked = Picked(Beside(Path(settings.DATA_DIR)).stopped)
    frequent = hidden.frequent_but(scope, picked.mid)
    return [
        *rows,
        *(
            hidden.compare(hidden.FREQUENT, frequent, scope, telling=telling, seed=9)
            for telling in (False, True)
        ),
    ]


def measure_plain() -> list[Row]:
    """Fill the plain copy."""
    return [plain.ensure(Path(settings.DATA_DIR))]


STEPS: Final = {
    "plain": measure_plain,
    "speed": measure_speed,
    "hidden": measure_hidden,
    "indexing": indexing.measure,
    "recall": recall.measure,
}

if __name__ == "__main__":
    step, *rest = sys.argv[1:]
    found = measure_first(*rest) if step == "first" else STEPS[step]()
    sys.stdout.write(json.dumps(found))
