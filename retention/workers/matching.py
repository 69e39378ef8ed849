"""Writing down in which messages the words of a hold are found.

Month by month of each channel, each in a transaction of its own: it may be killed at any time and
goes on where it was. What has not been held against the words is held meanwhile, and so is what
enters, or is edited, until it has been matched itself.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import batched, chain
from typing import Final
from uuid import UUID

import structlog
from django.db import connection, transaction

from audit.actions import Action
from audit.clock import now
from audit.sealed import RecordGone, open_record
from audit.services import record
from messaging.files.attached import attachments_in
from messaging.files.texts import not_read, texts_of
from messaging.models import Channel, Message, MessageVersion
from messaging.search.corrected import notes_that_open
from messaging.search.matching import find_in
from messaging.search.query import parse
from messaging.search.said import parts_of
from messaging.search.tree import Node
from messaging.vault.versions import versions_that_open
from retention.models import Hold, HoldMark, HoldMatch
from retention.showing_again import show_what_is_undue

_BATCH: Final = 1_000

log = structlog.get_logger()


def match_open_holds() -> int:
    """Match what waits to be matched; returns how many messages that were. For the worker.

    What was held until then, and left the conversation meanwhile, comes back where it is due no
    more.
    """
    return sum(_match(hold) for hold in Hold.objects.filter(by_words=True, released_at=None))


def _match(hold: Hold) -> int:
    try:
        tree = parse(open_record(hold.record)["words"]).tree
    except (RecordGone, KeyError):  # one that a restore has taken from the journal has no words
        log.critical("words_of_hold_are_gone", hold=hold.number)
        return 0  # all that it covers stays held
    count = 0
    for channel, month in _months(hold):
        count += _match_month(hold, tree, channel, month)
    if hold.matched_at is None and next(_months(hold), None) is None:
        _note_matched(hold)
    return count


def _months(hold: Hold) -> Iterator[tuple[UUID, date]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT channel, month FROM retention_unmatched WHERE hold = %s ORDER BY 2, 1",
            [hold.pk],
        )
        yield from cursor.fetchall()


@transaction.atomic
def _match_month(hold: Hold, tree: Node, channel: UUID, month: date) -> int:
    """All of a month that waits. The position is read first: what has been committed since may be
    matched already, and is matched again.

    What enters is in view, so that nobody who destroys or holds is made to wait for it.
    """
    upto = Channel.objects.values_list("head", flat=True).get(pk=channel)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT u.message, m.out_of_view FROM retention_unmatched u"
            " JOIN messaging_message m ON m.id = u.message"
            " WHERE u.hold = %s AND u.channel = %s AND u.month = %s",
            [hold.pk, channel, month],
        )
        waiting = dict(cursor.fetchall())
    for some in batched(waiting, _BATCH, strict=False):
        HoldMatch.objects.bulk_create(
            [
                HoldMatch(hold=hold, message=message, unread=unread)
                for message, unread in _found(tree, some).items()
            ],
            ignore_conflicts=True,
        )
    HoldMark.objects.bulk_create(
        [HoldMark(hold=hold, channel_id=channel, month=month, upto=upto)],
        update_conflicts=True,
        unique_fields=["hold", "channel", "month"],
        update_fields=["upto"],
    )
    if any(waiting.values()):
        show_what_is_undue()
    return len(waiting)


def _found(tree: Node, messages: Iterable[UUID]) -> dict[UUID, bool]:
    """Those of the messages in which the words stand, in any version, file or correction: False.
    And those of which nobody can say it, since they or a file of theirs cannot be read: True."""
    versions = list(
        MessageVersion.objects.filter(message__in=messages)
        .exclude(message__kind=Message.Kind.SYSTEM)
        .select_related("message", "key")
    )
    bodies = versions_that_open(versions)
    notes, closed = notes_that_open({version.message_id for version in versions})
    attached = [attachments_in(body.details) if body else () for body in bodies]
    files = list(chain.from_iterable(attached))
    texts = texts_of(files, shut := set())
    shut |= not_read(files)
    found = dict.fromkeys(closed, True)
    for version, body, its in zip(versions, bodies, attached, strict=True):
        message = version.message_id
        if body and find_in(tree, parts_of(body, texts, notes.get(message, ()))) is not None:
            found[message] = False
        elif body is None or any(file.id in shut for file in its):
            found.setdefault(message, True)
    return found


@transaction.atomic
def _note_matched(hold: Hold) -> None:
    changed = Hold.objects.filter(pk=hold.pk, matched_at=None).update(matched_at=now())
    if changed:
        record(Action.HOLD_MATCHED, actor=None, subject=hold.uid, messages=hold.matches.count())
