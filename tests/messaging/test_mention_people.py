"""Mentions: resolved when a message is posted or edited, against who is in the channel then."""

from typing import Any
from uuid import uuid4

import orjson
import pytest

from accounts.models import User
from messaging.ingest.drafts import Draft, Posted
from messaging.ingest.store import store
from messaging.live import reading
from messaging.models import Channel, Mention, Message
from messaging.rendering import messages_json
from messaging.services.channel_settings import change_channel
from messaging.services.channels import (
    add_member,
    create_channel,
    mark_read_many,
    open_direct,
    remove_member,
    set_role,
)
from messaging.services.messages import delete_message, edit_message
from tests.messaging.reading_scene import counted, put_out_of_view
from tests.scenes import channel_of, say
from tests.statements import every_statement


@pytest.fixture
def channel(alice: User, bob: User, dana: User) -> Channel:
    return channel_of(alice, bob, dana)


def shown(message: Message) -> dict[str, Any]:
    message.refresh_from_db()
    return messages_json([message])[0]


def listed(person: User, channel: Channel) -> dict[str, Any]:
    return reading.joined_channel(channel.id, [person.id])[person.id]


def waiting(person: User, channel: Channel) -> int:
    return int(listed(person, channel)["mentions"])


def let_mention_all(by: User, channel: Channel, who: str) -> None:
    change_channel(by=by, channel_id=channel.id, name="Year 5", purpose="", mention_all=who)


def test_a_member_is_mentioned_by_name_and_counts_it_as_unread(
    channel: Channel, alice: User, bob: User, dana: User
) -> None:
    said = say(alice, channel, f"Can you, @{bob.display_name}?")
    message = shown(said)
    assert (message["mentions"], message["mentions_all"]) == ([str(bob.id)], None)
    assert message["html"] == (
        f'<p>Can you, <span class="mention" data-user="{bob.id}">@{bob.display_name}</span>?</p>'
    )
    assert message["body"] == f"Can you, @{bob.display_name}?"
    assert [waiting(person, channel) for person in (alice, bob, dana)] == [0, 1, 0]
    mark_read_many(positions={(bob.id, channel.id): said.seq})
    assert waiting(bob, channel) == 0


def test_what_is_answered_to_the_sender_is_what_is_read_later(
    channel: Channel, alice: User, bob: User
) -> None:
    draft = Draft(
        author=alice.id, channel=channel.id, ref=uuid4(), body=f"@{bob.display_name} and @everyone"
    )
    (posted,) = store([draft])
    assert isinstance(posted, Posted)
    (read,) = reading.latest(bob, channel.id, 1)["messages"]
    assert posted.shown == _json(read)


def _json(message: dict[str, Any]) -> bytes:
    return orjson.dumps(message)


def test_only_present_members_with_an_open_account_are_mentioned(
    channel: Channel, alice: User, bob: User, carol: User, dana: User
) -> None:
    remove_member(by=alice, channel_id=channel.id, person=dana)
    User.objects.filter(id=bob.id).update(is_active=False)
    names = " ".join(f"@{person.display_name}" for person in (bob, carol, dana))
    assert shown(say(alice, channel, names))["mentions"] == []
    assert not Mention.objects.exists()


def test_two_members_of_one_name_are_both_mentioned(
    channel: Channel, alice: User, bob: User, dana: User
) -> None:
    User.objects.filter(id=dana.id).update(display_name=bob.display_name)
    message = shown(say(alice, channel, f"@{bob.display_name}"))
    assert set(message["mentions"]) == {str(bob.id), str(dana.id)}
    assert [waiting(person, channel) for person in (bob, dana)] == [1, 1]


@pytest.mark.shows("mention-all")
def test_owners_and_moderators_mention_everybody_unless_the_channel_says_otherwise(
    channel: Channel, alice: User, bob: User, dana: User
) -> None:
    set_role(by=alice, channel_id=channel.id, person=dana, role="moderator")
    outcomes = {}
    for who in ("owners", "members", "nobody"):
        let_mention_all(alice, channel, who)
        outcomes[who] = [
            (shown(say(person, channel, "@everyone, quick"))["mentions_all"] is not None)
            for person in (alice, dana, bob)
        ]
        assert outcomes[who] == [
            listed(person, channel)["can_mention_all"] for person in (alice, dana, bob)
        ]
    assert outcomes == {
        "owners": [True, True, False],
        "members": [True, True, True],
        "nobody": [False, False, False],
    }


