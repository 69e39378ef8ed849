"""The bare limit: what one process of uvicorn can do when it does nothing else.

    python -m benchmarks.live.against.bare PORT frames|joined

Ready frames are written straight to the sockets, and everything that waits is committed together
into one plain table. No Django, no membership, no sealing, no log, no second process. With `frames`
each is a write of its own a member; with `joined` everything that a commit has for a channel is one
write a member, which is as far as this can be driven.
BENCHMARK_DATABASE is a connection string, BENCHMARK_TOKENS the file that `generate` wrote.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
import uvicorn
from uuid_utils import uuid7
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TABLE = """
CREATE TABLE message (id uuid PRIMARY KEY, channel uuid NOT NULL, seq bigint NOT NULL,
    author uuid NOT NULL, ref uuid NOT NULL, sent_at timestamptz NOT NULL, body text NOT NULL);
CREATE UNIQUE INDEX ON message (channel, seq);
"""
INSERT = """
INSERT INTO message SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::uuid[],
    %s::uuid[], %s::timestamptz[], %s::text[])
"""
MOST_TOGETHER = 500

type Write = Callable[[bytes], None]


class WithTransport(WebSocketsSansIOProtocol):
    """Hands the connection's transport to the application."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        self.scope["extensions"] = {"transport": {"write": self.transport.write}}


def frame(payload: bytes) -> bytes:
    """A text frame of a server; no message of the benchmark is longer than 64 KiB."""
    if len(payload) < 126:
        return bytes((0x81, len(payload))) + payload
    return b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload


class Bare:
    """The ASGI application, its members' transports, and the one connection to the database."""

    def __init__(self, *, joined: bool) -> None:
        self.joined = joined
        lines = Path(os.environ["BENCHMARK_TOKENS"]).read_text().splitlines()
        self.people = {person["token"]: person for person in map(orjson.loads, lines)}
        self.members: dict[str, dict[int, Write]] = {}
        self.heads: dict[str, int] = {}
        self.queue: asyncio.Queue[tuple[dict[str, Any], dict[str, Any], Write]] = asyncio.Queue()
        self.writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.writer = self.writer or asyncio.create_task(self.commit_for_ever())
        await receive()
        await send({"type": "websocket.accept"})
        headers = dict(scope["headers"])
        person = self.people[headers[b"authorization"].decode().removeprefix("Bearer ")]
        write = scope["extensions"]["transport"]["write"]
        for channel in person["channels"]:
            self.members.setdefault(channel, {})[id(send)] = write
        while (event := await receive())["type"] == "websocket.receive":
            asked = orjson.loads(event["text"])
            if asked["type"] == "send":
                self.queue.put_nowait((person, asked, write))
            elif asked["type"] == "hello":
                write(frame(b'{"type":"welcome"}'))
        for channel in person["channels"]:
            del self.members[channel][id(send)]

    async def commit_for_ever(self) -> None:
        """Commit whatever waits, answer it and deliver it; again and again."""
        connection = await psycopg.AsyncConnection.connect(
            os.environ["BENCHMARK_DATABASE"], autocommit=True
        )
        await connection.execute(TABLE)
        while True:
            batch = [await self.queue.get()]
            while not self.queue.empty() and len(batch) < MOST_TOGETHER:
                batch.append(self.queue.get_nowait())
            messages = [self.message(person, asked) for person, asked, _ in batch]
            rows = [
                (
                    m["id"],
                    m["channel"],
                    m["seq"],
                    m["author"]["id"],
                    m["ref"],
                    m["sent_at"],
                    m["body"],
                )
                for m in messages
            ]
            await connection.execute(INSERT, [list(column) for column in zip(*rows, strict=True)])
            self.deliver(messages)
            for message, (_, _, write) in zip(messages, batch, strict=True):
                write(
                    frame(orjson.dumps({"type": "sent", "ref": message["ref"], "message": message}))
                )

    def message(self, person: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        """A message with the very fields of docs/reference/protocol.md."""
        seq = self.heads[asked["channel"]] = self.heads.get(asked["channel"], 0) + 1
        return {
            "id": str(uuid7()),
            "channel": asked["channel"],
            "seq": seq,
            "changed": seq,
            "ref": asked["ref"],
            "author": {"id": person["id"], "name": person["email"].partition("@")[0]},
            "sent_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "kind": "text",
            "body": asked["body"],
            "html": f"<p>{asked['body']}</p>",
            "reply_to": None,
            "attachments": [],
            "reactions": [],
            "mentions": [],
            "edited_at": None,
            "deleted_at": None,
            "pinned": False,
        }

    def deliver(self, messages: list[dict[str, Any]]) -> None:
        """The same bytes to every member of a channel."""
        ready: dict[str, list[bytes]] = {}
        for message in messages:
            channel, seq = message["channel"], message["seq"]
            head = {"type": "message", "channel": channel, "since": seq - 1, "upto": seq}
            encoded = frame(orjson.dumps({**head, "message": message}))
            ready.setdefault(channel, []).append(encoded)
        for channel, frames in ready.items():
            for each in [b"".join(frames)] if self.joined else frames:
                for write in self.members[channel].values():
                    write(each)


if __name__ == "__main__":
    uvicorn.run(
        Bare(joined=sys.argv[2] == "joined"),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        ws=WithTransport,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_level="warning",
        backlog=2048,
    )
