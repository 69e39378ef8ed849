"""A hold has an owner, who is reminded of it, and one of a statutory inquiry ends by two people."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import override_settings

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from retention.exceptions import BadOwner, BadReviewDate, ConcernsYou, NotFound, NotOpen
from retention.models import Hold
from retention.services.holds import release_hold, review_hold
from retention.workers.reminding import remind_owners, reminded
from tests.cast import client_of
from tests.retention.scenes import REASON, held
from tests.roles import acting_as
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db

LATER = now().date() + timedelta(days=400)
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"},
    "smtp": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
}


def test_looking_at_it_again_hands_it_on_and_writes_one_entry(
    alice: User, carol: User, theo: User, dana: User, hari: User
) -> None:
    hold = held(dana, channel=channel_of(alice))
    assert hold.owner == dana
    done = review_hold(by=hari, number=hold.number, owner=hari, review_on=LATER, reason=REASON)
    assert (done.owner, done.review_on, done.placed_by) == (hari, LATER, dana)
    entry = Entry.objects.get(action=Action.HOLD_REVIEWED)
    assert (entry.subject, entry.facts["review_on"]) == (hold.uid, LATER.isoformat())
    for person in (carol, theo):
        with pytest.raises(NotFound):
            review_hold(by=person, number=hold.number, owner=hari, review_on=LATER, reason=REASON)
        with pytest.raises(BadOwner):
            review_hold(by=hari, number=hold.number, owner=person, review_on=LATER, reason=REASON)
    with pytest.raises(BadReviewDate):
        review_hold(by=hari, number=hold.number, owner=hari, review_on=now().date(), reason=REASON)


def test_whom_it_is_on_does_not_look_after_it(
    alice: User, dana: User, priya: User, helen: User
) -> None:
    with pytest.raises(BadOwner):
        held(dana, person=priya, owner=priya)
    with pytest.raises(ConcernsYou):
        held(dana, people=[alice, dana])
    hold = held(dana, people=[alice, priya])
    with pytest.raises(NotFound):
        review_hold(by=priya, number=hold.number, owner=helen, review_on=LATER, reason=REASON)
    assert client_of(priya).get(f"/records/holds/{hold.number}/review/").status_code == 404


def test_a_released_hold_is_not_looked_at_again(alice: User, dana: User, helen: User) -> None:
    hold = held(dana, channel=channel_of(alice))
    release_hold(by=helen, number=hold.number, reason=REASON)
    with pytest.raises(NotOpen):
        review_hold(by=dana, number=hold.number, owner=dana, review_on=LATER, reason=REASON)


@override_settings(MAILERS=MAILERS)
def test_its_owner_is_reminded_once_for_each_date(alice: User, dana: User, hari: User) -> None:
    hold = held(dana, channel=channel_of(alice, name="Kiln club"), owner=hari)
    with acting_as("worker"):
        remind_owners(hold.review_on - timedelta(days=1))
        assert mail.outbox == []
        remind_owners(hold.review_on)
        remind_owners(hold.review_on)
    (sent,) = mail.outbox
    assert sent.bcc == [hari.email]
    assert f"/records/holds/{hold.number}/review/" in sent.body
    assert "Kiln" not in f"{sent.subject} {sent.body}"
    review_hold(by=hari, number=hold.number, owner=dana, review_on=LATER, reason=REASON)
    with acting_as("worker"):
        remind_owners(LATER)
    assert [one.bcc for one in mail.outbox] == [[hari.email], [dana.email]]


def test_when_its_owner_is_gone_who_placed_it_is_reminded_or_an_approver(
    alice: User, theo: User, dana: User, hari: User, helen: User
) -> None:
    hold = held(dana, channel=channel_of(alice), owner=hari)
    for person, then in ((hari, [dana]), (dana, [helen])):
        deactivate_person(by=theo, person_id=person.id, reason=REASON)
        assert reminded(Hold.objects.get(pk=hold.pk)) == then


def test_the_page_says_what_waits_for_its_owner(alice: User, dana: User, hari: User) -> None:
    hold = held(dana, channel=channel_of(alice), owner=hari, review_on=now().date())
    line = "waits for you to look at it again"
    assert line in client_of(hari).get("/records/").content.decode()
    assert line not in client_of(dana).get("/records/").content.decode()
    page = f"/records/holds/{hold.number}/review/"
    assert page in client_of(hari).get("/records/holds/").content.decode()
    fields = {"reason": REASON, "owner": hari.pk, "review_on": LATER.isoformat()}
    client_of(hari).post(page, fields)
    hold.refresh_from_db()
    assert hold.review_on == LATER
    assert line not in client_of(hari).get("/records/").content.decode()


def test_an_inquirys_hold_ends_by_two_people_and_a_reason_alone(
    alice: User, dana: User, helen: User
) -> None:
    hold = held(dana, channel=channel_of(alice), kind="inquiry", review_on=date(2020, 1, 1))
    for ending in ({"released_at": now()}, {"released_at": now(), "released_by": helen}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(pk=hold.pk).update(**ending)
    page = client_of(helen).get(f"/records/holds/{hold.number}/").content.decode()
    assert "never disposed of by a rule" in page
    assert release_hold(by=helen, number=hold.number, reason=REASON).released_by == helen
