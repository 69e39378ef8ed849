"""The date from which a channel's rule is counted."""

from datetime import date

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Channel
from messaging.services.channels import create_channel
from retention.exceptions import BadReason, ConcernsYou, NotAllowed, OneDate
from retention.models import Policy
from retention.queries.dates import counted_from
from retention.services.dates import agree_to_date, set_trigger
from tests.cast import client_of
from tests.scenes import channel_of

REASON = "The appointment was made on that day."
DAY = date(2026, 7, 31)

pytestmark = pytest.mark.django_db


def _asked(channel: Channel) -> Channel:
    """Under a rule that asks for a date."""
    Policy.objects.create(
        record_class=channel.record_class, version=9, name="Recruitment", months=12,
        trigger="set", action="dispose", authority="IRMS",
    )  # fmt: skip
    return channel


def test_it_is_put_later_by_whoever_works_with_records(
    alice: User, hari: User, helen: User
) -> None:
    channel = _asked(channel_of(alice))
    assert counted_from(channel).is_asked
    assert "nothing here falls due" in counted_from(channel).text

    set_trigger(by=hari, channel=channel, on=DAY, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    set_trigger(by=hari, channel=channel, on=date(2026, 8, 31), reason=REASON)
    assert counted_from(channel).text == "The period is counted from 31 August 2026."
    entries = Entry.objects.filter(action=Action.TRIGGER_SET, subject=channel.pk)
    assert [sorted(one.facts) for one in entries] == [["commitment", "record"]] * 2


def test_it_may_be_the_day_on_which_somebody_leaves(
    alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = _asked(channel_of(alice))
    set_trigger(by=hari, channel=channel, person=bob, reason=REASON)
    assert counted_from(channel).day is None
    bob.leaving_on = DAY
    bob.save(update_fields=["leaving_on"])
    agree_to_date(by=helen, channel=channel, on=DAY)
    assert counted_from(channel).day == DAY
    assert "leaves on 31 July 2026" in counted_from(channel).text


def test_it_wants_one_date_a_reason_and_somebody_entitled(
    alice: User, bob: User, carol: User, theo: User, hari: User
) -> None:
    channel = channel_of(alice)
    for wrong in ({}, {"on": DAY, "person": bob}):
        with pytest.raises(OneDate):
            set_trigger(by=hari, channel=channel, reason=REASON, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadReason):
        set_trigger(by=hari, channel=channel, on=DAY, reason="so")
    for person in (alice, carol, theo):
        with pytest.raises(NotAllowed):
            set_trigger(by=person, channel=channel, on=DAY, reason=REASON)
    with pytest.raises(ConcernsYou):
        set_trigger(by=hari, channel=channel, person=hari, reason=REASON)
    about = create_channel(by=alice, kind="private", name="Case", about=[hari])
    with pytest.raises(ConcernsYou):
        set_trigger(by=hari, channel=about, on=DAY, reason=REASON)


def test_the_page_sets_it_and_another_agrees(
    alice: User, hari: User, helen: User, carol: User, theo: User
) -> None:
    channel = _asked(channel_of(alice))
    page = f"/records/channels/{channel.pk}/date/"
    fields = {"on": "2026-07-31", "reason": REASON}
    for person in (carol, theo, alice):
        assert client_of(person).post(page, fields).status_code == 404
        assert client_of(person).post(f"{page}agree/", fields).status_code == 404
    assert b"one of them" in client_of(hari).post(page, {"reason": REASON}).content
    assert b"Date not known" in client_of(hari).get("/records/channels/").content
    answer = client_of(hari).post(page, fields, follow=True)
    assert b"to be counted from 31 July 2026" in answer.content
    assert b"Agree to" not in client_of(hari).get(page).content
    assert b"Date waits" in client_of(hari).get("/records/channels/").content
    assert b"<b>1</b> date waits" in client_of(helen).get("/records/").content
    assert b"Agree to 31 July 2026" in client_of(helen).get(page).content
    answer = client_of(helen).post(f"{page}agree/", {"on": "2026-07-31"}, follow=True)
    assert b"counted from 31 July 2026" in answer.content
    assert b"Date " not in client_of(hari).get("/records/channels/").content
    about = create_channel(by=alice, kind="private", name="Case", about=[hari])
    assert client_of(hari).get(f"/records/channels/{about.pk}/date/").status_code == 404
