"""Texts that wait: listed for their writer alone, sent once at their time, refused in words."""

import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.clock import iso, now
from audit.models import Entry
from messaging.ingest.waiting import post_due
from messaging.models import Channel, Message, WaitingText
from messaging.own_upkeep import drop_old
from messaging.rendering import messages_json
from messaging.services.channels import archive_channel, create_channel, leave_channel, set_role
from messaging.services.waiting import MOST_WAITING
from schoolchat.serving.lifeline import TREE, environment_for
from tests.cast import client_of
from tests.faults.product import until
from tests.faults.proxy import database_url
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

PAGE = "/messages/later/"


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def wait(person: User, channel: Channel, text: str, *, days: float = 1, **more: object) -> UUID:
    """By the chat's own request."""
    answer = ask(client_of(person), channel, text, days=days, **more)
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def ask(browser: Client, channel: Channel, text: str, *, days: float = 1, **more: object):  # type: ignore[no-untyped-def]
    due = iso(now() + timedelta(days=days))
    data = {"channel": str(channel.id), "text": text, "due_at": due, **more}
    return browser.post(f"{PAGE}new/", data, content_type="application/json")


def its_time_has_come(waiting: UUID, *, hours: float = 0) -> None:
    WaitingText.objects.filter(id=waiting).update(due_at=now() - timedelta(hours=hours))


def posted(channel: Channel) -> list[str]:
    found = list(Message.objects.filter(channel=channel, kind="text").order_by("seq"))
    return [shown["body"] for shown in messages_json(found)]


def page(person: User) -> str:
    return client_of(person).get(PAGE).content.decode()


@pytest.mark.shows("schedule")
def test_it_is_sent_at_its_time_as_any_message_is(channel: Channel, alice: User, bob: User) -> None:
    question = say(bob, channel, "Who has the key?")
    entries = Entry.objects.count()
    waiting = wait(alice, channel, "It is **here**", reply_to=str(question.id))
    assert Entry.objects.count() == entries
    with acting_as("worker"):
        assert post_due() == 0
    its_time_has_come(waiting)
    with acting_as("worker"):
        assert (post_due(), post_due()) == (1, 0)
    message = Message.objects.get(channel=channel, author=alice, kind="text")
    assert (messages_json([message])[0]["body"], message.reply_to) == (
        "It is **here**",
        question.id,
    )
    (entry,) = Entry.objects.order_by("id")[entries:]
    assert (entry.action, entry.actor, entry.subject) == ("message.posted", alice.id, message.id)
    assert not WaitingText.objects.exists()


