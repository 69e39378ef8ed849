"""Drafts: kept for the person who writes, on every device, and for nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.models import PersonalKey, User
from accounts.services.people import deactivate_person
from audit.clock import now
from audit.models import Entry
from messaging.models import Channel, KeptDraft
from messaging.own_upkeep import drop_old
from messaging.services.channels import leave_channel
from tests.cast import client_of
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

_A_MINUTE_MS = 60_000


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def keep(browser: Client, channel: Channel, text: str, **more: object) -> int:
    data = {"text": text, **more}
    path = f"/messages/drafts/{channel.id}/"
    return browser.put(path, data, content_type="application/json").status_code


def kept(browser: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get("/messages/own/").json()["drafts"]
    return found


def texts(browser: Client) -> list[str]:
    return [draft["text"] for draft in kept(browser)]


def test_what_is_written_on_one_device_is_found_on_another(channel: Channel, bob: User) -> None:
    question = say(bob, channel, "Who brings the kiln?")
    desk, phone = client_of(bob), client_of(bob)
    entries = Entry.objects.count()
    assert keep(desk, channel, "I could, on", reply_to=str(question.id)) == 204
    (found,) = kept(phone)
    assert (found["channel"], found["text"]) == (str(channel.id), "I could, on")
    assert found["reply_to"]["body"] == "Who brings the kiln?"
    keep(phone, channel, "I could, on Friday")
    assert texts(desk) == ["I could, on Friday"]
    assert phone.delete(f"/messages/drafts/{channel.id}/").status_code == 204
    assert texts(desk) == []
    assert Entry.objects.count() == entries


def test_the_latest_written_wins_however_late_another_comes(channel: Channel, bob: User) -> None:
    desk, phone = client_of(bob), client_of(bob)
    keep(desk, channel, "Written now")
    keep(phone, channel, "Written in the tunnel", age=_A_MINUTE_MS)
    assert texts(desk) == ["Written now"]
    desk.delete(f"/messages/drafts/{channel.id}/")
    keep(phone, channel, "Written in the tunnel", age=_A_MINUTE_MS)
    assert texts(desk) == []


@pytest.mark.shows("draft-private")
def test_it_stands_sealed_and_where_it_was_put(channel: Channel, alice: User, bob: User) -> None:
    keep(client_of(bob), channel, "About the narwhalfern")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM messaging_keptdraft t")
        assert "narwhal" not in str(cursor.fetchall())
    assert texts(client_of(alice)) == []


def test_one_that_was_altered_takes_no_other_with_it(
    channel: Channel, alice: User, bob: User
) -> None:
    other, browser = channel_of(alice, bob, name="Year 6"), client_of(bob)
    keep(browser, channel, "Altered")
    keep(browser, other, "Whole")
    with acting_as("owner"):
        KeptDraft.objects.filter(channel=channel).update(sealed=b"\x00" * 60)
    assert texts(browser) == ["Whole"]
    assert keep(browser, channel, "Written anew") == 204
    assert sorted(texts(browser)) == ["Whole", "Written anew"]


def test_an_outsider_has_no_draft_in_a_channel(channel: Channel, carol: User, theo: User) -> None:
    for outsider in (carol, theo):
        browser = client_of(outsider)
        assert keep(browser, channel, "Let me in") == 404
        assert browser.delete(f"/messages/drafts/{channel.id}/").status_code == 404
        assert keep(browser, Channel(id=uuid4()), "Where is this?") == 404
    assert not KeptDraft.objects.exists()
    assert Client().get("/messages/own/").status_code == 302


def test_whoever_leaves_a_channel_no_longer_sees_it(channel: Channel, bob: User) -> None:
    browser = client_of(bob)
    keep(browser, channel, "One more thing")
    leave_channel(person=bob, channel_id=channel.id)
    assert texts(browser) == []


@pytest.mark.parametrize("text", ["x" * 16_001, {"not": "text"}], ids=["too long", "no text"])
def test_what_cannot_be_kept_is_refused(channel: Channel, bob: User, text: Any) -> None:
    assert keep(client_of(bob), channel, text) in {204, 400}
    assert all(len(found) <= 16_000 for found in texts(client_of(bob)))


def test_what_is_no_json_is_an_empty_draft(channel: Channel, bob: User) -> None:
    browser = client_of(bob)
    path = f"/messages/drafts/{channel.id}/"
    assert browser.put(path, b"\xff[", content_type="application/json").status_code == 204
    assert texts(browser) == []


def test_it_goes_after_thirty_days(channel: Channel, alice: User, bob: User) -> None:
    keep(client_of(alice), channel, "Old")
    keep(client_of(bob), channel, "Fresh")
    month_ago = now() - timedelta(days=30, minutes=1)
    KeptDraft.objects.filter(key__person=alice).update(changed_at=month_ago)
    assert drop_old() == 1
    assert texts(client_of(bob)) == ["Fresh"]


def test_it_goes_with_the_account(channel: Channel, bob: User, theo: User) -> None:
    keep(client_of(bob), channel, "Before I go")
    deactivate_person(by=theo, person_id=bob.pk)
    assert not KeptDraft.objects.exists()
    assert not PersonalKey.objects.filter(person=bob).exists()
