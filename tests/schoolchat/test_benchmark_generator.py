"""The generator of `benchmark live`: it counts what came, once, and looks for the highest rate."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from benchmarks.live.figures import figures
from benchmarks.live.generator.findings import findings
from benchmarks.live.generator.frames import MARK, TEXT, client_frame, whole_frames
from benchmarks.live.generator.members import Crowd, Member, Room
from benchmarks.live.generator.step import Sent, Window, run_step
from benchmarks.live.generator.websocket import Websocket
from benchmarks.live.report import line
from benchmarks.live.search import Step, highest_held

CHANNEL = "01a205cf-bcdb-70fb-97f0-af3904f9077e"
USED = {"web": 1.0, "generator": 0.1, "others": 0.0, "stolen": 0.0, "wall": 1.0}


def _from_server(payload: bytes) -> bytes:
    """The frame as a server writes it: the client's without its mask."""
    framed = client_frame(payload)
    head = framed[: -len(payload)]
    return bytes([head[0], head[1] & 0x7F]) + head[2:-4] + payload


def _message(number: int, kind: str = "message") -> bytes:
    body = MARK.decode() + f"{number:08d}"
    return _from_server(json.dumps({"type": kind, "body": body}, separators=(",", ":")).encode())


class Listener:
    """A member whose server is the test."""

    def __init__(self, crowd: Crowd, room: Room) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listening.getsockname())
        self.server, _ = listening.accept()
        listening.close()
        client.setblocking(False)
        self.crowd = crowd
        self.member = Member(client, room)
        self.member.joined = True
        crowd.add(self.member)

    def hears(self, data: bytes) -> None:
        self.server.sendall(data)
        self.crowd.read(1.0)

    def close(self) -> None:
        self.server.close()
        self.member.sock.close()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd(Websocket())
    yield crowd
    crowd.poll.close()


@pytest.fixture
def room() -> Room:
    return Room(CHANNEL, Websocket().template(CHANNEL, "00000000-0000-4000-8000-", 100, "token"))


@pytest.fixture
def pair(crowd: Crowd, room: Room) -> Iterator[list[Listener]]:
    listeners = [Listener(crowd, room) for _ in range(2)]
    room.writers = room.members[:1]
    yield listeners
    for listener in listeners:
        listener.close()


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536])
def test_frames_of_every_length_are_found_again(size: int) -> None:
    data = _from_server(b"x" * size) + _from_server(b"y")
    first, second = whole_frames(data)
    assert (first.opcode, first.end - first.start) == (TEXT, size)
    assert data[second.start : second.end] == b"y"
    assert list(whole_frames(data[:-1])) == [first]


def test_a_message_carries_its_number_in_body_and_ref() -> None:
    frame = Websocket().template(CHANNEL, "0fd81e32-9d3f-4c5a-8d5e-", 100, "token") % (7, 7)
    payload = frame[frame.index(b"{") :]
    asked = json.loads(payload)
    assert asked["ref"] == "0fd81e32-9d3f-4c5a-8d5e-000000000007"
    assert asked["body"].startswith("number 00000007 ")
    assert len(asked["body"]) == 100
    assert frame == client_frame(payload)


def test_only_the_frame_message_is_a_delivery(crowd: Crowd, pair: list[Listener]) -> None:
    pair[0].hears(_message(1, kind="sent") + _message(1))
    assert [numbers for _, _, numbers in crowd.log] == [(1,)]
    assert crowd.heard.others == {"sent": 1}


def test_what_everybody_is_sent_is_counted_for_each(crowd: Crowd, pair: list[Listener]) -> None:
    for listener in pair:
        listener.hears(_message(1) + _message(2))
    assert [(member, numbers) for _, member, numbers in crowd.log] == [
        (pair[0].member, (1, 2)),
        (pair[1].member, (1, 2)),
    ]


def test_bytes_with_anything_else_in_them_are_read_anew(crowd: Crowd, pair: list[Listener]) -> None:
    for listener in pair:
        listener.hears(_message(1, kind="sent") + _message(1))
    assert crowd.heard.others == {"sent": 2}


def test_the_same_bytes_in_the_middle_of_a_frame_are_no_delivery(
    crowd: Crowd, pair: list[Listener]
) -> None:
    payload = _message(1)
    pair[0].hears(payload)
    pair[1].hears(_from_server(payload)[: -len(payload)])
    pair[1].hears(payload)
    assert [member for _, member, _ in crowd.log] == [pair[0].member]


def test_half_a_frame_waits_for_its_other_half(crowd: Crowd, pair: list[Listener]) -> None:
    whole = _message(1) + _message(2)
    for cut in (1, 20, len(_message(1)) + 1):
        crowd.log.clear()
        pair[0].hears(whole[:cut])
        pair[0].hears(whole[cut:])
        assert [n for _, _, numbers in crowd.log for n in numbers] == [1, 2]


