"""Scenes and questions that the tests of the log's pages share."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.services import record
from messaging.models import Channel
from retention.models import Export, Hold, HoldChannel, HoldPerson
from retention.services.exports import request_export
from retention.services.holds import place_hold
from tests.cast import client_of
from tests.oversight.conftest import REASON

TODAY = date(2026, 3, 2)


def text_of(answer: Any) -> str:
    """What a page says."""
    assert answer.status_code == 200
    return str(answer.content.decode())


def shown_in(answer: Any) -> set[int]:
    """The entries on a page."""
    assert answer.status_code == 200
    return {row.entry.id for row in answer.context["rows"]}


def seen_by(person: User, **filters: str) -> set[int]:
    """The entries that somebody is shown under these filters."""
    return shown_in(client_of(person).get("/audit/", filters))


def ids_of(**entries: Any) -> set[int]:
    """The entries that there are."""
    return set(Entry.objects.filter(**entries).values_list("id", flat=True))


@transaction.atomic
def hold_by(by: User, **on: Any) -> Entry:
    """A hold as retention places it: its row, and the entry that names it."""
    person, channel = on.pop("person", None), on.pop("channel", None)
    hold = Hold.objects.create(
        kind="litigation",
        record=by.id,
        placed_by=by,
        owner=by,
        review_on="2030-01-01",
        since="2026-01-01",
        **on,
    )
    if person:
        HoldPerson.objects.create(hold=hold, person=person)
    if channel:
        HoldChannel.objects.create(hold=hold, channel=channel)
    return record(Action.HOLD_PLACED, actor=by.id, subject=hold.uid, hold_kind=hold.kind)


def placed_by(by: User, channel: Channel) -> Hold:
    """A hold as people place it."""
    return place_hold(
        by=by, kind="police", reason=REASON, review_on=date(2030, 1, 1), channels=[channel]
    )


def asked_by(by: User, channel: Channel, **more: Any) -> Export:
    """An export that waits for an approver."""
    return request_export(
        by=by,
        channel=channel,
        since=TODAY,
        until=TODAY,
        purpose="tribunal",
        reason=REASON,
        recipient="The court",
        **more,
    )
