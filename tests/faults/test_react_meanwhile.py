"""Reactions while a batch of messages is being committed, while the channel is held, and over a
connection that breaks in their own commit."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Channel, Message, Reaction
from tests.faults.proxy import ProxiedDatabase
from tests.faults.scenes import entered, held, until
from tests.faults.test_commit_together import committing, in_the_database
from tests.faults.web import Web
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

THUMB = "👍"
#: What only a connection that reacts says.
REACTING = b'INSERT INTO "messaging_reaction"'

_SLOW_COMMIT = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_sleep(0.5);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON messaging_message
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
"""
_QUICK_COMMIT = "DROP TRIGGER dawdle ON messaging_message; DROP FUNCTION dawdle();"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(channel: Channel, alice: User) -> Message:
    return say(alice, channel, "The bus is late")


@pytest.fixture
def slow_commit(message: Message) -> Iterator[None]:
    with in_the_database(_SLOW_COMMIT, _QUICK_COMMIT):
        yield


async def _reactions_in_the_log(message: Message) -> list[int]:
    """The positions of the reactions to it, as entered."""
    entries = Entry.objects.filter(action=Action.MESSAGE_REACTED, subject=message.id)
    return [facts["position"] async for facts in entries.values_list("facts", flat=True)]


@pytest.mark.parametrize("process", [0, 1], ids=["same process", "other process"])
async def test_one_that_comes_in_the_middle_of_a_commit_waits_for_it_and_nobody_meets_a_hole(
    pair: Web,
    channel: Channel,
    message: Message,
    slow_commit: None,
    alice: User,
    bob: User,
    process: int,
) -> None:
    async with entered(pair.at(0), alice) as a, entered(pair.at(process), bob) as b:
        posting = a.say("send", channel=channel.id, body="Here it comes")
        await until(committing)
        assert (await b.ask("react", message=message.id, emoji=THUMB, on=True))["type"] == "done"
        frames: list[dict[str, Any]] = []
        async with asyncio.timeout(10):
            while len(frames) < 2:
                frame = await a.next("message", "changed", "sent")
                # On a busy machine the news of the message before may come only now.
                is_new = frame["type"] != "sent" and frame["upto"] > message.seq
                frames += [frame] if is_new else []
    posted, reacted = frames
    assert posted["message"]["ref"] == posting
    assert reacted["message"]["id"] == str(message.id)
    assert [one["count"] for one in reacted["message"]["reactions"]] == [1]
    assert (posted["upto"], reacted["since"]) == (posted["message"]["seq"], posted["upto"])
    assert await _reactions_in_the_log(message) == [reacted["upto"]]


async def test_one_to_a_held_channel_is_said_not_to_be_stored_and_can_be_given_again(
    pair: Web, channel: Channel, message: Message, bob: User
) -> None:
    async with entered(pair.at(0), bob) as b:
        with await sync_to_async(held)(channel):
            waiting = await b.ask("react", message=message.id, emoji=THUMB, on=True)
        assert (waiting["type"], waiting["code"]) == ("error", "unavailable")
        assert await _reactions_in_the_log(message) == []
        assert (await b.ask("react", message=message.id, emoji=THUMB, on=True))["type"] == "done"
    assert await Reaction.objects.acount() == 1


@pytest.mark.parametrize("passed", [True, False], ids=["answer lost", "never arrived"])
async def test_one_whose_commit_is_of_unknown_outcome_is_given_once_when_it_is_said_again(
    pair: Web,
    proxied: ProxiedDatabase,
    channel: Channel,
    message: Message,
    bob: User,
    passed: bool,
) -> None:
    async with entered(pair.at(0), bob) as b:
        proxied.proxy.cut_at(b"COMMIT", saying=REACTING, passed=passed)
        first = await b.ask("react", message=message.id, emoji=THUMB, on=True)
        assert proxied.proxy.snapped
        assert (first["type"], first["code"]) == ("error", "unavailable")
        assert (await b.ask("react", message=message.id, emoji=THUMB, on=True))["type"] == "done"
    await channel.arefresh_from_db()
    assert await Reaction.objects.acount() == 1
    assert await _reactions_in_the_log(message) == [channel.head]
    assert channel.head == message.seq + 1
