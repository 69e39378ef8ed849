"""Channels whose rows stand in a place that is theirs no more.

The place of a channel's texts follows from its class (`place_of`). Once it is given another class,
what it has indexed so far stands in the former place until the worker has built both anew,
together, month by month. Until then it is found where it was: a search reads all places.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from psycopg.sql import SQL

from messaging.models import Channel
from messaging.search.domains import Month, Place, place_of, table_of
from messaging.search.models import SearchDomain

#: Held by whoever builds a month anew or gives a channel another place. In a transaction it is
#: taken before every other lock.
_PLACES: Final = 7_201

type Row = tuple[datetime, UUID, int]
"""Time, message and version of a text."""


def keep_places() -> None:
    """Until this transaction ends nobody else gives a channel another place, or builds a month
    anew; wait for who is about it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLACES])


def together_with(place: Place, month: date) -> list[Place]:
    """The place, and all whose month must be built anew in one transaction with it, in the order
    of their locks: those in which channels of it have rows, and those whose channels have rows
    in it; and so on."""
    channels = {channel.id: place_of(channel) for channel in Channel.objects.all()}
    beside: defaultdict[Place, set[Place]] = defaultdict(set)
    domains = {domain.id: domain for domain in _domains(place.kind, month)}
    for number, channel in _standing(domains.values(), month):
        if number not in domains:  # a domain whose key is lost
            continue
        stands = Place.of(domains[number])
        belongs = channels.get(channel, stands)
        beside[stands].add(belongs)
        beside[belongs].add(stands)
    found, fresh = {place}, {place}
    while fresh:
        fresh = {near for one in fresh for near in beside[one]} - found
        found |= fresh
    return sorted(found, key=repr)


def remove_elsewhere(month: Month, day: date, rows: Sequence[Row]) -> None:
    """Remove texts that were not found in their own domain from the others of its kind.

    It waits for nobody: rows that somebody has locked are being built anew just now, by a
    transaction that reads the messages only when this one has ended. The words stay in the
    vocabulary of that place, which may know too many, until it is built anew.
    """
    own = SearchDomain.objects.get(id=month.domain)
    for domain in _domains(own.kind, day):
        if domain.versions == own.versions and domain.id != own.id:
            statement = SQL(
                "DELETE FROM {table} i USING ("
                "SELECT stray.ctid FROM {table} stray"
                " JOIN unnest(%s::timestamptz[], %s::uuid[], %s::integer[])"
                " AS gone (sent_at, message, version) USING (sent_at, message, version)"
                " WHERE stray.domain = %s FOR UPDATE OF stray SKIP LOCKED"
                ") found WHERE i.ctid = found.ctid"
            ).format(table=table_of(domain.record_class, domain.kind, day))
            columns = [list(column) for column in zip(*rows, strict=True)]
            with connection.cursor() as cursor:
                cursor.execute(statement, [*columns, domain.id])


def _domains(kind: str, month: date) -> list[SearchDomain]:
    """Those of a kind that have a key and a table in a month."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'search'::regnamespace")
        there = {f'"search"."{name}"' for (name,) in cursor.fetchall()}
    domains = SearchDomain.objects.filter(kind=kind, keys__month=month).order_by("id")
    return [
        domain
        for domain in domains
        if table_of(domain.record_class, kind, month).as_string() in there
    ]


def _standing(domains: Iterable[SearchDomain], month: date) -> Iterator[tuple[int, UUID]]:
    """Which channels have rows in which of the domains."""
    tables = [table_of(one.record_class, one.kind, month) for one in domains]
    for _, table in sorted({one.as_string(): one for one in tables}.items()):
        with connection.cursor() as cursor:
            cursor.execute(SQL("SELECT DISTINCT domain, channel FROM {}").format(table))
            yield from cursor.fetchall()
