"""A message is found by the words of its corrections, by those who may read it."""

import pytest

from accounts.models import User
from messaging.models import Channel, Message
from messaging.rendering import messages_json
from messaging.search.query import parse
from messaging.search.rebuild import rebuild_all
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.services.corrections import correct_own, correct_record
from messaging.services.messages import delete_message, edit_message
from tests.cast import client_of
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(channel: Channel, alice: User) -> Message:
    said = say(alice, channel, "Sam was late on Monday")
    correct_own(author=alice, message_id=said.id, body="The register says Tuesday")
    return said


def found(words: str, channel: Channel | None = None) -> int:
    """Hits of a member of the channel, or of the desk."""
    mine = Scope(channels=frozenset({channel.id})) if channel else None
    return len(search(mine or Scope(channels=None, versions=True), parse(words)).hits)


def test_a_member_finds_the_message_by_both_and_sees_the_correction(
    message: Message, channel: Channel, bob: User, carol: User
) -> None:
    for words in ("late", "register", "late register", '"register says"'):
        assert found(words, channel) == 1
    assert found("late wednesday", channel) == 0
    page = client_of(bob).get("/search/", {"q": "register"}).content.decode()
    assert "The register says Tuesday" in page
    assert "Sam was late on Monday" in page
    assert (
        "register says" not in client_of(carol).get("/search/", {"q": "register"}).content.decode()
    )


def test_edits_deletions_and_rebuilding_keep_what_is_found(
    message: Message, channel: Channel, alice: User, priya: User
) -> None:
    edit_message(author=alice, message_id=message.id, body="Sam was delayed")
    correct_record(by=priya, message_id=message.id, body="By snow", reason="request")
    for words, many in (("delayed register snow", 1), ("late", 0)):
        assert found(words, channel) == many
    with acting_as("worker"):
        assert list(rebuild_all())
    assert [found(words, channel) for words in ("delayed register snow", "late")] == [1, 0]
    delete_message(by=alice, message_id=message.id)
    correct_record(by=priya, message_id=message.id, body="By hail", reason="request")
    assert found("snow", channel) == 0
    for words in ("delayed snow hail", "late"):
        assert found(words) == 1
    with acting_as("worker"):
        list(rebuild_all())
    for words in ("delayed snow hail", "late"):
        assert found(words) == 1


def test_what_is_passed_on_brings_its_corrections(
    message: Message, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    there = channel_of(bob, carol, alice, name="Elsewhere")
    first = say(bob, there, "", forward=message.id)
    correct_own(author=bob, message_id=first.id, body="I asked: Tuesday it was")
    second = say(bob, channel, "", forward=first.id)
    (shown,) = messages_json([second])
    assert [one["body"] for one in shown["forwarded"]["corrections"]] == [
        "The register says Tuesday",
        "I asked: Tuesday it was",
    ]
    assert shown["corrections"] == []
    (plain,) = messages_json([say(bob, there, "", forward=say(bob, there, "Hello").id)])
    assert "corrections" not in plain["forwarded"]
