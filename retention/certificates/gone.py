"""Whether a disposal left anything behind."""

from collections.abc import Sequence
from functools import partial
from operator import call
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from psycopg import sql

from audit import keyring
from audit.models import Generation
from messaging.models import ContentKey
from messaging.search.domains import place_of, table_of
from retention.beside import each_of_many
from retention.exceptions import NotGone
from retention.models import Disposal, DisposalItem

# Each by an index, whatever PostgreSQL believes of a list that was written a moment ago: what is
# left of each message, and of a month's tokens, which are few, whether they are of one that went.
_LEFT: Final = sql.SQL("""
SELECT count(*) FROM retention_disposalchunk c
JOIN retention_disposalitem i ON i.chunk_id = c.id AND i.outcome = ANY (%(outcomes)s)
CROSS JOIN LATERAL (SELECT FROM {table} t WHERE t.{message} = i.message LIMIT 1) t
WHERE c.disposal_id = %(disposal)s
""")
# All of the table, beside what went: by an index each message costs some twenty rows of that.
_LEFT_OF_MANY: Final = sql.SQL("""
SELECT count(*) FROM {table} t WHERE t.{message} IN (
    SELECT i.message FROM retention_disposalitem i
    WHERE i.outcome = ANY (%(outcomes)s) AND i.chunk_id = ANY (ARRAY(
        SELECT c.id FROM retention_disposalchunk c WHERE c.disposal_id = %(disposal)s)))
""")
_MANY: Final = 20
_TOKENS_LEFT: Final = sql.SQL("""
SELECT count(*) FROM {table} t
CROSS JOIN LATERAL (
    SELECT FROM retention_disposalitem i JOIN retention_disposalchunk c ON c.id = i.chunk_id
    WHERE i.message = t.{message} AND i.outcome = ANY (%(outcomes)s)
      AND c.disposal_id = %(disposal)s LIMIT 1) i
""")
_DESTROYED: Final = [DisposalItem.Outcome.DESTROYED]
_OUT_OF_SEARCH: Final = [DisposalItem.Outcome.DESTROYED, DisposalItem.Outcome.OUT_OF_VIEW]


def check_gone(disposal: Disposal) -> None:
    """Raise NotGone when a row, a token or a key of what was destroyed is left.

    Of a large disposal tables are looked at beside each other, on connections of their own: what
    is destroyed in a transaction that has not ended is not gone yet.
    """
    if disposal.chunks.filter(done_at=None).exists():
        raise NotGone("Not all of the disposal has been carried out.")
    checks = [partial(each, disposal) for each in _CHECKS]
    each_of_many(call, checks, chunks=disposal.chunks.count())
    if _retired_keys(disposal).exists():
        raise NotGone("A retired content key is still there.")
    _check_keyring(disposal)


def _check_messages(disposal: Disposal) -> None:
    if _left_in(disposal, "messaging_message", "id"):
        raise NotGone("A message of the disposal is still there.")


def _check_versions(disposal: Disposal) -> None:
    if _left_in(disposal, "messaging_messageversion", "message_id"):
        raise NotGone("A version of a message is still there.")


def _check_corrections(disposal: Disposal) -> None:
    if _left_in(disposal, "messaging_correction", "message_id"):
        raise NotGone("A correction of a message is still there.")


def _check_tokens(disposal: Disposal) -> None:
    months = disposal.chunks.select_related("channel").distinct("channel_id", "month")
    for place, month in {(place_of(chunk.channel), chunk.month) for chunk in months}:
        table = table_of(place.record_class, place.kind, month)
        if _exists(table) and _left(disposal, table, "message", _OUT_OF_SEARCH, _TOKENS_LEFT):
            raise NotGone("A search token of a message is still there.")


_CHECKS: Final = (_check_messages, _check_versions, _check_corrections, _check_tokens)


def _left_in(disposal: Disposal, table: str, message: str) -> int:
    """How many rows of a table are of messages that were destroyed."""
    named = sql.Identifier(table)
    if not _is_large_part(disposal, table):
        return _left(disposal, named, message, _DESTROYED, _LEFT)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        left = _left(disposal, named, message, _DESTROYED, _LEFT_OF_MANY)
        # Of a transaction that goes on, the rest is planned as ever.
        cursor.execute("SET LOCAL enable_nestloop = on")
    return left


def _is_large_part(disposal: Disposal, table: str) -> bool:
    """Whether so much went that reading all that the table still has is the shorter way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        (rows,) = cursor.fetchone()
    destroyed = disposal.chunks.aggregate(Sum("destroyed", default=0))["destroyed__sum"]
    return bool(0 <= rows < _MANY * destroyed)


def _left(
    disposal: Disposal,
    table: sql.Composable,
    message: str,
    outcomes: Sequence[DisposalItem.Outcome],
    asked: sql.SQL,
) -> int:
    """How many rows, as it is asked, are of messages that the disposal dealt with so."""
    statement = asked.format(table=table, message=sql.Identifier(message))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"disposal": disposal.pk, "outcomes": list(outcomes)})
        return int(cursor.fetchone()[0])


def _retired_keys(disposal: Disposal) -> "QuerySet[ContentKey]":
    of_it = disposal.chunks.filter(channel=OuterRef("channel"), month=OuterRef("month"))
    return ContentKey.objects.filter(Exists(of_it), current=False)


def _exists(table: sql.Composable) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table.as_string()])
        return bool(cursor.fetchone()[0])


def _check_keyring(disposal: Disposal) -> None:
    retired = disposal.generation
    ring = keyring.read(keyring.keyring_file())
    if retired is None or Generation.objects.filter(number__lte=retired).exists():
        raise NotGone("The keyring has not moved since the disposal.")
    if any(number <= retired for number in ring.generations):
        raise NotGone("The keyring still holds the generation of before the disposal.")
    if keyring.leftovers():
        raise NotGone("A half-written keyring of before the disposal lies in the folder of keys.")
