"""A channel's settings: its name, its purpose, and who may mention everybody."""

from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.sealed import open_record
from messaging.exceptions import (
    Archived,
    ChannelNotFound,
    NamelessChannel,
    NameTaken,
    NotAllowed,
)
from messaging.live import reading
from messaging.models import Channel
from messaging.queries import rail_for
from messaging.services.channel_settings import change_channel
from messaging.services.channels import archive_channel, create_channel, open_direct, set_role
from messaging.verify import wrong_content
from tests.cast import client_of
from tests.scenes import channel_of, say


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, purpose="Lessons")


def change(by: User, channel: Channel, **changed: str) -> Channel:
    settings: dict[str, Any] = {"name": "Year 5", "purpose": "Lessons", "mention_all": "owners"}
    return change_channel(by=by, channel_id=channel.id, **(settings | changed))


def page(channel: Channel) -> str:
    return f"/channels/{channel.id}/settings/"


FORM = {"name": "Year 5 and 6", "purpose": "Lessons", "mention_all": "members"}


def test_a_change_is_one_entry_with_old_and_new_values_sealed(
    channel: Channel, alice: User
) -> None:
    before = Entry.objects.count()
    change(alice, channel, name=" Year 6 ", mention_all="nobody")
    entry = Entry.objects.latest("id")
    assert Entry.objects.count() == before + 1
    assert (entry.action, entry.subject) == (Action.CHANNEL_CHANGED, channel.id)
    assert entry.facts["fields"] == ["mention_all", "name"]
    assert "Year 6" not in str(entry.facts)
    sealed = open_record(UUID(entry.facts["record"]))
    assert sealed["values"] == {"name": ["Year 5", "Year 6"], "mention_all": ["owners", "nobody"]}
    assert list(wrong_content()) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "Choir"}, "Alice Adeyemi changed the name of this channel to “Choir”."),
        ({"purpose": ""}, "Alice Adeyemi changed the purpose of this channel."),
        (
            {"mention_all": "members"},
            "Alice Adeyemi changed who may mention everybody in this channel.",
        ),
        (
            {"name": "Choir", "purpose": "Songs", "mention_all": "members"},
            (
                "Alice Adeyemi changed the name of this channel to “Choir”, its purpose and who "
                "may mention everybody in it."
            ),
        ),
    ],
)
def test_the_conversation_says_what_was_changed(
    channel: Channel, alice: User, bob: User, changed: dict[str, str], sentence: str
) -> None:
    change(alice, channel, **changed)
    (said,) = reading.latest(bob, channel.id, 1)["messages"]
    assert (said["kind"], said["body"]) == ("system", sentence)
    assert rail_for(bob)[0].unread == 0


def test_nothing_changed_is_no_act(channel: Channel, alice: User) -> None:
    before = Entry.objects.count()
    change(alice, channel)
    assert Entry.objects.count() == before


def test_only_an_owner_changes_a_channel(
    channel: Channel, alice: User, bob: User, carol: User, theo: User
) -> None:
    set_role(by=alice, channel_id=channel.id, person=bob, role="moderator")
    with pytest.raises(NotAllowed):
        change(bob, channel, name="Mine")
    for person in (carol, theo):
        with pytest.raises(ChannelNotFound):
            change(person, channel, name="Mine")
    channel.refresh_from_db()
    assert channel.name == "Year 5"


def test_a_direct_conversation_and_an_archived_channel_have_no_settings(
    channel: Channel, alice: User, bob: User
) -> None:
    direct = open_direct(by=alice, people=[bob])
    with pytest.raises(NotAllowed):
        change(alice, direct)
    archive_channel(by=alice, channel_id=channel.id)
    with pytest.raises(Archived):
        change(alice, channel, name="Again")
    for one in (direct, channel):
        assert client_of(alice).get(page(one)).status_code == 404


def test_a_name_that_is_taken_or_none_is_refused(alice: User, bob: User) -> None:
    create_channel(by=bob, kind="open", name="Staff room")
    mine = create_channel(by=alice, kind="open", name="Hall")
    for name, refusal in (("Staff room", NameTaken), (" ", NamelessChannel)):
        with pytest.raises(refusal):
            change(alice, mine, name=name)
    answer = client_of(alice).post(page(mine), {**FORM, "name": "Staff room"})
    assert "There is already a channel of that name." in answer.content.decode()
    mine.refresh_from_db()
    assert mine.name == "Hall"


def test_an_owner_changes_it_on_its_page_and_the_rail_shows_the_new_name(
    channel: Channel, alice: User, bob: User
) -> None:
    browser = client_of(alice)
    assert page(channel) in browser.get(f"/channels/{channel.id}/members/").content.decode()
    shown = browser.get(page(channel)).content.decode()
    assert 'value="Year 5"' in shown
    answer = browser.post(page(channel), FORM)
    assert answer["Location"] == page(channel)
    assert "are saved" in browser.get(page(channel)).content.decode()
    listed = rail_for(bob)[0]
    assert (listed.name, listed.mention_all) == ("Year 5 and 6", "members")


def test_the_form_says_what_is_wrong(channel: Channel, alice: User) -> None:
    for wrong in ({"name": ""}, {"name": "x" * 81}, {"mention_all": "some"}):
        answer = client_of(alice).post(page(channel), {**FORM, **wrong})
        assert answer.status_code == 200
        assert "field--bad" in answer.content.decode()


def test_members_and_outsiders_find_no_such_page(
    channel: Channel, bob: User, carol: User, theo: User
) -> None:
    for person in (bob, carol, theo):
        browser = client_of(person)
        assert browser.get(page(channel)).status_code == 404
        assert browser.post(page(channel), FORM).status_code == 404
    members = client_of(bob).get(f"/channels/{channel.id}/members/").content.decode()
    assert page(channel) not in members


def test_messages_are_posted_and_found_as_before(channel: Channel, alice: User) -> None:
    say(alice, channel, "Before")
    change(alice, channel, name="Year 6")
    say(alice, channel, "After")
    read = reading.latest(alice, channel.id)["messages"]
    assert [one["body"] for one in read if one["kind"] == "text"] == ["Before", "After"]
