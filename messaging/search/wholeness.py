"""Whether the index is whole: as many texts in it as there are to be found, month by month.

A month is indexed in the transaction that writes, and built anew in one of its own, so that no kill
leaves half of it. A dump without the tables of the search leaves none of it, and whatever else may
befall a table is found by counting.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from psycopg.sql import SQL

from audit.statements import ask, statement_of
from messaging.models import Channel
from messaging.search.domains import Place, place_of, table_of
from messaging.search.models import IndexKey, SearchDomain

_EXPECTED: Final = statement_of(Path(__file__).parent / "sql" / "expected.sql")
_TABLES: Final = """
SELECT '"search"."' || relname || '"' FROM pg_class
WHERE relnamespace = 'search'::regnamespace AND relkind = 'r'
"""

type _Counts = Counter[tuple[Place, date, bool]]


def lacking() -> list[tuple[Place, date]]:
    """The places and months whose index does not hold what it must: `rebuild` them. Reads all
    messages' rows once, but unseals nothing."""
    with _at_one_moment():
        expected, held = _expected(), _held()
        keys = {(Place.of(key.domain), key.month) for key in _keys()}
    wrong = {name[:2] for name in expected | held if expected[name] != held[name]}
    unkeyed = {name[:2] for name, count in expected.items() if count} - keys
    return sorted(wrong | unkeyed, key=repr)


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """Both counts must be of one moment, else whoever posts meanwhile makes them differ."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _expected() -> _Counts:
    places = {channel.id: place_of(channel) for channel in Channel.objects.all()}
    counts: _Counts = Counter()
    for channel, month, present, earlier in ask(_EXPECTED, {}):
        counts[places[channel], month, False] += present
        counts[places[channel], month, True] += int(earlier)
    return counts


def _held() -> _Counts:
    """What stands in the tables that there are."""
    domains = {domain.id: domain for domain in SearchDomain.objects.all()}
    counts: _Counts = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        there = {name for (name,) in cursor.fetchall()}
        for record_class, kind, month in {
            (key.domain.record_class, key.domain.kind, key.month) for key in _keys()
        }:
            table = table_of(record_class, kind, month)
            if table.as_string() not in there:
                continue
            cursor.execute(SQL("SELECT domain, count(*) FROM {} GROUP BY domain").format(table))
            for number, count in cursor.fetchall():
                domain = domains[number]
                counts[Place.of(domain), month, domain.versions] += count
    return counts


def _keys() -> Iterator[IndexKey]:
    return IndexKey.objects.select_related("domain").iterator()
