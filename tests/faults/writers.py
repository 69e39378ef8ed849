"""People who write through an API token, and note what they were answered."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import websockets

from tests.faults.product import Person

LIMIT = 200  # messages in an answer to `fetch`


@dataclass(kw_only=True)
class Noted:
    """What was said and what was answered, by `ref`; frames of others are kept too."""

    said: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)  # ref to the message's id
    refused: Counter[str] = field(default_factory=Counter)
    unavailable: set[str] = field(default_factory=set)
    heard: dict[str, str] = field(default_factory=dict)  # a message's id to its body
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, condition: Callable[[], object], *, within: float = 30) -> None:
        """Wait for frames until it is so; `within` seconds."""
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def take(self, frame: dict[str, Any]) -> None:
        self._changed.set()
        match frame["type"]:
            case "sent":
                self.sent[frame["ref"]] = frame["message"]["id"]
            case "error":
                self.refused[frame["code"]] += 1
                if frame["code"] == "unavailable":
                    self.unavailable.add(frame["ref"])
            case "message":
                self.heard[frame["message"]["id"]] = frame["message"]["body"]


def socket_of(address: str, person: Person) -> AbstractAsyncContextManager[Any]:
    headers = {"Authorization": f"Bearer {person.token}"}
    return websockets.connect(
        address, additional_headers=headers, compression=None, open_timeout=20
    )


async def say(socket: Any, noted: Noted, channel: str, *, ref: str | None = None) -> str:
    """One `send`, without waiting for its answer; with `ref`, the same again."""
    ref = ref or str(uuid4())
    body = noted.said.setdefault(ref, f"Message {ref}")
    frame = {"type": "send", "ref": ref, "channel": channel, "body": body}
    await socket.send(json.dumps(frame))
    return ref


async def listen(socket: Any, noted: Noted) -> None:
    """Note every frame until the socket breaks."""
    try:
        async for frame in socket:
            noted.take(json.loads(frame))
    except websockets.ConnectionClosed:
        return


async def repeat(socket: Any, noted: Noted, channel: str, refs: set[str]) -> None:
    """Send these again and wait until each is answered `sent`."""
    for ref in refs:
        await say(socket, noted, channel, ref=ref)
    async with asyncio.timeout(30):
        while refs - noted.sent.keys():
            noted.take(json.loads(await socket.recv()))


async def history(socket: Any, channel: str) -> list[dict[str, Any]]:
    """Every message of a channel, page by page."""
    found: dict[str, dict[str, Any]] = {}
    before: str | None = None
    while True:
        messages = await page(socket, channel, before)
        found.update({message["id"]: message for message in messages})
        if len(messages) < LIMIT:
            return list(found.values())
        before = messages[0]["id"]


async def page(socket: Any, channel: str, before: str | None = None) -> list[dict[str, Any]]:
    """The newest messages of a channel, or those before one of them."""
    ref = str(uuid4())
    asked = {"type": "fetch", "ref": ref, "channel": channel, "limit": LIMIT}
    await socket.send(json.dumps({**asked, "before": before} if before else asked))
    async with asyncio.timeout(20):
        while True:
            frame = json.loads(await socket.recv())
            if frame.get("ref") == ref:
                assert frame["type"] == "changes", frame
                return list(frame["messages"])
