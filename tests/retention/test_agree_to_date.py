"""Nobody alone makes something due earlier by the date that its rule counts from."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from accounts.models import User
from accounts.services.people import change_person
from audit.actions import Action
from audit.models import Entry
from messaging.models import Channel
from retention.exceptions import (
    ConcernsYou,
    NeedsAnother,
    NotAllowed,
    NotFound,
    NotOpen,
    OtherDate,
)
from retention.models import ChannelDate, Policy
from retention.queries.dates import counted_from, may_agree
from retention.services.dates import agree_to_date, set_trigger
from tests.cast import client_of
from tests.scenes import channel_of

REASON = "The appointment was made on that day."
DAY = date(2026, 7, 31)
EARLIER = date(2026, 7, 1)
LATER = date(2026, 9, 1)

pytestmark = pytest.mark.django_db


def _counts(channel: Channel) -> date | None:
    return counted_from(channel).day


@pytest.fixture
def channel(alice: User) -> Channel:
    return channel_of(alice)


def test_a_date_where_none_was_known_counts_when_another_agrees(
    channel: Channel, hari: User, helen: User, chris: User
) -> None:
    set_trigger(by=helen, channel=channel, on=DAY, reason=REASON)
    assert _counts(channel) is None
    assert counted_from(channel).waiting == DAY
    with pytest.raises(NeedsAnother):
        agree_to_date(by=helen, channel=channel, on=DAY)
    with pytest.raises(NotAllowed):
        agree_to_date(by=hari, channel=channel, on=DAY)
    agree_to_date(by=chris, channel=channel, on=DAY)
    assert _counts(channel) == DAY
    entry = Entry.objects.get(action=Action.TRIGGER_AGREED)
    assert sorted(entry.facts) == ["commitment", "record"]
    with pytest.raises(NotOpen):
        agree_to_date(by=chris, channel=channel, on=DAY)


def test_an_approver_does_not_put_it_earlier_alone_where_another_set_it(
    channel: Channel, hari: User, helen: User, chris: User
) -> None:
    set_trigger(by=hari, channel=channel, on=DAY, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    set_trigger(by=helen, channel=channel, on=EARLIER, reason=REASON)
    assert _counts(channel) == DAY
    agree_to_date(by=chris, channel=channel, on=EARLIER)
    assert _counts(channel) == EARLIER


def test_what_was_put_later_takes_two_people_to_go_back(
    channel: Channel, hari: User, helen: User
) -> None:
    set_trigger(by=hari, channel=channel, on=DAY, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    set_trigger(by=helen, channel=channel, on=LATER, reason=REASON)
    assert _counts(channel) == LATER
    set_trigger(by=helen, channel=channel, on=DAY, reason=REASON)
    assert _counts(channel) == LATER


def test_whoever_agrees_agrees_to_what_they_saw(
    channel: Channel, hari: User, helen: User, carol: User
) -> None:
    with pytest.raises(NotFound):
        agree_to_date(by=helen, channel=channel, on=DAY)
    set_trigger(by=hari, channel=channel, on=DAY, reason=REASON)
    set_trigger(by=hari, channel=channel, on=EARLIER, reason=REASON)
    with pytest.raises(OtherDate):
        agree_to_date(by=helen, channel=channel, on=DAY)
    with pytest.raises(NotFound):
        agree_to_date(by=carol, channel=channel, on=EARLIER)
    page = f"/records/channels/{channel.pk}/date/agree/"
    answer = client_of(helen).post(page, {"on": "soon"}, follow=True)
    assert b"changed meanwhile" in answer.content


def test_the_accounts_form_puts_a_leaving_date_earlier_for_nobody(
    channel: Channel, bob: User, theo: User, hari: User, helen: User
) -> None:
    Policy.objects.create(
        record_class=channel.record_class, version=90, name="Dated", months=12, trigger="leaving",
        action="dispose", authority="The governors",
    )  # fmt: skip
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": DAY})
    set_trigger(by=hari, channel=channel, person=bob, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    fields = {"email": bob.email, "display_name": "Bob", "leaving_on": "2026-07-01"}
    manager, page = client_of(theo), f"/manage/people/{bob.pk}/"
    assert b"only when a second person has agreed" in manager.get(f"{page}change/").content
    assert b"waits for a second person" not in manager.get(page).content
    manager.post(f"{page}change/", fields)
    assert b"waits for a second person" in manager.get(page).content
    bob.refresh_from_db()
    assert (bob.leaving_on, bob.leaving_set_by) == (EARLIER, theo)
    assert _counts(channel) == DAY
    agree_to_date(by=helen, channel=channel, on=EARLIER)
    assert _counts(channel) == EARLIER
    assert b"waits for a second person" not in manager.get(page).content


def test_a_later_or_unknown_leaving_date_counts_at_once_and_does_not_go_back_alone(
    channel: Channel, bob: User, theo: User, hari: User, helen: User
) -> None:
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": DAY})
    set_trigger(by=hari, channel=channel, person=bob, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": LATER})
    assert _counts(channel) == LATER
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": DAY})
    assert _counts(channel) == LATER
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": None})
    assert _counts(channel) is None
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": LATER})
    assert _counts(channel) is None


def test_who_entered_the_leaving_date_is_not_the_second_person(
    channel: Channel, bob: User, hari: User, helen: User
) -> None:
    set_trigger(by=hari, channel=channel, person=bob, reason=REASON)
    User.objects.filter(pk=bob.pk).update(leaving_on=DAY, leaving_set_by=helen)
    assert not may_agree(helen, channel)
    with pytest.raises(NeedsAnother):
        agree_to_date(by=helen, channel=channel, on=DAY)
    set_trigger(by=hari, channel=channel, person=helen, reason=REASON)
    User.objects.filter(pk=helen.pk).update(leaving_on=DAY)
    with pytest.raises(ConcernsYou):
        agree_to_date(by=helen, channel=channel, on=DAY)


def test_the_database_lets_nobody_agree_alone(
    channel: Channel, bob: User, hari: User, helen: User
) -> None:
    def refused(**values: object) -> None:
        with pytest.raises(ProgrammingError, match="takes two"), transaction.atomic():
            ChannelDate.objects.filter(channel=channel).update(**values)

    with pytest.raises(ProgrammingError, match="without agreement"), transaction.atomic():
        ChannelDate.objects.create(channel=channel, day=DAY, set_by=hari, agreed=DAY)
    set_trigger(by=hari, channel=channel, on=DAY, reason=REASON)
    refused(agreed=DAY)
    refused(agreed=DAY, agreed_by=hari)
    refused(agreed=EARLIER, agreed_by=helen)
    refused(agreed=DAY, agreed_by=hari, set_by=helen)
    set_trigger(by=hari, channel=channel, person=bob, reason=REASON)
    User.objects.filter(pk=bob.pk).update(leaving_on=DAY, leaving_set_by=helen)
    refused(agreed=DAY, agreed_by=bob)
    refused(agreed=DAY, agreed_by=helen)
