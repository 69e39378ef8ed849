"""Saved messages: on one person's own list, as long as they may still be read."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.models import Entry
from messaging.models import Channel, Message, SavedMessage
from messaging.services.channels import leave_channel
from messaging.services.messages import delete_message
from messaging.services.saved import MOST_SAVED
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.house.world import LONG_AGO
from tests.retention.scenes import approved
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.fixture
def message(channel: Channel, bob: User) -> Message:
    return say(bob, channel, "The code for the gate changes on Friday")


def save(browser: Client, message: Message) -> int:
    return browser.put(f"/messages/saved/{message.id}/").status_code


def page(browser: Client) -> str:
    return browser.get("/messages/saved/").content.decode()


def is_listed(browser: Client) -> bool:
    listed = "code for the gate" in page(browser)
    assert listed == bool(browser.get("/messages/own/").json()["saved"])
    return listed


@pytest.mark.shows("save")
def test_it_is_found_again_leads_back_and_is_taken_off(
    channel: Channel, message: Message, alice: User, bob: User
) -> None:
    browser, entries = client_of(alice), Entry.objects.count()
    assert (save(browser, message), save(browser, message)) == (204, 204)
    assert is_listed(browser)
    assert f"/?channel={channel.id}&amp;message={message.id}" in page(browser)
    assert not is_listed(client_of(bob))
    browser.post(f"/messages/saved/{message.id}/remove/")
    assert not is_listed(browser)
    save(browser, message)
    assert browser.delete(f"/messages/saved/{message.id}/").status_code == 204
    assert not is_listed(browser)
    assert Entry.objects.count() == entries


def test_what_one_may_not_read_is_neither_saved_nor_shown(
    channel: Channel, message: Message, alice: User, bob: User, carol: User, theo: User
) -> None:
    for outsider in (carol, theo):
        assert save(client_of(outsider), message) == 404
    assert save(client_of(alice), Message(id=uuid4())) == 404
    browser = client_of(bob)
    save(browser, message)
    leave_channel(person=bob, channel_id=channel.id)
    assert not is_listed(browser)
    assert SavedMessage.objects.count() == 1


def test_a_deleted_message_leaves_the_list(message: Message, alice: User, bob: User) -> None:
    save(client_of(alice), message)
    delete_message(by=bob, message_id=message.id)
    assert not is_listed(client_of(alice))
    assert save(client_of(alice), message) == 409


def test_two_hundred_can_be_saved(channel: Channel, message: Message, alice: User) -> None:
    save(client_of(alice), message)
    key = SavedMessage.objects.get().key
    with patch("messaging.services.saved.MOST_SAVED", 1):
        another = say(alice, channel, "One more")
        answer = client_of(alice).put(f"/messages/saved/{another.id}/")
    assert (answer.status_code, MOST_SAVED) == (409, 200)
    assert "200 saved messages" in answer.json()["detail"]
    assert SavedMessage.objects.filter(key=key).count() == 1


@pytest.mark.usefixtures("movable_keyring")
def test_it_goes_with_the_message_at_its_disposal(
    alice: User, bob: User, priya: User, chris: User
) -> None:
    channel = channel_of(alice, name="Kiln rota")
    with patch("messaging.ingest.store.now", lambda: LONG_AGO):
        old = say(alice, channel, "The code for the gate of then")
    save(client_of(alice), old)
    assert is_listed(client_of(alice))
    approved(priya, chris)
    with acting_as("disposer"):
        carry_out_approved()
    assert not SavedMessage.objects.exists()
    assert not is_listed(client_of(alice))


def test_it_goes_with_the_account(message: Message, alice: User, theo: User) -> None:
    save(client_of(alice), message)
    deactivate_person(by=theo, person_id=alice.pk)
    assert not SavedMessage.objects.exists()
    assert Message.objects.filter(id=message.id).exists()
