"""What a first load of the chat costs over the wire, what opening a channel asks for, and whether
scrolling through 5,000 messages holds the page up.

    .venv/bin/python -m benchmarks.first_load [--messages 20000] [--scroll 5000] [--json]

A school is generated and served in a temporary folder. The load is that of a browser which has
never seen the page, on a phone's window, straight into a channel. Bytes are those that Chromium
says came over the wire, headers included, and the whole of each frame of the websocket. Exits 1
when a limit is broken.
"""

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Final

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.product import PHONE, Product, chromium, product

LIMIT_BYTES: Final = 150_000  # without images
LIMIT_FRAME_MS: Final = 50
LIMIT_REQUESTS: Final = 1  # to open a channel
_STEP_PX: Final = 1_200  # a quick thumb
_STEP_MS: Final = 50
_PATIENCE_SECONDS: Final = 300.0
_FRAME_HEADER_BYTES: Final = 4
_TRACED: Final = ["toplevel", "devtools.timeline", "__metadata"]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run."""

    bytes: dict[str, int]
    requests: dict[str, int]
    opening: list[str]
    scrolled: int
    longest_ms: float  # of the clock
    worked_ms: float  # of a processor, whatever else ran on the machine
    over: int
    over_worked: int  # of a processor: what no neighbour on the machine can lengthen

    @property
    def total(self) -> int:
        """What counts: all but images."""
        return sum(size for kind, size in self.bytes.items() if kind != "Image")


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task of the page's thread, during which no frame is drawn; in ms."""

    took: float
    worked: float


class Wire:
    """What comes to a page, by kind, as the browser counts it."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.asked: list[str] = []
        self.messages = 0
        self._kinds: dict[str, str] = {}
        self._at_hand: set[str] = set()  # answered by the browser's own cache
        session.send("Network.enable")
        session.on("Network.requestServedFromCache", self._kept)
        session.on("Network.responseReceived", self._response)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", self._frame)
        session.on("Network.webSocketFrameSent", self._sent)

    def _kept(self, event: dict[str, Any]) -> None:
        self._at_hand.add(event["requestId"])

    def _response(self, event: dict[str, Any]) -> None:
        if event["response"]["fromDiskCache"]:
            self._at_hand.add(event["requestId"])
        if event["requestId"] not in self._at_hand:
            self._kinds[event["requestId"]] = event["type"]
            self.asked.append(event["response"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._at_hand:
            return
        kind = self._kinds.get(event["requestId"], "Other")
        self.bytes[kind] += int(event["encodedDataLength"])
        self.requests[kind] += 1

    def _frame(self, event: dict[str, Any]) -> None:
        size = len(event["response"]["payloadData"].encode()) + _FRAME_HEADER_BYTES
        self.bytes["WebSocket"] += size
        self.requests["WebSocket"] += 1
        self.messages += len(json.loads(event["response"]["payloadData"]).get("messages", ()))

    def _sent(self, event: dict[str, Any]) -> None:
        frame = json.loads(event["response"]["payloadData"])
        if frame["type"] not in {"read", "ping"}:
            self.asked.append(frame["type"])


def measure(served: Product, scroll: int) -> Measured:
    """Load, open another channel, scroll."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        page = served.signed_in(browser, viewport=PHONE).new_page()
        wire = Wire(page.context.new_cdp_session(page))
        page.goto(f"/?channel={served.channels[0]}")
        _wait_until_read(page)
        loaded, counted = dict(wire.bytes), dict(wire.requests)
        opening = _open_another(page, wire, served.channels[1])
        scrolled, tasks = _scroll(page, wire, scroll)
        browser.close()
    return Measured(
        bytes=loaded,
        requests=counted,
        opening=opening,
        scrolled=scrolled,
        longest_ms=round(max((task.took for task in tasks), default=0.0), 1),
        worked_ms=round(max((task.worked for task in tasks), default=0.0), 1),
        over=sum(task.took > LIMIT_FRAME_MS for task in tasks),
        over_worked=sum(task.worked > LIMIT_FRAME_MS for task in tasks),
    )


def _wait_until_read(page: Page) -> None:
    page.locator("chat-log .message").first.wait_for()
    page.wait_for_load_state("networkidle")


def _open_another(page: Page, wire: Wire, channel: str) -> list[str]:
    """What was asked for by a tap on a channel that was not opened before."""
    page.locator("[data-back]").click()
    page.wait_for_load_state("networkidle")
    before = len(wire.asked)
    page.locator(f'chat-rail a[data-channel="{channel}"]').click()
    _wait_until_read(page)
    return wire.asked[before:]


def _scroll(page: Page, wire: Wire, wanted: int) -> tuple[int, list[Task]]:
    """Back through so many messages: how many there were, and what the page's thread did."""
    page.locator("chat-log [data-scroller]").hover()
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=_TRACED)
    before = wire.messages
    until = time.monotonic() + _PATIENCE_SECONDS
    while wire.messages - before < wanted and time.monotonic() < until:
        page.mouse.wheel(0, -_STEP_PX)
        page.wait_for_timeout(_STEP_MS)
        if page.locator("[data-start]").is_visible():
            break
    trace = json.loads(browser.stop_tracing())
    return wire.messages - before, _tasks(trace["traceEvents"])


def _tasks(events: list[dict[str, Any]]) -> list[Task]:
    """What the page's own thread did, task by task; a task within a task is a part of it."""
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    drawn = Counter(event["pid"] for event in events if event["name"] == "UpdateLayoutTree")
    process = drawn.most_common(1)[0][0] if drawn else None
    own = [
        event
        for event in events
        if event["name"].endswith("RunTask")
        and event["pid"] == process
        and (event["pid"], event["tid"]) in threads
        and "dur" in event
    ]
    tasks, until = [], 0
    for event in sorted(own, key=lambda event: (event["ts"], -event["dur"])):
        if event["ts"] < until:
            continue
        until = event["ts"] + event["dur"]
        worked = event.get("tdur", event["dur"])
        tasks.append(Task(took=event["dur"] / 1000, worked=worked / 1000))
    return tasks


def say(measured: Measured) -> None:
    """The table of docs/performance.md."""
    for kind in sorted(measured.bytes, key=lambda kind: -measured.bytes[kind]):
        print(f"{kind:<14}{measured.requests[kind]:>5}{measured.bytes[kind]:>10,} bytes")
    ratio = measured.total / LIMIT_BYTES
    print(f"{'all':<14}{sum(measured.requests.values()):>5}{measured.total:>10,} bytes")
    print(f"of the limit of {LIMIT_BYTES:,} bytes: {ratio:.2f}")
    print(f"opening a channel asks for: {', '.join(measured.opening)}")
    print(
        f"scrolling {measured.scrolled:,} messages: longest task {measured.longest_ms} ms "
        f"({measured.worked_ms} ms of a processor), {measured.over} over {LIMIT_FRAME_MS} ms "
        f"({measured.over_worked} of a processor)"
    )


def main() -> int:
    """Exit 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--scroll", type=int, default=5_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with product(given.messages * 4) as served:
        measured = measure(served, given.scroll)
    if given.json:
        print(json.dumps({**asdict(measured), "total": measured.total}))
    else:
        say(measured)
    kept = (
        measured.total <= LIMIT_BYTES
        and len(measured.opening) <= LIMIT_REQUESTS
        and measured.over == 0
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
