"""Started by the runner with one JSON object; does what it is told, a line of JSON at a time.

The object: `url`, `core` (where to run, or null), `groups` (whose CPU to count). The orders:

    {"do": "connect", "rooms": [{"channel": id, "tokens": […], "writers": n}], "characters": n,
     "a_second": rate or null}           sockets, and their local ports
    {"do": "step", "rate": r, "seconds": s}        see findings.py
    {"do": "place", "ports": {port: number}}       which process each socket is connected to

A room without a channel is read and never written to. Between orders everything is read.
"""

import gc
import json
import os
import resource
import select
import sys
import time
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.live.generator.findings import findings
from benchmarks.live.generator.matrix import Matrix
from benchmarks.live.generator.members import Crowd, Room, Speech
from benchmarks.live.generator.step import Sent, run_step
from benchmarks.live.generator.websocket import Websocket
from benchmarks.live.generator.xmpp import Xmpp

JOIN_SECONDS: Final = 120.0
SPEECHES: Final[dict[str, Speech]] = {"ws": Websocket(), "xmpp": Xmpp(), "matrix": Matrix()}
AT_ONCE: Final = 50  # sockets that wait for their welcome at a time, when no pace is given


class Orders:
    """The generator's state, and what each order does to it."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._speech = SPEECHES[urlsplit(plan["url"]).scheme]
        self._crowd = Crowd(self._speech)
        self._rooms: list[Room] = []
        self._sent = Sent()
        self._refs = f"{uuid4()}"[:24]

    def listen(self) -> None:
        """Carry out orders until there are no more, reading all the while."""
        orders = select.poll()
        orders.register(sys.stdin.fileno(), select.POLLIN)
        stdin = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115
        while True:
            if not orders.poll(0):
                self._crowd.read(0.05)
                continue
            line = stdin.readline()
            if not line:
                return
            order = json.loads(line)
            answer = getattr(self, "do_" + order.pop("do"))(**order)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()

    def do_connect(
        self, *, rooms: list[dict[str, Any]], characters: int, a_second: float | None
    ) -> dict[str, Any]:
        """Open all sockets of these rooms and wait until each has been welcomed."""
        began = time.monotonic()
        asked = 0
        for told in rooms:
            name = told["channel"]
            room = Room(name, self._template(told, characters))
            for token in told["tokens"]:
                self._wait_for_turn(asked, began, a_second)
                self._crowd.add(self._speech.open(self._plan["url"], token, room))
                asked += 1
            url, count = self._plan["url"], told["writers"]
            room.writers = self._speech.writers(self._crowd, url, room, count)
            if room.writers:
                self._rooms.append(room)
        self._wait_until_joined(asked)
        gc.freeze()
        return {
            "sockets": self._crowd.joined,
            "seconds": time.monotonic() - began,
            "closed": self._crowd.heard.closed,
            "ports": [member.port for member in self._crowd.members.values()],
        }

    def _template(self, told: dict[str, Any], characters: int) -> bytes:
        return self._speech.template(told["channel"], self._refs, characters, told["tokens"][0])

    def _wait_for_turn(self, asked: int, began: float, a_second: float | None) -> None:
        if a_second is None:
            while asked - self._crowd.joined >= AT_ONCE:
                self._read_on(began)
            return
        while (early := began + asked / a_second - time.monotonic()) > 0:
            self._crowd.read(early)
        self._crowd.read(0)

    def _wait_until_joined(self, asked: int) -> None:
        began = time.monotonic()
        while self._crowd.joined + self._crowd.heard.closed < asked:
            self._read_on(began)

    def _read_on(self, began: float) -> None:
        self._crowd.read(0.05)
        if time.monotonic() > began + JOIN_SECONDS:
            raise SystemExit("The server did not welcome every socket in time.")

    def do_place(self, *, ports: dict[str, int]) -> dict[str, Any]:
        """Note which of the server's processes each socket is connected to."""
        for member in self._crowd.members.values():
            member.process = ports.get(str(member.port), 0)
        return {}

    def do_step(self, *, rate: float, seconds: float) -> dict[str, Any]:
        """Offer messages at that rate for so long, and say what came of it."""
        window = run_step(
            self._crowd,
            self._rooms,
            self._sent,
            rate=rate,
            seconds=seconds,
            groups=self._plan["groups"],
        )
        return findings(self._crowd, self._sent, window)


def main() -> None:
    plan = json.loads(sys.argv[1])
    if plan["core"] is not None:
        os.sched_setaffinity(0, {plan["core"]})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()  # nothing here goes round in circles, and a collection is a pause
    Orders(plan).listen()


if __name__ == "__main__":
    main()
