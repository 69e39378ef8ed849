"""One room, many listeners: how fast messages are taken and delivered by a running server.

    ./run manage generate --messages 1000 --channels 1 --people 50 --members 50 --tokens TOKENS
    SCHOOLCHAT_RATES=off ./run manage serve --port 8125      # or with SCHOOLCHAT_SERVER=daphne
    .venv/bin/python benchmarks/live_room.py http://localhost:8125 TOKENS

Prints accepted messages a second, deliveries a second, and milliseconds from send to receipt, of
one writer that waits for each answer and of ten that write at once.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import websockets

MESSAGES = 200
WRITERS = (1, 10)


class Room:
    """All sockets of a room, and when each message was sent and heard."""

    def __init__(self, address: str, people: Sequence[dict[str, object]]) -> None:
        self._url = address.replace("http", "ws", 1) + "/ws/"
        self._people = people
        self._sent: dict[str, float] = {}
        self.delays: list[float] = []
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._all_heard = asyncio.Event()
        self._expected = 0

    async def open(self) -> None:
        self._sockets = [
            await websockets.connect(
                self._url,
                additional_headers={"Authorization": f"Bearer {person['token']}"},
                compression=None,
                max_queue=None,
            )
            for person in self._people
        ]
        self._readers = [asyncio.create_task(self._read(s)) for s in self._sockets]
        for socket in self._sockets:
            await socket.send('{"type":"hello","resume":{}}')
        await asyncio.sleep(2)

    async def _read(self, socket: websockets.ClientConnection) -> None:
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "message":
                began = self._sent.get(frame["message"]["ref"])
                if began:
                    self._hear(time.perf_counter() - began)
            elif frame["type"] == "sent":
                self._answers[frame["ref"]].set_result(None)
            elif frame["type"] == "error":
                raise SystemExit(frame["detail"])

    def _hear(self, delay: float) -> None:
        self.delays.append(delay)
        if len(self.delays) == self._expected:
            self._all_heard.set()

    def expect(self, deliveries: int) -> None:
        self.delays.clear()
        self._all_heard.clear()
        self._expected = deliveries

    async def heard(self) -> None:
        await self._all_heard.wait()

    async def write(self, writer: int, count: int) -> None:
        channel = self._people[0]["channels"][0]  # type: ignore[index]
        for number in range(count):
            ref = str(uuid4())
            self._answers[ref] = asyncio.get_running_loop().create_future()
            self._sent[ref] = time.perf_counter()
            frame = {"type": "send", "ref": ref, "channel": channel, "body": f"Probe {number}"}
            await self._sockets[writer].send(json.dumps(frame))
            await self._answers[ref]


def people_of(tokens: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(tokens).read_text().splitlines()]


async def main(address: str, tokens: str) -> None:
    people = people_of(tokens)
    room = Room(address, people)
    await room.open()
    print(f"{'writers':>7}{'messages/s':>12}{'deliveries/s':>14}{'p50 ms':>8}{'p95 ms':>8}")
    for writers in WRITERS:
        room.expect(MESSAGES * len(people))
        began = time.perf_counter()
        await asyncio.gather(*(room.write(w, MESSAGES // writers) for w in range(writers)))
        took = time.perf_counter() - began
        await room.heard()
        all_took = time.perf_counter() - began
        p50, p95 = (statistics.quantiles(room.delays, n=20)[i] * 1_000 for i in (9, 18))
        rates = f"{MESSAGES / took:>12.0f}{len(room.delays) / all_took:>14.0f}"
        print(f"{writers:>7}{rates}{p50:>8.1f}{p95:>8.1f}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
