"""Nothing holds up the event loop: all that a socket can ask, while asyncio watches."""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.imports.whatsapp.parse import parse
from messaging.models import Channel
from messaging.services.channels import add_member, remove_member
from messaging.services.imports import import_whatsapp
from tests.faults.web import Web, web_processes
from tests.scenes import channel_of
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

_SLOW = re.compile(r"Executing .* took [\d.]+ seconds")
ROUNDS = 4
WORDS = "Could somebody cover the **Year 5** lunch duty?\n\n- Monday\n- Tuesday\n" * 20


@pytest.fixture
def said() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="schoolchat-watched-") as folder:
        yield Path(folder) / "said"


@pytest.fixture
def watched(transactional_db: None, said: Path) -> Iterator[Web]:
    with (
        said.open("wb") as out,
        web_processes("watched", package="tests.faults", out=out, SCHOOLCHAT_RATES="off") as web,
    ):
        yield web


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def slow(said: Path) -> list[str]:
    """What held the loop up, in the words of asyncio."""
    return _SLOW.findall(said.read_text())


async def _everything(web: Web, channel: Channel, alice: User, bob: User, carol: User) -> None:
    """All that comes in an ordinary day, more of it, and at once."""
    async with connected(web, alice) as a, connected(web, bob) as b:
        await a.hello()
        await b.hello(**{str(channel.id): 0})
        await asyncio.gather(*(a.say("send", channel=channel.id, body=WORDS) for _ in range(200)))
        last = await a.send(channel.id, "Done")
        await b.next("message", within=20)
        await a.say("edit", message=last["message"]["id"], body=WORDS)
        await a.next("done")
        # Not from 0: an import of the round before has become the channel's floor.
        after = last["message"]["changed"] - 200
        for asked in ({}, {"after": after}, {"before": last["message"]["id"]}):
            await b.ask("fetch", channel=channel.id, limit=200, **asked)
        await a.say("typing", channel=channel.id)
        await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=carol)
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=carol)
        word = uuid4().hex  # a file is taken in once
        lines = "".join(f"09/01/2026, 07:30 - Nadia: {word} {n}\n" for n in range(450))
        export = parse(lines.encode(), file_name="chat.txt", date_order="dmy")
        await sync_to_async(import_whatsapp)(
            export, channel=channel, by=alice, timezone=ZoneInfo("Europe/London")
        )
        await b.next("reset", within=20)


async def test_nothing_holds_the_loop_up_for_50_ms(
    watched: Web, said: Path, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    """What blocks by itself does so each time; a busy machine does not."""
    await _warm_up(watched, channel, alice)
    rounds: list[list[str]] = []
    while [] not in rounds and len(rounds) < ROUNDS:
        before = slow(said)
        await _everything(watched, channel, alice, bob, carol)
        await asyncio.gather(*(_come_and_go(watched, alice) for _ in range(40)))
        rounds.append(slow(said)[len(before) :])
    assert [] in rounds, rounds


async def _warm_up(web: Web, channel: Channel, alice: User) -> None:
    """What is read and planned for the first time takes its time; once a process."""
    async with connected(web, alice) as a:
        await a.hello()
        await a.send(channel.id, "First", ref=uuid4())


async def _come_and_go(web: Web, person: User) -> None:
    async with connected(web, person) as socket:
        await socket.hello()
