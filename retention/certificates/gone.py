"""Whether a disposal left anything behind."""

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from audit import keyring
from audit.models import Generation
from messaging.models import ContentKey, Correction, Message, MessageVersion
from messaging.search.domains import place_of, table_of
from retention.exceptions import NotGone
from retention.models import Disposal, DisposalChunk, DisposalItem


def check_gone(disposal: Disposal) -> None:
    """Raise NotGone when a row, a token or a key of what was destroyed is left."""
    gone = _destroyed(disposal).values("message")
    if disposal.chunks.filter(done_at=None).exists():
        raise NotGone("Not all of the disposal has been carried out.")
    if Message.objects.filter(id__in=gone).exists():
        raise NotGone("A message of the disposal is still there.")
    if MessageVersion.objects.filter(message__in=gone).exists():
        raise NotGone("A version of a message is still there.")
    if Correction.objects.filter(message__in=gone).exists():
        raise NotGone("A correction of a message is still there.")
    for chunk in disposal.chunks.select_related("channel").distinct("channel_id", "month"):
        _check_month(disposal, chunk)
    _check_keyring(disposal)


def _check_month(disposal: Disposal, chunk: DisposalChunk) -> None:
    place = place_of(chunk.channel)
    table = table_of(place.record_class, place.kind, chunk.month)
    retired = ContentKey.objects.filter(channel=chunk.channel_id, month=chunk.month, current=False)
    if retired.exists():
        raise NotGone("A retired content key is still there.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"search.{table.as_string().split('.')[1]}"])
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(
            sql.SQL(
                "SELECT EXISTS (SELECT FROM {} t JOIN retention_disposalitem i"
                " ON i.message = t.message JOIN retention_disposalchunk c ON c.id = i.chunk_id"
                " WHERE c.disposal_id = %s AND i.outcome <> 'spared')"
            ).format(table),
            [disposal.pk],
        )
        if cursor.fetchone()[0]:
            raise NotGone("A search token of a message is still there.")


def _check_keyring(disposal: Disposal) -> None:
    retired = disposal.generation
    ring = keyring.read(keyring.keyring_file())
    if retired is None or Generation.objects.filter(number__lte=retired).exists():
        raise NotGone("The keyring has not moved since the disposal.")
    if any(number <= retired for number in ring.generations):
        raise NotGone("The keyring still holds the generation of before the disposal.")
    if keyring.leftovers():
        raise NotGone("A half-written keyring of before the disposal lies in the folder of keys.")


def _destroyed(disposal: Disposal) -> "QuerySet[DisposalItem]":
    return DisposalItem.objects.filter(
        chunk__disposal=disposal, outcome=DisposalItem.Outcome.DESTROYED
    )
