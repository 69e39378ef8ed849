"""Members who are removed and added while others write on two processes: nothing after the one,
everything from the other on."""

import asyncio
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.channels import add_member, remove_member
from tests.conformance.scenes import truth
from tests.faults.crowd import Crowd, Member
from tests.faults.product import Person
from tests.faults.scenes import person_of
from tests.faults.web import Web
from tests.scenes import channel_of
from tests.sockets import Frame

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
POSTS = 50  # of each of the two writers in a burst
PAUSE_SECONDS = 0.002


class Witness(Member):
    """A member who remembers every frame."""

    def __init__(self, address: str, person: Person) -> None:
        super().__init__(address, person)
        self.frames: list[Frame] = []

    def take(self, frame: Frame) -> None:
        self.frames.append(frame)
        super().take(frame)


class Scene:
    """Two who write, each on a process of their own; one who comes and goes, and one who stays,
    both on either process."""

    def __init__(self, channel: Channel, owner: User, guest: User) -> None:
        self.channel, self.owner, self.guest = channel, owner, guest

    async def enter(self, web: Web, bob: User, dana: User) -> Crowd:
        at = [web.at(number).websocket for number in range(2)]
        people = [await person_of(user) for user in (self.owner, bob, dana, self.guest)]
        self.writers = [Member(at[0], people[0]), Member(at[1], people[1])]
        self.stays = [Member(address, people[2]) for address in at]
        self.goes = [Witness(address, people[3]) for address in at]
        self.crowd = Crowd([*self.writers, *self.stays, *self.goes])
        return self.crowd

    async def burst(self, act: Callable[..., None], after: float) -> Message:
        """Both write, and `after` so many seconds `act` befalls the guest; the message about it."""
        writing = [asyncio.create_task(self._write(writer)) for writer in self.writers]
        await asyncio.sleep(after)
        await sync_to_async(act)(by=self.owner, channel_id=self.channel.id, person=self.guest)
        await asyncio.gather(*writing)
        await self.crowd.until(lambda: not any(writer.unanswered for writer in self.writers))
        said = Message.objects.filter(channel=self.channel, kind=Message.Kind.SYSTEM)
        return await sync_to_async(said.latest)("seq")

    async def _write(self, writer: Member) -> None:
        for number in range(POSTS):
            writer.ask("send", channel=str(self.channel.id), body=f"Line {number}")
            await asyncio.sleep(PAUSE_SECONDS)

    async def settle(self, *members: Member) -> None:
        """These members come to where the channel is."""
        await self.channel.arefresh_from_db()
        name, head = str(self.channel.id), self.channel.head
        await self.crowd.until(lambda: all(one.store.settled(name, head) for one in members))


async def test_who_is_removed_hears_nothing_after_it_and_who_is_added_everything(
    pair: Web, transactional_db: None, alice: User, bob: User, dana: User, hari: User
) -> None:
    channel = await sync_to_async(channel_of)(alice, bob, dana, hari)
    scene = Scene(channel, alice, hari)
    async with await scene.enter(pair, bob, dana):
        for number in range(ROUNDS):
            after = number * POSTS * PAUSE_SECONDS / ROUNDS
            await scene.settle(*scene.stays, *scene.goes)
            removal = await scene.burst(remove_member, after)
            await scene.settle(*scene.stays, *scene.writers)
            await _check_gone(scene, removal)
            addition = await scene.burst(add_member, after)
            await scene.settle(*scene.stays, *scene.goes)
            await _check_there(scene, addition)
        assert [one.refused for one in scene.writers] == [{}, {}]
        whole = await sync_to_async(truth)(channel)
        for member in (*scene.stays, *scene.writers):
            assert member.store.channels[str(channel.id)].in_page_order() == whole
    assert len(whole) == 1 + ROUNDS * 2 * (2 * POSTS + 1)


async def _check_gone(scene: Scene, removal: Message) -> None:
    """They were told that they are out, and of nothing after it."""
    name = str(scene.channel.id)
    for witness in scene.goes:
        witness.refused.clear()
        witness.ask("fetch", channel=name)
        await scene.crowd.until(lambda: witness.refused == {"not_a_member": 1})  # noqa: B023
        of_channel = [frame for frame in witness.frames if frame.get("channel") == name]
        # None, where they were removed before anything of this burst was said.
        assert max((frame["upto"] or 0 for frame in of_channel), default=0) <= removal.seq
        assert name not in witness.store.channels
        witness.frames.clear()


async def _check_there(scene: Scene, addition: Message) -> None:
    """They hold everything from the message about themselves on."""
    since = addition.seq
    whole = await sync_to_async(truth)(scene.channel, since=since)
    for witness in scene.goes:
        held = witness.store.channels[str(scene.channel.id)].in_page_order()
        assert [one for one in held if one["seq"] >= since] == whole
        witness.frames.clear()
