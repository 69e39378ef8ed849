"""How far people have read: many positions in one statement, a little later, and never lost."""

import asyncio
from collections.abc import Collection, Mapping
from threading import Thread
from uuid import UUID, uuid4

import orjson
import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection, transaction

from accounts.models import User
from audit.models import Entry
from messaging.live import read_positions
from messaging.live.moods import Moods
from messaging.live.read_positions import ReadPositions
from messaging.models import Channel, Membership
from messaging.queries import rail_for
from messaging.services.channels import Moved, mark_read_many, remove_member
from tests.patience import until
from tests.scenes import channel_of, say
from tests.server import serving
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

type Positions = dict[tuple[UUID, UUID], int]


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    made = channel_of(alice, bob)
    for word in ("One", "Two", "Three"):
        say(alice, made, word)
    made.refresh_from_db()
    return made


def _read_of(person: User, channel: Channel) -> int:
    return Membership.objects.get(person=person, channel=channel).read_seq


# -- the service


def test_a_position_moves_forward_only_and_makes_no_entry(channel: Channel, bob: User) -> None:
    entries = Entry.objects.count()
    pair = (bob.id, channel.id)
    assert rail_for(bob)[0].unread == 3
    former = _read_of(bob, channel)
    assert mark_read_many(positions={pair: channel.head}) == {pair: (former, channel.head)}
    assert mark_read_many(positions={pair: 1}) == {}
    assert _read_of(bob, channel) == channel.head
    assert rail_for(bob)[0].unread == 0
    assert Entry.objects.count() == entries


def test_nobody_has_read_further_than_the_channel_goes(
    channel: Channel, alice: User, bob: User
) -> None:
    pair = (bob.id, channel.id)
    moved = mark_read_many(positions={pair: 2**62})
    assert moved[pair][1] == channel.head
    say(alice, channel, "New")
    assert rail_for(bob)[0].unread == 1


def test_many_move_at_once_and_those_who_are_not_in_are_passed_over(
    channel: Channel, alice: User, bob: User, carol: User, theo: User
) -> None:
    other = channel_of(alice, bob, carol, name="Other")
    remove_member(by=alice, channel_id=other.id, person=carol)
    other.refresh_from_db()
    positions: Positions = {
        (bob.id, channel.id): channel.head,
        (bob.id, other.id): other.head,
        (carol.id, other.id): other.head,
        (theo.id, channel.id): 1,
        (bob.id, uuid4()): 1,
    }
    moved = mark_read_many(positions=positions)
    assert {pair: seq for pair, (_, seq) in moved.items()} == {
        (bob.id, channel.id): channel.head,
        (bob.id, other.id): other.head,
    }
    assert mark_read_many(positions={}) == {}


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_two_processes_that_write_for_the_same_people_do_not_wait_in_a_circle(
    channel: Channel, alice: User, bob: User
) -> None:
    others = [channel_of(alice, bob, name=f"Room {number}") for number in range(30)]
    for other in others:
        say(alice, other, "One")
    rows = list(Membership.objects.filter(person=bob).order_by("id"))
    backwards: Positions = {(bob.id, row.channel_id): 2**62 for row in reversed(rows)}
    first, *later = [row.id for row in rows]

    def write() -> None:
        mark_read_many(positions=backwards)
        connection.close()

    thread = Thread(target=write)
    with transaction.atomic():
        Membership.objects.select_for_update().get(id=first)
        thread.start()
        while not _waits_for_a_lock():
            assert thread.is_alive()
        mine = Membership.objects.select_for_update(nowait=True).filter(id__in=later)
        assert len(mine) == len(later)  # raises where the other one holds one of them already
    thread.join()
    assert _read_of(bob, others[-1]) > 0


# -- written behind


class Told(Moods):
    """Moods without a layer: what people were told stands in `frames`."""

    def __init__(self) -> None:
        super().__init__(lambda _people, _frame: None)
        self.frames: list[tuple[UUID, dict[str, object]]] = []

    def say(self, people: Collection[UUID], frame: bytes) -> None:
        self.frames += [(person, orjson.loads(frame)) for person in people]


class Asked:
    """Stands before the service: what it was asked to write, and how often it fails first."""

    def __init__(self) -> None:
        self.calls: list[Positions] = []
        self.failures = 0

    def __call__(self, *, positions: Mapping[tuple[UUID, UUID], int]) -> Moved:
        self.calls.append(dict(positions))
        if self.failures:
            self.failures -= 1
            raise OperationalError
        return mark_read_many(positions=positions)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(read_positions, "mark_read_many", asked)
    monkeypatch.setattr(read_positions, "EVERY_SECONDS", 0.1)
    return asked


@pytest.fixture
def told() -> Told:
    return Told()


@pytest_asyncio.fixture
async def reads(asked: Asked, told: Told) -> ReadPositions:
    return ReadPositions(told)


