"""Group commit: one message's fault is its own, a commit of unknown outcome is settled, and one
channel that is held holds up no other."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.models import User
from messaging.models import Channel, Message
from tests.faults.proxy import ProxiedDatabase
from tests.faults.scenes import entered, until
from tests.faults.web import Web
from tests.faults.wire import Wire
from tests.roles import acting_as
from tests.scenes import channel_of
from tests.sockets import Frame

pytestmark = pytest.mark.django_db(transaction=True)

#: What only the writer's connection says.
WRITING = b"FOR NO KEY UPDATE"
POISONED = UUID(int=13)
FIFTY = 50

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
    async with entered(pair, alice) as a, entered(pair, bob) as b:
        refs = {a: {str(uuid4()) for _ in range(FIFTY)}, b: {str(uuid4()) for _ in range(FIFTY)}}
        refs[a].add(str(POISONED))
        for wire, own in refs.items():
            for ref in own:
                wire.say("send", ref=ref, channel=channel.id, body=f"Message {ref}")
        found = await answered(a, refs[a]) | await answered(b, refs[b])
    refused = {ref: frame["code"] for ref, frame in found.items() if frame["type"] == "error"}
    assert refused == {str(POISONED): "refused"}
    there = await positions(channel)
    assert there == list(range(1, len(there) + 1))
    assert len(there) == 2 * FIFTY + 1  # with "Alice created this channel"


async def test_a_commit_whose_answer_is_lost_is_settled_by_ref(
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


async def test_a_commit_that_never_arrives_is_made_once(
    pair: Web, proxied: ProxiedDatabase, channel: Channel, alice: User
) -> None:
    async with entered(pair.at(0), alice) as a:
        await a.ask("send", channel=channel.id, body="The writer has its connection")
        proxied.proxy.cut(WRITING)
        frames = [await a.ask("send", channel=channel.id, body=f"Once {n}") for n in range(3)]
    assert [frame["type"] for frame in frames] == ["sent"] * 3
    assert len(await positions(channel)) == 5


async def test_a_locked_channel_holds_up_no_other_and_its_messages_keep_their_order(
    pair: Web, channel: Channel, alice: User
) -> None:
    other = await sync_to_async(channel_of)(alice, name="Year 6")
    async with entered(pair.at(0), alice) as a:
        with psycopg.connect(**await sync_to_async(_where)()) as holding:
            holding.execute("SELECT FROM messaging_channel WHERE id = %s FOR UPDATE", [channel.id])
            held = [a.say("send", channel=channel.id, body=f"Line {n}") for n in range(10)]
            began = time.monotonic()
            for n in range(5):
                assert (await a.ask("send", channel=other.id, body=f"On {n}"))["type"] == "sent"
            assert time.monotonic() - began < 3
            assert len(await positions(channel)) == 1
        found = await answered(a, set(held))
    assert {frame["type"] for frame in found.values()} == {"sent"}
    assert [found[ref]["message"]["seq"] for ref in held] == list(range(2, 12))


def _where() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "port", "dbname", "user", "password")}


async def test_while_the_database_is_away_the_writer_says_so_and_nothing_is_stored_twice(
    pair: Web, proxied: ProxiedDatabase, channel: Channel, alice: User
) -> None:
    async with entered(pair.at(0), alice) as a:
        proxied.proxy.cut(refuse=True)
        refs = {a.say("send", channel=channel.id, body=f"Line {n}") for n in range(20)}
        away = await answered(a, refs, within=10)
        proxied.proxy.forward()
        for ref in refs:
            a.say("send", ref=ref, channel=channel.id, body="Again")
        there = await answered(a, refs)
    assert {frame["code"] for frame in away.values()} == {"unavailable"}
    assert {frame["type"] for frame in there.values()} == {"sent"}
    assert len(await positions(channel)) == 21