def test_an_error_is_told(crowd: Crowd, pair: list[Listener]) -> None:
    pair[0].hears(_from_server(b'{"type":"error","code":"too_fast"}'))
    assert crowd.heard.error == '{"type":"error","code":"too_fast"}'


def test_a_socket_that_is_closed_is_lost(crowd: Crowd, pair: list[Listener]) -> None:
    pair[0].server.close()
    crowd.read(1.0)
    assert crowd.heard.closed == 1


def _found(crowd: Crowd, room: Room, heard: list[tuple[int, ...]]) -> dict[str, Any]:
    """One message to both members, who heard those numbers."""
    sent = Sent()
    sent.by.append(room.members[0])
    sent.at.append(10.0)
    crowd.log += [
        (10.25, member, numbers) for member, numbers in zip(room.members, heard, strict=True)
    ]
    window = Window(
        first=0, last=1, began=10.0, ended=11.0, used=USED, worst_lag=0.0, gave_up=False
    )
    return findings(crowd, sent, window)


def test_every_delivery_is_timed(crowd: Crowd, room: Room, pair: list[Listener]) -> None:
    found = _found(crowd, room, [(0,), (0,)])
    assert (found["expected"], found["arrived"], found["twice"]) == (2, 2, 0)
    assert found["ms"] == {"p50": 250.0, "p95": 250.0, "p99": 250.0}
    assert Step(rate=1.0, found=found).held


def test_one_delivery_that_came_twice_does_not_hide_one_that_was_lost(
    crowd: Crowd, room: Room, pair: list[Listener]
) -> None:
    found = _found(crowd, room, [(), (0, 0, 0)])
    assert (found["arrived"], found["twice"]) == (2, 1)
    found = _found(crowd, room, [(), ()])
    found["arrived"] = 1
    assert not Step(rate=1.0, found=found).held


def test_deliveries_of_the_other_process_are_told_apart(
    crowd: Crowd, room: Room, pair: list[Listener]
) -> None:
    pair[1].member.process = 1
    found = _found(crowd, room, [(), (0,)])
    assert found["ms_across"]["p95"] == 250.0


def test_lost_deliveries_fail_the_step(crowd: Crowd, room: Room, pair: list[Listener]) -> None:
    """A server that answers nothing: the step ends by itself, and has not held."""
    began = time.monotonic()
    window = run_step(crowd, [room], Sent(), rate=20.0, seconds=0.2, groups={})
    assert time.monotonic() - began < 30
    assert window.last - window.first >= 3
    assert crowd.waiting == 0


def test_a_line_says_what_came_that_should_not(
    crowd: Crowd, room: Room, pair: list[Listener]
) -> None:
    step = Step(rate=1.0, found=_found(crowd, room, [(), (0,)]))
    row = figures(step, load="room", server="bare", what="test")
    assert row.cpu == {"web": 1_000_000.0}
    assert "! 1 missing" in line(row)


class Server:
    """Holds rates up to its limit."""

    def __init__(self, limit: float, *, noise: Callable[[int], float] = lambda _turn: 0.0) -> None:
        self.limit, self.noise = limit, noise
        self.rates: list[float] = []

    def measure(self, rate: float) -> dict[str, Any]:
        self.rates.append(rate)
        others = self.noise(len(self.rates))
        p95 = 10.0 if rate <= self.limit and not others else 900.0
        return {
            "gave_up": False,
            "arrived": 100,
            "expected": 100,
            "ms": {"p95": p95},
            "cpu": {**USED, "others": others},
        }

    def highest(self, *, start: float, bisections: int) -> float | None:
        held = highest_held(
            self.measure, start=start, bisections=bisections, tell=lambda _step: None
        )
        return held.rate if held.held else None


def test_the_search_doubles_and_then_looks_between() -> None:
    server = Server(330.0)
    found = server.highest(start=20.0, bisections=3)
    assert found is not None
    assert 0.9 * 330 < found <= 330
    assert server.rates[:6] == [20.0, 40.0, 80.0, 160.0, 320.0, 640.0]


def test_the_search_goes_down_when_the_first_rate_is_too_high() -> None:
    assert Server(3.0).highest(start=40.0, bisections=0) == 2.5
    assert Server(0.0).highest(start=40.0, bisections=0) is None


def test_a_step_that_failed_in_noise_is_tried_again() -> None:
    server = Server(100.0, noise=lambda turn: 0.9 if turn == 2 else 0.0)
    assert server.highest(start=40.0, bisections=0) == 80.0
    assert server.rates == [40.0, 80.0, 80.0, 160.0]
