"""The writer's batches: at once for whoever is alone, together for those who come in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from time import monotonic, sleep
from uuid import uuid4

import pytest

from accounts.models import User
from messaging.ingest import writer
from messaging.ingest.drafts import Draft, Outcome, Posted
from messaging.ingest.writer import Waiting, Writer
from messaging.models import Channel
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN = 20


class Watched:
    """A writer, and the sizes of the batches that it handed out."""

    def __init__(self, channel: Channel, author: User) -> None:
        self.sizes: list[int] = []
        self.writer = Writer(self._hand_out, handed_out=lambda: None)
        self._channel, self._author = channel.id, author.id

    async def _hand_out(self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        if batch:
            self.sizes.append(len(batch))
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.done(outcome)

    async def post(self) -> Outcome:
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        draft = Draft(
            author=self._author, channel=self._channel, ref=uuid4(), body="Hello", reply_to=None
        )
        self.writer.submit(draft, answered.set_result)
        async with asyncio.timeout(WITHIN):
            return await answered


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
async def watched(channel: Channel, alice: User) -> AsyncIterator[Watched]:
    made = Watched(channel, alice)
    yield made
    await made.writer.stop()


async def test_whoever_is_alone_waits_for_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SPACING_SECONDS", 10 * WITHIN)
    assert isinstance(await watched.post(), Posted)


async def test_those_who_come_soon_after_are_committed_together(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SPACING_SECONDS", 1.0)
    await watched.post()
    later = []
    for _ in range(3):
        later.append(asyncio.ensure_future(watched.post()))
        await asyncio.sleep(0.05)
    outcomes = await asyncio.gather(*later)
    assert all(isinstance(outcome, Posted) for outcome in outcomes)
    assert watched.sizes == [1, 3]


async def test_after_a_batch_that_took_longer_nobody_waits(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer comes round once more to hand it out, which is no batch."""
    monkeypatch.setattr(writer, "SPACING_SECONDS", 0.2)
    stored, began = writer.store_each, []

    def slowly(drafts: Sequence[Draft], *, only_free: bool = False) -> list[Outcome]:
        began.append(monotonic())
        found = stored(drafts, only_free=only_free)
        monkeypatch.setattr(writer, "SPACING_SECONDS", 10.0 * WITHIN)
        sleep(0.4)
        return found

    monkeypatch.setattr(writer, "store_each", slowly)
    await watched.post()
    await asyncio.sleep(0.1)
    await watched.post()
    assert len(began) == 2


async def test_what_waits_for_its_batch_is_written_before_the_writer_stops(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SPACING_SECONDS", 0.5)
    await watched.post()
    waiting = asyncio.ensure_future(watched.post())
    await asyncio.sleep(0)
    await watched.writer.stop()
    assert isinstance(await waiting, Posted)
