"""A checkpoint that does not arrive is given up after a day, and somebody is asked to look."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from oversight.models import Alert, AlertKind, Delivery, Publication
from oversight.queries.publications import missing_deliveries
from oversight.services.alerts import acknowledge_alert
from oversight.services.publications import add_recipient
from oversight.workers.publishing import notice_missing
from tests.oversight.outside import MailServer, delivered, published
from tests.roles import acting_as


@pytest.fixture
def unreachable(post: MailServer, priya: User) -> Publication:
    """A checkpoint that the chair's mail server refuses."""
    add_recipient(by=priya, name="Chris Cole", way="email", address="chris@governors.example")
    post.refused.add("chris@governors.example")
    return published(priya)


def _state() -> tuple[str, str]:
    delivery = Delivery.objects.get()
    return delivery.state, delivery.error


def _notice(after: timedelta) -> None:
    with acting_as("worker"):
        notice_missing(datetime.now(UTC) + after)


def test_what_has_not_arrived_after_26_hours_is_given_up_and_an_alert(
    unreachable: Publication,
) -> None:
    delivered()
    delivered(timedelta(hours=25))
    _notice(timedelta(hours=25))
    assert _state() == ("waiting", "refused")
    assert not Alert.objects.exists()

    delivered(timedelta(hours=27))
    _notice(timedelta(hours=27))
    _notice(timedelta(hours=27))

    assert _state() == ("failed", "refused")
    alert = Alert.objects.get()
    assert (alert.kind, alert.about) == (AlertKind.DELIVERY_MISSING, unreachable.uid)
    assert Entry.objects.filter(action=Action.ALERT_RAISED).count() == 1


def test_whoever_has_looked_into_it_is_not_asked_again_the_same_day(
    unreachable: Publication, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised = Alert._meta.get_field("raised_at")
    later = datetime.now(UTC) + timedelta(hours=27)
    monkeypatch.setattr(raised, "_get_default", lambda: later)
    _notice(timedelta(hours=27))
    acknowledge_alert(by=priya, uid=Alert.objects.get().uid)
    _notice(timedelta(hours=28))
    assert Alert.objects.count() == 1
    _notice(timedelta(hours=52))
    assert Alert.objects.count() == 2


def test_a_newer_one_that_arrived_makes_up_for_it(
    unreachable: Publication, post: MailServer, priya: User
) -> None:
    delivered()
    newer = published(priya)
    post.refused.clear()
    with acting_as("worker"):
        Delivery.objects.filter(publication=unreachable).update(state=Delivery.State.FAILED)
    delivered()
    assert newer.deliveries.get().state == Delivery.State.DELIVERED
    assert not missing_deliveries(datetime.now(UTC) + timedelta(hours=27)).exists()


def test_of_what_is_missing_the_newest_counts_for_each(
    unreachable: Publication, priya: User
) -> None:
    newer = published(priya)
    found = missing_deliveries(datetime.now(UTC) + timedelta(hours=27))
    assert [one.publication for one in found] == [newer]
