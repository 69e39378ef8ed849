"""Letting checkpoints out: who decides, when it happens by itself, what the log holds of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.restores import declare_restore
from audit.sealed import open_record
from oversight.errors import (
    AlreadyARecipient,
    FolderNotSetUp,
    MailNotSetUp,
    NoAddress,
    NotForCheckpoints,
    NothingSigned,
    NotYoursToDecide,
    OversightError,
    RecipientNotFound,
    WebhookNotSetUp,
)
from oversight.models import Alert, AlertKind, Delivery, Publication, Recipient
from oversight.services.alerts import acknowledge_alert
from oversight.services.publications import add_recipient, publish, remove_recipient
from oversight.workers.delivering import deliver_waiting
from oversight.workers.publishing import publish_when_due
from tests.oversight.outside import signed
from tests.roles import acting_as

CHAIR = "Chair of governors: Chris Cole"
ADDRESS = "chris.cole@governors.example"


@pytest.fixture(autouse=True)
def _ways(settings: Settings, tmp_path: Path) -> None:
    """Mail and the folder are set up; nothing is sent by these tests."""
    settings.MAILERS = {"smtp": {"OPTIONS": {"host": "127.0.0.1", "port": 9}}}
    settings.MAIL_FROM = "log@school.example"
    settings.CHECKPOINT_FOLDER = str(tmp_path)


@pytest.fixture
def chair(priya: User) -> Recipient:
    """The chair of governors is sent checkpoints."""
    return add_recipient(by=priya, name=CHAIR, way="email", address=ADDRESS)


def _at_school(text: str) -> datetime:
    """In winter the school's clock shows UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _worked(at: datetime | None = None) -> None:
    with acting_as("worker"):
        publish_when_due(at)


def _reasons() -> list[str]:
    return list(Publication.objects.order_by("number").values_list("reason", flat=True))


def test_what_is_published_is_the_newest_head_and_goes_to_everybody(
    chair: Recipient, helen: User, gwen: User
) -> None:
    folder = add_recipient(by=helen, name="The trust’s share", way="file")
    signed()
    newest = signed()

    publication = publish(by=gwen, reason="asked")

    assert publication is not None
    assert publication.checkpoint == newest
    sent = publication.deliveries.order_by("recipient")
    assert [one.recipient for one in sent] == [chair, folder]
    assert {one.state for one in sent} == {Delivery.State.WAITING}
    entry = Entry.objects.get(action=Action.CHECKPOINT_PUBLISHED)
    assert (entry.actor, entry.subject) == (gwen.id, publication.uid)
    assert entry.facts == {"size": newest.size, "reason": "asked"}


def test_before_a_head_is_signed_there_is_nothing_to_publish(gwen: User) -> None:
    with pytest.raises(NothingSigned):
        publish(by=gwen, reason="asked")
    _worked()
    assert not Publication.objects.exists()


