"""Who hears a channel in this process, as people and sockets come and go."""

from uuid import UUID, uuid4

import pytest

from accounts.authentication import Signed
from messaging.live.frames import Parcel
from messaging.live.rooms import Rooms
from messaging.live.socket import Socket

ALICE, BOB, CAROL = (uuid4() for _ in range(3))
YEAR_5, YEAR_6 = uuid4(), uuid4()


class Kept(Socket):
    """A socket that keeps what is written to it."""

    def __init__(self, person: UUID) -> None:
        super().__init__(Signed(person=person, name="", session="", token=None))
        self.said: list[bytes] = []

    def fills_up(self) -> None:
        self._overfull()

    def _write(self, parcel: Parcel) -> None:
        self.said += parcel.payloads

    def _close(self, code: int) -> None: ...


@pytest.fixture
def rooms() -> Rooms:
    rooms = Rooms()
    rooms.load(YEAR_5, [ALICE, BOB])
    rooms.load(YEAR_6, [BOB])
    return rooms


def entered(rooms: Rooms, person: UUID) -> Kept:
    socket = Kept(person)
    rooms.enter(socket)
    return socket


async def test_a_socket_hears_the_channels_of_its_person_and_no_other(rooms: Rooms) -> None:
    alice, bob, _carol = (entered(rooms, person) for person in (ALICE, BOB, CAROL))
    assert rooms.listeners(YEAR_5) == {alice, bob}
    assert rooms.listeners(YEAR_6) == {bob}
    rooms.leave(bob)
    assert rooms.listeners(YEAR_5) == {alice}
    assert rooms.listeners(YEAR_6) == set()


async def test_who_was_here_before_the_channel_was_read_hears_it(rooms: Rooms) -> None:
    alice, carol = entered(rooms, ALICE), entered(rooms, CAROL)
    rooms.load(YEAR_6, [ALICE, CAROL])
    assert rooms.listeners(YEAR_6) == {alice, carol}
    late = entered(rooms, CAROL)
    assert rooms.listeners(YEAR_6) == {alice, carol, late}
    assert entered(rooms, BOB) not in rooms.listeners(YEAR_6)


async def test_who_joins_hears_and_who_leaves_does_not_whatever_sockets_come_later(
    rooms: Rooms,
) -> None:
    bob, carol = entered(rooms, BOB), entered(rooms, CAROL)
    rooms.joined(YEAR_5, CAROL)
    rooms.left(YEAR_5, BOB)
    late = [entered(rooms, person) for person in (BOB, CAROL)]
    assert rooms.listeners(YEAR_5) == {carol, late[1]}
    assert rooms.listeners(YEAR_6) == {bob, late[0]}
    assert rooms.holds(CAROL, YEAR_5)
    assert not rooms.holds(BOB, YEAR_5)
    assert not rooms.holds(BOB, uuid4())


async def test_who_reads_too_slowly_does_without_what_heals_by_itself(rooms: Rooms) -> None:
    alice, bob = entered(rooms, ALICE), entered(rooms, BOB)
    alice.fills_up()
    rooms.mention_to([ALICE, BOB], b"typing")
    rooms.to_people([ALICE, BOB], b"a channel is gone")
    assert alice.said == [b"a channel is gone"]
    assert bob.said == [b"typing", b"a channel is gone"]
    alice.stop()
