"""What indexing costs a message in bulk, by the processors' own accounts, and how large it is."""

import os
import time
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from messaging.models import Channel, Message
from messaging.search.bulk import Bulk
from messaging.search.domains import place_of
from messaging.search.index import Text
from messaging.vault.bodies import Body, EncryptionContext, seal
from messaging.vault.keys import cipher_of, current_key
from schoolchat.synthetic.text import texts

MESSAGES: Final = 50_000
LIMIT_US: Final = 60
LIMIT_BYTES: Final = 300
_CHUNK: Final = 5_000
_AUTHOR: Final = uuid7()  # only compared, as the index does
_MONTH: Final = datetime(2015, 3, 1, tzinfo=UTC)  # before anything was generated
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_SIZES: Final = """
SELECT sum(pg_relation_size(c.oid)) FILTER (WHERE c.relkind = 'r'),
       sum(pg_relation_size(c.oid)) FILTER (WHERE c.relkind = 'i' AND c.relname LIKE '%%\\_tok'),
       sum(pg_relation_size(c.oid)) FILTER (WHERE c.relkind = 'i' AND c.relname LIKE '%%\\_page'),
       (SELECT pg_total_relation_size('messaging_vocabulary'))
FROM pg_class c WHERE c.relnamespace = 'search'::regnamespace
"""

type Row = dict[str, Any]


def measure() -> list[Row]:
    """The rows of the table about indexing."""
    return [*_costs(), *_bytes()]


def _costs() -> list[Row]:
    """Words of 50,000 messages of one month, sealed and indexed; then all of it is undone."""
    channel = Channel.objects.order_by("head").last()
    assert channel is not None
    said = list(texts(77, MESSAGES))
    places = [_place(channel, number) for number in range(MESSAGES)]
    known = [_text(channel, *both) for both in zip(places, said, strict=True)]
    with transaction.atomic():
        key = cipher_of(current_key(channel.id, _MONTH.date()))
        began = _spent()
        for text, place in zip(said, places, strict=True):
            seal(key, place, Body(text=text))
        sealed = _spent()
        with Bulk() as bulk:
            for some in batched(known, _CHUNK):
                bulk.add(some)
        added = _spent()
        with connection.cursor() as cursor:
            cursor.execute("REINDEX INDEX search.t_routine_channel_201503_tok")
        packed = _spent()
        transaction.set_rollback(True)
    python, server = packed[0] - began[0], packed[1] - began[1]
    parts = {
        "of it sealing the words": sum(sealed) - sum(began),
        "of it tokens, vocabulary and their rows": sum(added) - sum(sealed),
        "of it packing the index": sum(packed) - sum(added),
    }
    return [
        _row("indexing in bulk, sealing included, µs of a processor a message",
             (python + server) / MESSAGES * 1e6, LIMIT_US),
        *(_row(what, spent / MESSAGES * 1e6) for what, spent in parts.items()),
        _row("of all, PostgreSQL's share", server / MESSAGES * 1e6),
    ]  # fmt: skip


def _place(channel: Channel, number: int) -> EncryptionContext:
    return EncryptionContext(
        message=uuid7(),
        channel=channel.id,
        author=_AUTHOR,
        sent_at=_MONTH + timedelta(seconds=number),
        kind="text",
        version=1,
    )


def _text(channel: Channel, place: EncryptionContext, text: str) -> Text:
    return Text(
        message=place.message,
        version=1,
        channel=channel.id,
        author=_AUTHOR,
        sent_at=place.sent_at,
        place=place_of(channel),
        parts=(text,),
    )


def _spent() -> tuple[float, float]:
    """Seconds of a processor of this process, and of the server's that works for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time(), (int(fields[11]) + int(fields[12])) / _TICKS


def _bytes() -> list[Row]:
    messages = Message.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        rows, tokens, pages, words = (float(size) / messages for size in cursor.fetchone())
    parts = {
        "of it rows with tokens": rows,
        "of it their GIN index": tokens,
        "of it the index by time": pages,
        "of it vocabularies": words,
    }
    whole = rows + tokens + pages + words
    return [
        _row("index and tokens, bytes a message", whole, LIMIT_BYTES),
        *(_row(what, size) for what, size in parts.items()),
    ]


def _row(what: str, reached: float, limit: float | None = None) -> Row:
    return {"what": what, "reached": reached, "limit": limit}