@pytest.mark.parametrize("name", ["alice", "carol", "dana", "hari", "theo"])
def test_nobody_else_has_one_published_or_chooses_whom_it_reaches(
    name: str, chair: Recipient, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(name)
    signed()
    with pytest.raises(NotForCheckpoints):
        publish(by=person, reason="asked")
    with pytest.raises(NotYoursToDecide):
        add_recipient(by=person, name="Me", way="email", address="me@school.example")
    with pytest.raises(RecipientNotFound):
        remove_recipient(by=person, uid=chair.uid)
    assert Recipient.objects.get().removed_at is None


def test_the_auditor_has_them_published_but_does_not_choose(chair: Recipient, gwen: User) -> None:
    with pytest.raises(NotYoursToDecide):
        add_recipient(by=gwen, name="Me", way="email", address="me@school.example")
    with pytest.raises(RecipientNotFound):
        remove_recipient(by=gwen, uid=chair.uid)


def test_the_log_holds_neither_name_nor_address_and_the_sealed_record_does(
    chair: Recipient, priya: User, helen: User
) -> None:
    remove_recipient(by=helen, uid=chair.uid)

    entries = Entry.objects.filter(action__startswith="recipient.").order_by("id")
    assert [(one.action, one.actor) for one in entries] == [
        (Action.RECIPIENT_ADDED, priya.id),
        (Action.RECIPIENT_REMOVED, helen.id),
    ]
    for entry in entries:
        assert entry.subject == chair.uid
        assert entry.facts.keys() == {"record", "commitment", "way"}
        assert open_record(entry.facts["record"]) == {
            "name": CHAIR,
            "way": "email",
            "address": ADDRESS,
        }


@pytest.mark.parametrize(
    ("way", "setting", "wrong"),
    [
        ("email", "MAILERS", MailNotSetUp),
        ("file", "CHECKPOINT_FOLDER", FolderNotSetUp),
        ("webhook", "CHECKPOINT_WEBHOOK", WebhookNotSetUp),
    ],
)
def test_a_way_that_is_not_set_up_is_refused_in_a_sentence(
    way: str, setting: str, wrong: type[OversightError], priya: User, settings: Settings
) -> None:
    setattr(settings, setting, {} if setting == "MAILERS" else "")
    with pytest.raises(wrong, match="Ask the technician"):
        add_recipient(by=priya, name=CHAIR, way=way, address=ADDRESS)
    assert not Recipient.objects.exists()


def test_an_email_needs_an_address_and_nothing_else_has_one(priya: User) -> None:
    with pytest.raises(NoAddress):
        add_recipient(by=priya, name=CHAIR, way="email")
    assert add_recipient(by=priya, name="Share", way="file", address="/etc").address == ""


def test_nobody_is_on_the_list_twice_and_may_come_back(chair: Recipient, priya: User) -> None:
    with pytest.raises(AlreadyARecipient):
        add_recipient(by=priya, name="Again", way="email", address=ADDRESS.title())
    remove_recipient(by=priya, uid=chair.uid)
    assert add_recipient(by=priya, name="Again", way="email", address=ADDRESS).uid != chair.uid


def test_who_was_removed_gets_nothing_that_is_on_its_way(chair: Recipient, priya: User) -> None:
    signed()
    publish(by=priya, reason="asked")
    remove_recipient(by=priya, uid=chair.uid)
    with acting_as("worker"):
        deliver_waiting()
    assert Delivery.objects.get().tries == 0
    signed()
    publish(by=priya, reason="asked")
    assert Delivery.objects.count() == 1


def test_a_day_has_one_and_a_server_that_was_off_at_six_makes_up_for_it(
    chair: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock(monkeypatch)
    signed()
    clock.is_now("2030-01-10 05:59")
    assert _reasons() == ["first"]
    for time in ("2030-01-10 06:00", "2030-01-10 06:05", "2030-01-11 05:55"):
        signed()
        clock.is_now(time)
        assert _reasons() == ["first", "daily"]
    signed()
    clock.is_now("2030-01-11 09:20")
    clock.is_now("2030-01-11 23:55")
    assert _reasons() == ["first", "daily", "daily"]
    assert Delivery.objects.count() == 3


def test_in_summer_six_is_an_hour_earlier(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    clock = _Clock(monkeypatch)
    signed()
    clock.is_now("2030-07-10 04:50")
    signed()
    clock.is_now("2030-07-10 04:55")
    assert _reasons() == ["first"]
    clock.is_now("2030-07-10 05:00")
    assert _reasons() == ["first", "daily"]


def test_a_head_that_is_out_already_is_no_checkpoint_of_the_day(
    chair: Recipient, gwen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock(monkeypatch)
    signed()
    clock.is_now("2030-01-10 05:59")
    clock.is_now("2030-01-10 06:00")
    assert _reasons() == ["first"]
    publish(by=gwen, reason="asked")
    assert _reasons() == ["first", "asked"]


def test_after_a_declared_restore_the_new_log_goes_out_at_once(
    chair: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock(monkeypatch)
    signed()
    clock.is_now("2030-01-10 06:00")
    with acting_as("owner"):
        declare_restore()
    signed()
    clock.is_now("2030-01-10 06:05")
    clock.is_now("2030-01-10 06:10")
    made = Publication.objects.order_by("number")
    assert [(one.checkpoint.origin, one.reason) for one in made] == [(1, "first"), (2, "daily")]
    assert Delivery.objects.count() == 2


def test_somebody_new_gets_one_at_once_and_nobody_another(
    chair: Recipient, helen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock(monkeypatch)
    signed()
    clock.is_now("2030-01-10 12:00")
    new = add_recipient(by=helen, name="The trust’s share", way="file")
    clock.is_now("2030-01-10 12:05")
    clock.is_now("2030-01-10 12:10")
    assert _reasons() == ["first", "first"]
    assert [one.recipient for one in Delivery.objects.order_by("id")] == [chair, new]


def test_a_day_on_which_nothing_is_published_is_an_alert(
    chair: Recipient, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sealer is away, so that there is no new head."""
    clock = _Clock(monkeypatch)
    signed()
    clock.is_now("2030-01-10 06:00")
    _arrived(clock.now)
    clock.is_now("2030-01-11 07:59")
    assert not Alert.objects.exists()
    clock.is_now("2030-01-11 08:01")
    clock.is_now("2030-01-11 08:06")
    alert = Alert.objects.get()
    assert (alert.kind, alert.about) == (AlertKind.DELIVERY_MISSING, Publication.objects.get().uid)
    acknowledge_alert(by=priya, uid=alert.uid)
    clock.is_now("2030-01-11 08:11")
    assert Alert.objects.count() == 1
    clock.is_now("2030-01-12 09:00")
    assert Alert.objects.count() == 2


class _Clock:
    """The product's clock, moved by hand; the worker looks whether something is due."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = datetime.now(UTC)
        patch.setattr("oversight.services.publications.now", lambda: self.now)
        field: Any = Alert._meta.get_field("raised_at")
        patch.setattr(field, "_get_default", lambda: self.now)

    def is_now(self, time: str) -> None:
        self.now = _at_school(time)
        _worked(self.now)


def _arrived(at: datetime) -> None:
    with acting_as("worker"):
        Delivery.objects.update(
            state=Delivery.State.DELIVERED, delivered_at=at + timedelta(minutes=1)
        )
