"""Opening a channel: one answer brings its messages and all that is shown around them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest

from accounts.models import User
from audit.clock import now
from messaging.exceptions import ChannelNotFound
from messaging.live.frames import Asked, BadFrame, parse
from messaging.live.opening import opened
from messaging.models import Channel
from messaging.own_words import OwnWords
from messaging.school.values import Extent
from messaging.services.channels import mark_read_many, remove_member
from messaging.services.kept_drafts import keep_draft
from messaging.services.messages import delete_message
from messaging.services.pins import pin
from tests.messaging.reading_scene import bodies, head, put_out_of_view
from tests.scenes import channel_of, say
from tests.statements import every_statement


@pytest.fixture
def channel(alice: User, bob: User, dana: User) -> Channel:
    return channel_of(alice, bob)


def _asked(channel: Channel, **fields: Any) -> Asked:
    frame = {"type": "fetch", "ref": str(uuid4()), "channel": str(channel.id), **fields}
    return parse(orjson.dumps(frame).decode())


def _open(person: User, channel: Channel, **fields: Any) -> dict[str, Any]:
    wanted = {"opening": True, "answered": True, **fields}
    return opened(
        person, channel.id, _asked(channel, **wanted), language="en-gb", receipts=Extent.ON
    )


@pytest.mark.shows("open-channel")
def test_opening_a_channel_is_one_question_and_at_most_six_statements(
    channel: Channel, alice: User, bob: User
) -> None:
    question = say(bob, channel, "Who brings the kiln?")
    pin(by=alice, message_id=question.id, on=True)
    mine = say(alice, channel, "Not me", reply_to=question.id)
    mark_read_many(positions={(bob.id, channel.id): mine.seq})
    words = OwnWords(text="Ask Carol", reply_to=question.id)
    keep_draft(person=alice, channel_id=channel.id, words=words, written_at=now())

    with every_statement() as said:
        found = _open(alice, channel, limit=1, pins=True)
    assert len(said) <= 6
    assert bodies(found["messages"]) == ["Not me"]
    assert bodies(found["pins"]) == ["Who brings the kiln?"]
    assert bodies(found["answered"].values()) == ["Who brings the kiln?"]
    assert found["readers"]["line"].startswith("2 members. Dana Doyle may search it")
    assert found["draft"]["text"] == "Ask Carol"
    assert found["draft"]["reply_to"] == found["answered"][str(question.id)]
    assert found["receipts"] == [{"user": str(bob.id), "seq": mine.seq}]

    with every_statement() as said:
        again = _open(alice, channel, after=head(channel))
    assert len(said) <= 6
    assert again["messages"] == []
    assert again["draft"]["reply_to"]["body"] == "Who brings the kiln?"


def test_who_can_read_it_is_true_when_it_is_opened(
    channel: Channel, alice: User, bob: User, dana: User
) -> None:
    readers = _open(alice, channel)["readers"]
    assert "Dana Doyle may search it" in readers["line"]
    assert readers["brief"] == "2 in it · 1 may search it · kept 1 year"
    dana.groups.clear()
    remove_member(by=alice, channel_id=channel.id, person=bob)
    assert _open(alice, channel)["readers"]["line"].startswith("Only you. Kept for")
    with pytest.raises(ChannelNotFound):
        _open(bob, channel)


def test_a_draft_is_its_authors_alone_and_the_latest_counts(
    channel: Channel, alice: User, bob: User
) -> None:
    early = now() - timedelta(hours=1)
    for text, at in (("Typed at the desk", now()), ("Typed before that", early)):
        keep_draft(person=bob, channel_id=channel.id, words=OwnWords(text=text), written_at=at)
    assert _open(bob, channel)["draft"]["text"] == "Typed at the desk"
    assert _open(alice, channel)["draft"] is None
    keep_draft(person=bob, channel_id=channel.id, words=OwnWords(text=""), written_at=now())
    assert _open(bob, channel)["draft"] is None


def test_what_is_answered_comes_along_unless_it_is_gone(
    channel: Channel, alice: User, bob: User
) -> None:
    held, deleted = say(bob, channel, "Held"), say(bob, channel, "A slip")
    words = OwnWords(text="You mean", reply_to=deleted.id)
    keep_draft(person=alice, channel_id=channel.id, words=words, written_at=now())
    answers = [say(alice, channel, "Yes", reply_to=one.id) for one in (held, deleted)]
    put_out_of_view(held)
    delete_message(by=bob, message_id=deleted.id)

    found = _open(alice, channel, before=str(answers[1].id), limit=1)
    assert found["answered"][str(held.id)] is None
    assert found["answered"][str(deleted.id)]["deleted_at"]
    assert found["draft"]["reply_to"] is None
    whole = _open(alice, channel)
    assert set(whole["answered"]) == {str(held.id)}, "the other one stands in the page itself"


def test_who_does_not_ask_is_told_nothing_more(channel: Channel, alice: User, carol: User) -> None:
    plain = opened(alice, channel.id, _asked(channel), language="en-gb", receipts=Extent.ON)
    assert set(plain) == {"channel", "since", "upto", "messages", "more"}
    assert _open(alice, channel, opening=None)["answered"] == {}
    with pytest.raises(ChannelNotFound):
        _open(carol, channel)
    with pytest.raises(BadFrame):
        _open(alice, channel, opening="yes")
    closed = opened(
        alice, channel.id, _asked(channel, opening=True), language="en-gb", receipts=Extent.DIRECT
    )
    assert closed["receipts"] is None