@pytest.mark.shows("scheduled-list")
def test_it_is_listed_changed_sent_at_once_and_removed(channel: Channel, alice: User) -> None:
    first, second = wait(alice, channel, "Fisrt"), wait(alice, channel, "Second", days=2)
    browser, entries = client_of(alice), Entry.objects.count()
    listed = page(alice)
    assert listed.index("Fisrt") < listed.index("Second")
    form = {"text": "First", "due_at": "2020-01-01T07:40"}
    assert "This time is over" in browser.post(f"{PAGE}{first}/", form).content.decode()
    in_two_months = (now() + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")
    refused = browser.post(f"{PAGE}{first}/", {**form, "due_at": in_two_months})
    assert "at most 29 days" in refused.content.decode()
    in_three_days = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert browser.post(f"{PAGE}{first}/", {**form, "due_at": in_three_days}).status_code == 302
    listed = page(alice)
    assert listed.index("Second") < listed.index("First")
    browser.post(f"{PAGE}{second}/remove/")
    assert Entry.objects.count() == entries
    browser.post(f"{PAGE}{first}/send/")
    assert posted(channel) == ["First"]
    assert "Nothing is waiting" in page(alice)


def test_nobody_else_finds_it(channel: Channel, alice: User, bob: User, carol: User) -> None:
    waiting = wait(alice, channel, "The wombatlily")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM messaging_waitingtext t")
        assert "wombat" not in str(cursor.fetchall())
    for other in (bob, carol):
        browser = client_of(other)
        assert "wombatlily" not in page(other)
        assert browser.get(f"{PAGE}{waiting}/").status_code == 404
        for act in ("send", "remove"):
            assert browser.post(f"{PAGE}{waiting}/{act}/").status_code == 404
    assert ask(client_of(carol), channel, "Let me in").status_code == 404
    assert WaitingText.objects.count() == 1


def test_who_has_left_is_told_why_and_can_still_remove_it(
    channel: Channel, alice: User, bob: User
) -> None:
    waiting = wait(bob, channel, "Bye then")
    leave_channel(person=bob, channel_id=channel.id)
    its_time_has_come(waiting)
    assert post_due() == 0
    assert posted(channel) == []
    listed = page(bob)
    assert "You are no longer in this channel." in listed
    assert "Year 5" not in listed
    assert client_of(bob).get("/messages/own/").json()["refused"] == 1
    assert post_due() == 0
    client_of(bob).post(f"{PAGE}{waiting}/remove/")
    assert not WaitingText.objects.exists()


def test_what_cannot_be_said_any_more_stays_with_its_reason(alice: User, bob: User) -> None:
    archived = channel_of(alice, name="Old")
    read_only = create_channel(by=alice, kind="announcement", name="News", members=[bob])
    set_role(by=alice, channel_id=read_only.id, person=bob, role="owner")
    gone, muted = wait(alice, archived, "Too late"), wait(bob, read_only, "All of you")
    archive_channel(by=alice, channel_id=archived.id)
    set_role(by=alice, channel_id=read_only.id, person=bob, role="member")
    for waiting in (gone, muted):
        its_time_has_come(waiting)
    assert post_due() == 0
    assert "archived" in page(alice)
    assert "no longer write" in page(bob)
    assert ask(client_of(bob), read_only, "Again").status_code == 409
    assert "archived" in str(client_of(alice).post(f"{PAGE}{gone}/send/", follow=True).content)


def test_one_that_was_altered_says_so_and_can_be_removed(channel: Channel, alice: User) -> None:
    altered, _whole = wait(alice, channel, "Altered"), wait(alice, channel, "Whole")
    with acting_as("owner"):
        WaitingText.objects.filter(id=altered).update(sealed=b"\x00" * 60)
    its_time_has_come(altered)
    assert post_due() == 0
    browser, why = client_of(alice), "This text can no longer be opened."
    listed = page(alice)
    assert "Whole" in listed
    assert f"Not sent. {why}" in listed
    assert f"{PAGE}{altered}/send/" not in listed
    assert why in browser.get(f"{PAGE}{altered}/", follow=True).content.decode()
    assert why in browser.post(f"{PAGE}{altered}/send/", follow=True).content.decode()
    browser.post(f"{PAGE}{altered}/remove/")
    assert why not in page(alice)


def test_what_could_not_be_sent_for_half_a_day_is_not_sent_by_itself(
    channel: Channel, alice: User
) -> None:
    waiting = wait(alice, channel, "Good morning")
    its_time_has_come(waiting, hours=13)
    assert post_due() == 0
    assert "was not running" in page(alice)
    client_of(alice).post(f"{PAGE}{waiting}/send/")
    assert posted(channel) == ["Good morning"]


@pytest.mark.parametrize(
    ("text", "days", "status"),
    [(" ", 1, 400), ("x" * 8_001, 1, 409), ("Then", -1, 409), ("Far off", 30, 409)],
)
def test_what_cannot_wait_is_refused(
    channel: Channel, alice: User, text: str, days: float, status: int
) -> None:
    answer = ask(client_of(alice), channel, text, days=days)
    assert answer.status_code in {status, 409}
    assert answer.json()["detail"]
    assert not WaitingText.objects.exists()


def test_a_hundred_may_wait(channel: Channel, alice: User) -> None:
    first = WaitingText.objects.get(id=wait(alice, channel, "One"))
    WaitingText.objects.bulk_create(
        WaitingText(key=first.key, channel=channel, sealed=b"", due_at=first.due_at)
        for _ in range(MOST_WAITING - 1)
    )
    assert "100 texts" in ask(client_of(alice), channel, "One more").json()["detail"]


def test_it_goes_with_the_account_and_after_thirty_days(
    channel: Channel, alice: User, bob: User, theo: User
) -> None:
    old = wait(alice, channel, "Forgotten")
    wait(bob, channel, "Before I go")
    WaitingText.objects.filter(id=old).update(changed_at=now() - timedelta(days=31))
    assert drop_old() == 1
    deactivate_person(by=theo, person_id=bob.pk)
    assert not WaitingText.objects.exists()
    assert post_due() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_killed_in_the_middle_sends_it_once(channel: Channel, alice: User) -> None:
    waiting = wait(alice, channel, "Only once")
    its_time_has_come(waiting)
    with transaction.atomic():
        Channel.objects.select_for_update().get(id=channel.id)
        job = subprocess.Popen(
            [sys.executable, "-c", _JOB],
            cwd=TREE,
            env={**environment_for("worker"), "DATABASE_URL": database_url()},
        )
        until(_somebody_waits_for_the_channel)
        job.kill()
        job.wait()
        assert WaitingText.objects.filter(id=waiting).exists()
    assert posted(channel) == []
    assert (post_due(), post_due()) == (1, 0)
    assert posted(channel) == ["Only once"]
    assert Entry.objects.filter(action="message.posted", actor=alice.id).count() == 1


_JOB = "import django; django.setup(); from messaging.ingest.waiting import post_due; post_due()"


def _somebody_waits_for_the_channel() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
