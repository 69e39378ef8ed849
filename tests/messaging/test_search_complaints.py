"""What users of other messengers complain that they cannot find, each with their example.

The words of attachments, which they miss as well, are in test_search_files.py.
"""

import pytest

from accounts.models import User
from messaging.models import Channel
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.services.messages import delete_message, edit_message
from tests.messaging.search_scene import Scene, every_hit
from tests.scenes import channel_of, say

DESK = Scope(channels=None, versions=True)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        pytest.param("*board*", "the whiteboards are new", id="part of a word"),
        pytest.param("j.doe", "ask j.doe about it", id="names with dots"),
        pytest.param("node.js", "we teach node.js", id="words with dots"),
        pytest.param("example.com", "https://sub.example.com/a-b?c=1", id="host names"),
        pytest.param("https://sub.example.com", "see https://sub.example.com/x", id="URLs"),
        pytest.param("jane@example.com", "<jane@example.com> wrote", id="e-mail addresses"),
        pytest.param("example.com", "jane@example.com wrote", id="the ends of addresses"),
        pytest.param("2026-05-12", "due 12/05/2026", id="dates as they are written here"),
        pytest.param("12/05/2026", "due 2026-05-12", id="dates as machines write them"),
        pytest.param("IT", "call IT", id="two letters"),
        pytest.param("J K", "tell J and K", id="initials"),
        pytest.param("x", "room x is shut", id="one letter"),
        pytest.param("wellbeing", "the well-being week", id="without the hyphen"),
        pytest.param("well-being", "the wellbeing week", id="with a hyphen"),
        pytest.param("oneill", "Mr O’Neill called", id="without the apostrophe"),
        pytest.param("O'Neill", "Mr ONeill called", id="with an apostrophe"),
        pytest.param('"to be or not to be"', "“To be, or not to be”", id="stop words in a row"),
    ],
)
def test_what_others_cannot_find_is_found(
    typed: str, text: str, channel: Channel, alice: User
) -> None:
    message = say(alice, channel, text)
    say(alice, channel, "nothing of the kind")

    page = search(Scope(channels=frozenset({channel.id})), parse(typed))

    assert [hit.message.id for hit in page.hits] == [message.id]


def test_more_than_the_latest_hundred_can_be_reached(channel: Channel, alice: User) -> None:
    scene = Scene()
    oldest = scene.write(alice, channel, days_ago=300, text="the boiler broke")
    for day in range(110):
        scene.write(alice, channel, days_ago=day, text="the boiler hums")

    found = every_hit(Scope(channels=frozenset({channel.id})), parse("boiler"), limit=40)

    assert len(found) == 111
    assert found[-1].message == oldest.id


def test_what_was_edited_away_or_deleted_is_there_for_the_desk(
    channel: Channel, alice: User
) -> None:
    message = say(alice, channel, "meet behind the gym")
    edit_message(author=alice, message_id=message.id, body="meet me at lunch")
    delete_message(by=alice, message_id=message.id)

    assert [hit.body.text for hit in search(DESK, parse("gym")).hits] == ["meet behind the gym"]
    assert [hit.body.text for hit in search(DESK, parse("lunch")).hits] == ["meet me at lunch"]
    assert not search(Scope(channels=frozenset({channel.id})), parse("gym OR lunch")).hits


def test_hits_are_narrowed_to_one_person(channel: Channel, alice: User, bob: User) -> None:
    say(alice, channel, "the trip is off")
    by_bob = say(bob, channel, "the trip is on")

    page = search(DESK, parse("trip", author=bob.id))

    assert [hit.message.id for hit in page.hits] == [by_bob.id]
