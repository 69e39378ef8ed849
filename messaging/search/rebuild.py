"""The index anew, and months that go.

A rebuild reads the sealed bodies and writes tokens and vocabulary under a fresh index key; the
old key's row is deleted, so that no old token can be checked against a guess. Only the worker
and the disposer may call what is here. Whoever posts into that very month meanwhile waits until
the rebuild has committed. Where a channel has rows in a place that is not its own any more, both
places are built anew in one transaction, so that its texts are never in neither nor in both.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import batched
from typing import Final, LiteralString

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import TruncMonth
from psycopg.errors import LockNotAvailable

from messaging.files.attached import attachments_in
from messaging.files.texts import texts_of
from messaging.models import Channel, Message, MessageVersion
from messaging.search.analysis import ANALYSER
from messaging.search.bulk import Bulk
from messaging.search.corrected import notes_of
from messaging.search.domains import Place, open_month, place_of
from messaging.search.index import Text, text_of
from messaging.search.models import IndexKey, SearchDomain
from messaging.search.placing import keep_places, together_with
from messaging.vault.versions import open_versions

_BATCH: Final = 2_000
_TRIES: Final = 5


def rebuild(months: Iterable[tuple[Place, date]]) -> int:
    """Index these months anew, each in a transaction of its own; returns the texts indexed."""
    done: set[tuple[Place, date]] = set()
    count = 0
    for place, month in sorted(set(months), key=repr):
        if (place, month) not in done:
            places, texts = _rebuild(place, month)
            done |= {(each, month) for each in places}
            count += texts
    return count


def rebuild_all(*, but: Iterable[tuple[Place, date]] = ()) -> Iterator[tuple[Place, date, int]]:
    """Index everything anew, a month at a time, `but` what an earlier rebuild finished; yields
    place, month and number of texts."""
    for place, month in sorted(every_month().difference(but), key=repr):
        yield place, month, rebuild([(place, month)])


def outdated_months() -> list[tuple[Place, date]]:
    """The places and months whose texts were made words of by another analyser than ours, the
    newest first."""
    keys = IndexKey.objects.exclude(analyser=ANALYSER).select_related("domain")
    months = {(Place.of(key.domain), key.month) for key in keys}
    return sorted(months, key=lambda found: (found[1], repr(found[0])), reverse=True)


def renew_month() -> bool:
    """Index the newest of the outdated months anew, for the worker; False where there is none."""
    months = outdated_months()
    if months:
        rebuild(months[:1])
    return bool(months)


def every_month() -> set[tuple[Place, date]]:
    """Every place and month that holds messages or still has an index key."""
    months = list(
        Message.objects.order_by()
        .values_list("channel_id", TruncMonth("sent_at", tzinfo=UTC))
        .distinct()
    )
    # After the messages, so that whoever makes a channel meanwhile has posted none of them.
    channels = {channel.id: place_of(channel) for channel in Channel.objects.all()}
    held = {(channels[channel], at.date()) for channel, at in months if channel in channels}
    keys = IndexKey.objects.select_related("domain")
    return held | {(Place.of(key.domain), key.month) for key in keys}


def drop_month(*, record_class: str, kind: str, month: date) -> None:
    """Drop a month of a class and kind with its keys and vocabularies.

    The lock that it needs is asked for at most two seconds at a time, since everybody else's
    reads queue behind it; after five tries OperationalError.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT search.drop_month(%s, %s, %s)", [record_class, kind, month])
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable) or attempt == _TRIES:
                raise
        else:
            return


def flush_months() -> None:
    """Move pending tokens into the index proper, as after a bulk, and pack what that left large."""
    for place in _months():
        _call("SELECT search.flush_month(%s, %s, %s)", place)
        _pack(place)


def pack_months(*, before: date) -> int:
    """Pack the indexes of earlier months that are larger than they need to be; returns how many.
    For the worker, at night. One that somebody is busy with waits until the next time."""
    return sum(_pack(place) for place in _months() if place[2] < before)


def _months() -> list[tuple[str, str, date]]:
    """Class, kind and month of each table."""
    found = IndexKey.objects.values_list("domain__record_class", "domain__kind", "month")
    return sorted(set(found))


def _pack(place: tuple[str, str, date]) -> bool:
    try:
        return bool(_call("SELECT search.pack_month(%s, %s, %s)", place))
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return False


def _call(statement: LiteralString, values: Sequence[str | date]) -> object:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        return row and row[0]


def _rebuild(place: Place, month: date) -> tuple[list[Place], int]:
    """The places that were built anew together, and how many texts they hold."""
    with transaction.atomic():
        keep_places()
        places = together_with(place, month)
        # All of them before the first message is read: who waits or goes on meanwhile is seen.
        for each in places:
            _retire(each, month)
        count = 0
        with Bulk() as bulk:
            versions = _versions(places, month).iterator(chunk_size=_BATCH)
            for batch in batched(versions, _BATCH):
                present, earlier = _texts(batch)
                count += bulk.add(present) + bulk.add(earlier, earlier=True)
        return places, count


def _retire(place: Place, month: date) -> None:
    """Put fresh keys in the place of the old, and remove what stood under those.

    The key of the present versions is made if need be before it is retired: its row is what
    keeps writers out from here to the commit, and every writer of earlier versions asks for it
    first.
    """
    _retire_key(open_month(place, month).domain, month)
    # Asked for only now, since whoever was waited for may have made the first of them. Also where
    # the key is lost: what was written under it can never be found again.
    earlier = SearchDomain.objects.filter(
        record_class=place.record_class, kind=place.kind, channel=place.channel, versions=True
    )
    for domain in earlier:
        _retire_key(domain.id, month)
    open_month(place, month)


def _retire_key(domain: int, month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search.retire_key(%s::smallint, %s)", [domain, month])


def _versions(places: Collection[Place], month: date) -> QuerySet[MessageVersion]:
    """All versions that belong to a month of the places and are not out of view."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    return (
        MessageVersion.objects.filter(
            message__channel__in=[c.id for c in Channel.objects.all() if place_of(c) in places],
            message__sent_at__gte=start,
            message__sent_at__lt=end,
            message__out_of_view=False,
        )
        .exclude(message__kind=Message.Kind.SYSTEM)
        .select_related("message__channel", "key")
    )


def _texts(versions: Sequence[MessageVersion]) -> tuple[list[Text], list[Text]]:
    """The texts of present and of earlier versions; those of a deleted message are all earlier."""
    present: list[Text] = []
    earlier: list[Text] = []
    bodies = open_versions(versions)
    texts = texts_of(file for body in bodies for file in attachments_in(body.details))
    notes = notes_of({version.message_id for version in versions})
    for version, body in zip(versions, bodies, strict=True):
        message = version.message
        is_present = message.deleted_at is None and version.number == message.version
        said = notes.get(message.id, ()) if version.number == message.version else ()
        text = text_of(message, body, version=version.number, notes=said, texts=texts)
        (present if is_present else earlier).append(text)
    return present, earlier