async def test_a_hundred_frames_are_one_statement(
    reads: ReadPositions, asked: Asked, told: Told, channel: Channel, alice: User, bob: User
) -> None:
    reads.start()
    for seq in [*range(100), 5]:
        reads.note(bob.id, channel.id, seq)
        reads.note(alice.id, channel.id, 1)
    await asyncio.sleep(0.3)
    assert asked.calls == [{(bob.id, channel.id): 99, (alice.id, channel.id): 1}]
    assert await sync_to_async(_read_of)(bob, channel) == channel.head
    frame = {"type": "read", "channel": str(channel.id), "user": str(bob.id), "seq": channel.head}
    assert (bob.id, frame) in told.frames
    assert {person for person, _ in told.frames} == {alice.id, bob.id}
    await reads.stop()
    assert len(asked.calls) == 1


async def test_what_could_not_be_written_is_tried_again_with_what_came_since(
    reads: ReadPositions, asked: Asked, channel: Channel, alice: User, bob: User
) -> None:
    asked.failures = 2
    reads.start()
    reads.note(bob.id, channel.id, 3)
    reads.note(alice.id, channel.id, 3)
    await until(lambda: len(asked.calls) == 2)
    reads.note(bob.id, channel.id, 4)
    await until(lambda: len(asked.calls) == 3)
    await reads.stop()
    assert asked.calls[-1] == {(bob.id, channel.id): 4, (alice.id, channel.id): 3}
    assert await sync_to_async(_read_of)(bob, channel) == 4


async def test_who_has_something_waiting_is_settled_at_once_and_others_cost_nothing(
    reads: ReadPositions, asked: Asked, channel: Channel, alice: User, bob: User
) -> None:
    reads.note(bob.id, channel.id, channel.head)
    await reads.settled(alice.id)
    assert asked.calls == []
    await reads.settled(bob.id)
    assert await sync_to_async(_read_of)(bob, channel) == channel.head
    reads.note(alice.id, channel.id, channel.head)
    await reads.settled(bob.id)
    assert len(asked.calls) == 1


async def test_who_is_just_being_written_is_waited_for(
    reads: ReadPositions, asked: Asked, channel: Channel, bob: User
) -> None:
    reads.note(bob.id, channel.id, channel.head)
    flushing = asyncio.create_task(reads.flush())
    await asyncio.sleep(0)
    assert not flushing.done()
    await reads.settled(bob.id)
    assert flushing.done()


async def test_settling_does_not_fail_when_the_database_does(
    reads: ReadPositions, asked: Asked, channel: Channel, bob: User
) -> None:
    asked.failures = 1
    reads.note(bob.id, channel.id, 4)
    await reads.settled(bob.id)
    await reads.settled(bob.id)
    assert await sync_to_async(_read_of)(bob, channel) == 4


async def test_what_waits_is_bounded_and_written_in_pieces(
    reads: ReadPositions,
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
    channel: Channel,
    bob: User,
) -> None:
    monkeypatch.setattr(read_positions, "MOST_KEPT", 25)
    monkeypatch.setattr(read_positions, "MOST_TOGETHER", 10)
    reads.note(bob.id, channel.id, 1)
    for _ in range(50):
        reads.note(bob.id, uuid4(), 1)
    reads.note(bob.id, channel.id, channel.head)
    await reads.flush()
    assert [len(call) for call in asked.calls] == [10, 10, 5]
    assert await sync_to_async(_read_of)(bob, channel) == channel.head


async def test_stopping_writes_what_is_left(
    reads: ReadPositions, asked: Asked, channel: Channel, bob: User
) -> None:
    reads.start()
    reads.note(bob.id, channel.id, channel.head)
    await reads.stop()
    assert await sync_to_async(_read_of)(bob, channel) == channel.head


# -- over the websocket


async def test_ones_other_tabs_hear_it_and_nobody_else_does(
    channel: Channel, alice: User, bob: User
) -> None:
    with serving() as server:
        async with (
            connected(server, bob) as here,
            connected(server, bob) as there,
            connected(server, alice) as hers,
        ):
            for client in (here, there, hers):
                await client.hello()
            await here.say("read", channel=channel.id, seq=channel.head)
            heard = await there.next("read")
            await hers.hears_nothing("read")
    assert (heard["channel"], heard["user"]) == (str(channel.id), str(bob.id))
    assert heard["seq"] == channel.head


async def test_a_page_that_is_loaded_anew_shows_right_counts_at_once(
    channel: Channel, bob: User
) -> None:
    with serving() as server:
        async with connected(server, bob) as before:
            await before.hello()
            await before.say("read", channel=channel.id, seq=channel.head)
            await before.answers()
            async with connected(server, bob) as after:
                (listed,) = (await after.hello())["channels"]
    assert (listed["read"], listed["unread"]) == (channel.head, 0)