def test_whoever_may_not_sends_the_words_all_the_same(
    channel: Channel, alice: User, bob: User
) -> None:
    message = shown(say(bob, channel, "@here anybody?"))
    assert message["html"] == "<p>@here anybody?</p>"
    assert waiting(alice, channel) == 0


def test_a_guest_mentions_nobody_at_once_even_where_members_may(
    channel: Channel, alice: User, bob: User
) -> None:
    let_mention_all(alice, channel, "members")
    set_role(by=alice, channel_id=channel.id, person=bob, role="guest")
    assert shown(say(bob, channel, "@everyone"))["mentions_all"] is None


def test_in_a_direct_conversation_both_may_and_in_announcements_who_posts(
    alice: User, bob: User
) -> None:
    direct = open_direct(by=alice, people=[bob])
    assert shown(say(bob, direct, "@here"))["mentions_all"] == "here"
    news = create_channel(by=alice, kind="announcement", name="All staff", members=[bob])
    say(alice, news, "@everyone INSET day")
    assert (waiting(bob, news), listed(bob, news)["can_mention_all"]) == (1, False)


def test_everybody_counts_it_but_who_said_it_and_once_with_their_name_beside(
    channel: Channel, alice: User, bob: User, dana: User
) -> None:
    say(alice, channel, f"@everyone, and you @{bob.display_name}")
    assert [waiting(person, channel) for person in (alice, bob, dana)] == [0, 1, 1]


def test_who_joins_later_was_not_meant(channel: Channel, alice: User, carol: User) -> None:
    say(alice, channel, "@everyone")
    add_member(by=alice, channel_id=channel.id, person=carol)
    assert waiting(carol, channel) == 0


def test_an_edit_mentions_anew(channel: Channel, alice: User, bob: User, dana: User) -> None:
    said = say(alice, channel, f"@{bob.display_name}")
    edit_message(author=alice, message_id=said.id, body=f"@{dana.display_name}, sorry")
    assert shown(said)["mentions"] == [str(dana.id)]
    assert [waiting(person, channel) for person in (bob, dana)] == [0, 1]
    edit_message(author=alice, message_id=said.id, body="Never mind")
    assert shown(said)["mentions"] == []
    assert not Mention.objects.exists()


def test_what_is_deleted_or_out_of_view_does_not_wait_for_anybody(
    channel: Channel, alice: User, bob: User
) -> None:
    first, second = (say(alice, channel, f"@{bob.display_name}") for _ in range(2))
    delete_message(by=alice, message_id=first.id)
    put_out_of_view(second)
    assert waiting(bob, channel) == 0
    assert (shown(first)["mentions"], shown(first)["mentions_all"]) == ([], None)


def test_a_batch_asks_once_for_all_its_mentions_and_not_at_all_without_one(
    channel: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Year 6")

    def drafts(body: str) -> list[Draft]:
        return [
            Draft(author=alice.id, channel=one.id, ref=uuid4(), body=body)
            for one in (channel, other)
            for _ in range(5)
        ]

    store(drafts("The month is open now"))
    with counted() as plain:
        store(drafts("No mention"))
    with counted() as mentioning:
        assert all(isinstance(one, Posted) for one in store(drafts(f"@{bob.display_name}")))
    assert len(mentioning) == len(plain) + 2  # who is there, and the rows
    assert not [one for one in plain if "mention" in one.lower() and "_mention" in one]
    assert (waiting(bob, channel), waiting(bob, other)) == (5, 5)


def test_no_statement_says_a_word_of_the_message(channel: Channel, alice: User, bob: User) -> None:
    with every_statement() as said:
        say(alice, channel, f"The wombat is loose, @{bob.display_name}")
    assert [one for one in said if "wombat" in one or bob.display_name in one] == []


def test_carol_learns_of_no_mention(channel: Channel, alice: User, carol: User) -> None:
    say(alice, channel, f"@{carol.display_name} @everyone")
    greeting = reading.greeting(carol.id, {str(channel.id): 0})
    assert (greeting.welcome["channels"], greeting.frames) == ([], [])
    assert not Mention.objects.filter(person=carol).exists()
