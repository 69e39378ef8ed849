"""Group commit: one message's fault is its own, a commit of unknown outcome is settled, and one
channel that is held holds up no other."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.models import User
from messaging.models import Channel, Message
from tests.faults.proxy import ProxiedDatabase
from tests.faults.scenes import entered, held, until
from tests.faults.web import Web
from tests.faults.wire import Wire
from tests.roles import acting_as
from tests.scenes import channel_of
from tests.sockets import Frame

pytestmark = pytest.mark.django_db(transaction=True)

#: What only the connection of a writer says.
WRITING = b"WITH fresh AS MATERIALIZED"
POISONED = UUID(int=13)
FIFTY = 50
TIMES = 3
HELD_SECONDS = 1.5
PROMPT_SECONDS = 1.0

_POISON = f"""
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.ref = '{POISONED}' THEN RAISE EXCEPTION 'poisoned'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT ON messaging_message
    FOR EACH ROW EXECUTE FUNCTION poison();
"""
_NO_POISON = "DROP TRIGGER poison ON messaging_message; DROP FUNCTION poison();"

_SLOW_COMMIT = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_sleep(1);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON messaging_message
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
"""
_QUICK_COMMIT = "DROP TRIGGER dawdle ON messaging_message; DROP FUNCTION dawdle();"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@contextmanager
def in_the_database(statements: str, undone_by: str) -> Iterator[None]:
    """Something that its owner can do to the database, for the length of the block."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(statements)
    try:
        yield
    finally:
        with acting_as("owner"), connection.cursor() as cursor:
            cursor.execute(undone_by)


@pytest.fixture
def poison(transactional_db: None) -> Iterator[None]:
    with in_the_database(_POISON, _NO_POISON):
        yield


@pytest.fixture
def slow_commit(transactional_db: None) -> Iterator[None]:
    with in_the_database(_SLOW_COMMIT, _QUICK_COMMIT):
        yield


def committing() -> bool:
    """Whether somebody's COMMIT has arrived and is being worked on; asked in a thread."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'active' AND query = 'COMMIT'"
            )
            return bool(cursor.fetchone()[0])
    finally:
        connection.close()


async def answered(wire: Wire, refs: set[str], within: float = 20) -> dict[str, Frame]:
    """The answers to these, by `ref`."""
    answers: dict[str, Frame] = {}
    async with asyncio.timeout(within):
        while refs - answers.keys():
            frame = await wire.next("sent", "error")
            answers[frame["ref"]] = frame
    return answers


async def positions(channel: Channel) -> list[int]:
    kept = Message.objects.filter(channel=channel).order_by("seq")
    return [seq async for seq in kept.values_list("seq", flat=True)]


async def test_one_poisoned_message_fails_none_of_its_neighbours(
    pair: Web, poison: None, channel: Channel, alice: User, bob: User
) -> None:
    """The channel is held while they are sent, so that they make one batch."""
    refs = [[str(uuid4()) for _ in range(FIFTY // 2)] for _ in range(2)]
    refs[0][7] = str(POISONED)
    async with entered(pair.at(0), alice) as a, entered(pair.at(0), bob) as b:
        with await sync_to_async(held)(channel):
            for wire, own in zip((a, b), refs, strict=True):
                for ref in own:
                    wire.say("send", ref=ref, channel=channel.id, body=f"Message {ref}")
                await wire.answers()
        found = await answered(a, set(refs[0])) | await answered(b, set(refs[1]))
    refused = {ref: frame["code"] for ref, frame in found.items() if frame["type"] == "error"}
    assert refused == {str(POISONED): "refused"}
    there = await positions(channel)
    assert there == list(range(1, 1 + FIFTY))  # with "Alice created this channel"


@pytest.mark.parametrize("passed", [True, False], ids=["answer lost", "never arrived"])
async def test_a_commit_of_unknown_outcome_is_settled_by_ref(
    pair: Web,
    proxied: ProxiedDatabase,
    channel: Channel,
    alice: User,
    bob: User,
    passed: bool,
) -> None:
    async with entered(pair.at(0), alice) as a, entered(pair.at(0), bob) as b:
        await a.ask("send", channel=channel.id, body="The writer has its connection")
        for _ in range(TIMES):
            proxied.proxy.cut_at(b"COMMIT", saying=WRITING, passed=passed)
            said = {
                wire: [wire.say("send", channel=channel.id, body=f"{n}") for n in range(10)]
                for wire in (a, b)
            }
            found = await answered(a, set(said[a])) | await answered(b, set(said[b]))
            assert proxied.proxy.snapped
            assert {frame["type"] for frame in found.values()} == {"sent"}
            ids = {ref: frame["message"]["id"] for ref, frame in found.items()}
            kept = Message.objects.filter(channel=channel, ref__in=ids)
            assert {str(one.ref): str(one.id) async for one in kept} == ids
        there = await positions(channel)
    assert there == list(range(1, 2 + 1 + TIMES * 20))


async def test_a_commit_that_is_still_at_work_when_its_connection_goes_is_settled_by_ref(
    pair: Web, proxied: ProxiedDatabase, slow_commit: None, channel: Channel, alice: User
) -> None:
    async with entered(pair.at(0), alice) as a:
        ref = a.say("send", channel=channel.id, body="Was it stored?")
        await until(committing)
        proxied.proxy.cut(WRITING)  # the server goes on, and commits
        (frame,) = (await answered(a, {ref})).values()
    assert frame["type"] == "sent"
    kept = [str(message.id) async for message in Message.objects.filter(ref=UUID(ref))]
    assert kept == [frame["message"]["id"]]


async def test_a_locked_channel_holds_up_no_other_and_its_messages_keep_their_order(
    pair: Web, channel: Channel, alice: User
) -> None:
    other = await sync_to_async(channel_of)(alice, name="Year 6")
    async with entered(pair.at(0), alice) as a:
        with await sync_to_async(held)(channel):
            waiting = [a.say("send", channel=channel.id, body=f"Line {n}") for n in range(10)]
            release_at = time.monotonic() + HELD_SECONDS
            while time.monotonic() < release_at:
                began = time.monotonic()
                assert (await a.ask("send", channel=other.id, body="On"))["type"] == "sent"
                assert time.monotonic() - began < PROMPT_SECONDS
            assert len(await positions(channel)) == 1
        found = await answered(a, set(waiting))
    assert {frame["type"] for frame in found.values()} == {"sent"}
    assert [found[ref]["message"]["seq"] for ref in waiting] == list(range(2, 12))


async def test_while_the_database_is_away_the_writer_says_so_and_nothing_is_stored_twice(
    pair: Web, proxied: ProxiedDatabase, channel: Channel, alice: User
) -> None:
    async with entered(pair.at(0), alice) as a:
        proxied.proxy.cut(refuse=True)
        began = time.monotonic()
        refs = {a.say("send", channel=channel.id, body=f"Line {n}") for n in range(20)}
        away = await answered(a, refs)
        assert time.monotonic() - began < PROMPT_SECONDS
        proxied.proxy.forward()
        for ref in refs:
            a.say("send", ref=ref, channel=channel.id, body="Again")
        there = await answered(a, refs)
    assert {frame["code"] for frame in away.values()} == {"unavailable"}
    assert {frame["type"] for frame in there.values()} == {"sent"}
    assert len(await positions(channel)) == 21
