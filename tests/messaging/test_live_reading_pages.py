"""Pages of a channel: one rendering, few queries, and for its members only."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import orjson
import pytest

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.keyring import UnknownGeneration
from audit.statements import ask
from messaging.exceptions import ChannelNotFound, MessageNotFound, UnknownPerson
from messaging.live import reading
from messaging.live.reading import pages
from messaging.live.reading.rows import MOST_BYTES
from messaging.models import Channel, Message
from messaging.queries import newest
from messaging.rendering import UNREADABLE, messages_json
from messaging.services.channels import remove_member
from messaging.services.messages import delete_message, edit_message
from tests.messaging.reading_scene import (
    bodies,
    counted,
    head,
    imported,
    put_out_of_view,
    queries_of,
    spoil,
)
from tests.scenes import channel_of, say


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def all_sorts(channel: Channel, alice: User, bob: User) -> Channel:
    """A message of every sort, one of them out of view."""
    imported(channel, alice)
    first = say(alice, channel, "Fire drill at **2**")
    say(bob, channel, "Which playground?", reply_to=first.id)
    edit_message(author=alice, message_id=first.id, body="Fire drill at **3**")
    delete_message(by=bob, message_id=say(bob, channel, "Ignore me").id)
    put_out_of_view(say(bob, channel, "Held and disposed of"))
    say(alice, channel, "See you there")
    return channel


def test_pages_are_the_same_messages_as_elsewhere_in_at_most_three_queries(
    all_sorts: Channel, alice: User
) -> None:
    expected = messages_json(newest(all_sorts, 50))
    shown = {m["body"]: m for m in expected}
    question = UUID(shown["Which playground?"]["id"])
    at = all_sorts.id
    with counted() as sent:
        latest = reading.latest(alice, at)
    assert len(sent) <= 3
    assert latest == {
        "channel": str(at),
        "since": 0,
        "upto": head(all_sorts),
        "messages": expected,
        "more": False,
    }
    assert {m["kind"] for m in expected} == {"text", "system", "imported"}
    assert any(m["deleted_at"] and not m["html"] for m in expected)
    assert any(m["edited_at"] and "<strong>3</strong>" in m["html"] for m in expected)
    assert any(m["author"] == {"id": None, "name": "Nadia"} for m in expected)
    assert "Held and disposed of" not in str(expected)

    place = [m["id"] for m in expected].index(str(question))
    before = reading.earlier(alice, at, question, 2)
    assert before["messages"] == expected[place - 2 : place]
    assert (before["since"], before["upto"], before["more"]) == (None, None, True)
    around = reading.beside(alice, at, question, 4)
    assert around["messages"] == expected[place - 2 : place + 2]
    assert reading.beside(alice, at, question, 1)["messages"] == [expected[place]]
    assert reading.beside(alice, at, UUID(expected[0]["id"]), 3)["messages"] == expected[:3]
    assert reading.beside(alice, at, question)["messages"] == expected
    last = UUID(expected[-1]["id"])
    assert reading.earlier(alice, at, last)["messages"] == expected[:-1]
    assert reading.message_of(alice, question) == expected[place]
    for page in (
        lambda: reading.earlier(alice, at, question),
        lambda: reading.beside(alice, at, question),
        lambda: reading.after(alice, at, head(all_sorts) - 1),
        lambda: reading.message_of(alice, question),
    ):
        assert queries_of(page) <= 3


def test_a_message_that_alone_is_too_long_for_a_frame_is_shown(
    channel: Channel, alice: User
) -> None:
    imported(channel, alice, "&" * 99_000)
    system = UUID(reading.latest(alice, channel.id, 1)["messages"][0]["id"])
    (message,) = reading.earlier(alice, channel.id, system)["messages"]
    assert message["body"] == "&" * 99_000
    assert len(orjson.dumps(message)) > MOST_BYTES


def test_after_a_position_come_the_changes_since_it_and_whether_there_is_more(
    all_sorts: Channel, alice: User
) -> None:
    floor = Channel.objects.get(id=all_sorts.id).floor
    got, since, more = [], floor, True
    while more:
        page = reading.after(alice, all_sorts.id, since, 2)
        assert page["since"] == since
        got += page["messages"]
        since, more = page["upto"], page["more"]
    assert since == head(all_sorts)
    changed = [m["changed"] for m in got]
    assert changed == sorted(changed)
    assert bodies(got) == ["Which playground?", "Fire drill at **3**", "", "See you there"]
    live = reading.changes_of({all_sorts.id: floor})[all_sorts.id].changes
    assert [change.message for change in live] == got


def test_a_body_that_does_not_open_takes_nothing_else_with_it(
    channel: Channel, alice: User, bob: User
) -> None:
    since = head(channel)
    altered = say(bob, channel, "Altered in a moment")
    say(bob, channel, "Still here")
    spoil(altered)

    changes = reading.changes_of({channel.id: since})[channel.id].changes
    for messages in (
        [change.message for change in changes],
        reading.greeting(alice.id, {str(channel.id): since}).frames[0]["messages"],
        reading.after(alice, channel.id, since)["messages"],
        reading.latest(alice, channel.id, 2)["messages"],
    ):
        assert [m["html"] for m in messages] == [UNREADABLE, "<p>Still here</p>"]
    assert reading.message_of(alice, altered.id)["html"] == UNREADABLE


def test_a_keyring_that_moves_on_meanwhile_is_the_readers_to_hear(
    channel: Channel, alice: User
) -> None:
    message = say(alice, channel, "Under the old generation")
    since = message.changed - 1
    with patch("messaging.vault.versions.opened", side_effect=UnknownGeneration):
        for read in (
            lambda: reading.changes_of({channel.id: since}),
            lambda: reading.greeting(alice.id, {str(channel.id): since}),
            lambda: reading.after(alice, channel.id, since),
            lambda: reading.latest(alice, channel.id),
            lambda: reading.message_of(alice, message.id),
        ):
            with pytest.raises(UnknownGeneration):
                read()


def _refused(person: User, channel: Channel, message: Message) -> None:
    """Nothing of the channel is read for this person, by any door."""
    doors: list[Callable[[], object]] = [
        lambda: reading.after(person, channel.id, 0),
        lambda: reading.latest(person, channel.id),
        lambda: reading.earlier(person, channel.id, message.id),
        lambda: reading.beside(person, channel.id, message.id),
    ]
    for page in doors:
        with pytest.raises(ChannelNotFound):
            page()
    with pytest.raises(MessageNotFound):
        reading.message_of(person, message.id)
    greeting = reading.greeting(person.id, {str(channel.id): 0})
    assert (greeting.welcome["channels"], greeting.frames) == ([], [])
    assert reading.joined_channel(channel.id, [person.id]) == {}


def test_carol_and_theo_read_nothing_of_a_channel(
    channel: Channel, alice: User, carol: User, theo: User
) -> None:
    message = say(alice, channel, "Private")
    _refused(carol, channel, message)
    _refused(theo, channel, message)
    own = channel_of(carol, name="Carol's")
    with pytest.raises(MessageNotFound):
        reading.earlier(carol, own.id, message.id)
    with pytest.raises(MessageNotFound):
        reading.beside(carol, own.id, message.id)
    with pytest.raises(UnknownPerson):
        reading.greeting(uuid4(), {})


def test_a_removed_member_reads_nothing_any_more(channel: Channel, alice: User, bob: User) -> None:
    message = say(alice, channel, "Before and after")
    assert reading.latest(bob, channel.id)["messages"]
    remove_member(by=alice, channel_id=channel.id, person=bob)
    _refused(bob, channel, message)
    found = reading.changes_of({channel.id: 0}, with_members=[channel.id])[channel.id]
    assert found.members == frozenset({alice.id})


def test_a_closed_account_reads_nothing_but_is_still_a_member(
    channel: Channel, alice: User, bob: User
) -> None:
    message = say(bob, channel, "My last words")
    deactivate_person(by=None, person_id=bob.id)
    _refused(bob, channel, message)
    found = reading.changes_of({channel.id: 0}, with_members=[channel.id])[channel.id]
    assert found.members == frozenset({alice.id, bob.id})
    assert reading.latest(alice, channel.id, 1)["messages"][0]["author"]["name"] == bob.display_name


def _remove(alice: User, bob: User, message: Message) -> None:
    remove_member(by=alice, channel_id=message.channel_id, person=bob)


def _close(_alice: User, bob: User, _message: Message) -> None:
    deactivate_person(by=None, person_id=bob.id)


def _dispose(_alice: User, _bob: User, message: Message) -> None:
    put_out_of_view(message)


@pytest.mark.parametrize(
    ("end", "refusal"),
    [(_remove, ChannelNotFound), (_close, ChannelNotFound), (_dispose, MessageNotFound)],
)
def test_access_that_ends_between_the_halves_of_a_page_ends_the_page(
    channel: Channel,
    alice: User,
    bob: User,
    end: Callable[[User, User, Message], None],
    refusal: type[Exception],
) -> None:
    message = say(alice, channel, "In the middle")

    def asked(statement: Any, values: Any) -> Any:
        answer = ask(statement, values)
        if statement == pages._EARLIER:
            end(alice, bob, message)
        return answer

    assert reading.beside(bob, channel.id, message.id)["messages"]
    with patch.object(pages, "ask", asked), pytest.raises(refusal):
        reading.beside(bob, channel.id, message.id)


def test_a_message_out_of_view_is_read_by_nobody(channel: Channel, alice: User, bob: User) -> None:
    since = head(channel)
    held = say(bob, channel, "Held and disposed of")
    put_out_of_view(held)
    with pytest.raises(MessageNotFound):
        reading.message_of(alice, held.id)
    with pytest.raises(MessageNotFound):
        reading.beside(alice, channel.id, held.id)
    with pytest.raises(MessageNotFound):
        reading.earlier(alice, channel.id, held.id)
    found = reading.changes_of({channel.id: since})[channel.id]
    assert (found.changes, found.upto) == ((), held.changed)
    greeting = reading.greeting(alice.id, {str(channel.id): since})
    assert greeting.frames[0]["messages"] == []
    assert (greeting.frames[0]["upto"], greeting.frames[0]["more"]) == (held.changed, False)
    assert greeting.welcome["channels"][0]["unread"] == 0
