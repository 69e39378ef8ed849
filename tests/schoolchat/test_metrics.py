"""`/metrics`: who may read it, what stands in it, and that one process answers for all."""

import asyncio
import fcntl
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from accounts.models import User
from accounts.security import SecurityEvent
from accounts.services.tokens import create_token
from audit import slots
from audit.counters import REGISTRY
from messaging.process import metrics
from schoolchat.serving.lifeline import TREE
from tests.cast import client_of
from tests.faults.web import Redis, Web, redis_server, web_processes
from tests.scenes import channel_of
from tests.sockets import connected

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "metrics.md"
TOKEN = "a-monitor-may-know-this"
ELSEWHERE = "192.0.2.7"
#: Counts as a web process does, and prints what any of them would answer.
COUNTING = """
import sys
from audit.counters import exposition
from messaging.process import metrics
for line in sys.stdin:
    sockets, deliveries = map(int, line.split())
    metrics.SOCKETS.inc(sockets)
    metrics.DELIVERIES.inc(deliveries)
    metrics.DELIVERY_SECONDS.observe(0.01)
    print(exposition().decode() + "end", flush=True)
"""


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def _ask(
    client: Client | None = None,
    *,
    at: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
) -> int:
    answer = (client or Client()).get("/metrics", REMOTE_ADDR=at, headers=headers)
    return answer.status_code


def _values(text: str) -> dict[str, float]:
    """What an exposition says of everything without labels, and of the sums of histograms."""
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    return {sample.name: sample.value for sample in samples if not sample.labels}


def test_the_page_lists_every_metric_as_it_is() -> None:
    shown = {row[0].strip("`"): row[1:] for row in _rows() if row[0].startswith("`schoolchat_")}
    kept = {f"{m.name}_total" if m.type == "counter" else m.name: m for m in REGISTRY.collect()}
    assert {name: (row[0], row[3]) for name, row in shown.items()} == {
        name: (metric.type, metric.documentation) for name, metric in kept.items()
    }
    assert all(row[1] for row in shown.values())
    for name, metric in kept.items():
        labels = {label for sample in metric.samples for label in sample.labels}
        assert labels - {"le"} == _words(shown[name][2]), name


def test_labels_have_the_values_of_the_page_and_no_client_makes_others() -> None:
    metrics.FRAMES_BY_TYPE["dance-of-the-19th-client"].inc()
    (kinds, errors, closes, queues, _) = [_words(row[1]) for row in _rows() if len(row) == 2][2:]
    events = {str(event) for event in SecurityEvent}
    shown = {"type": kinds, "code": errors | closes, "queue": queues, "event": events}
    kept: dict[str, set[str]] = {}
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            for label, value in sample.labels.items():
                kept.setdefault(label, set()).add(value)
    assert kept.keys() == {"type", "code", "queue", "event", "le"}
    assert {label: kept[label] for label in shown} == shown


@pytest.mark.django_db
def test_without_a_token_only_the_machine_itself_may_read() -> None:
    assert _ask() == _ask(at="::1") == 200
    assert _ask(at=ELSEWHERE) == _ask(at="") == 404
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"):
        assert _ask(headers={header: "127.0.0.1"}) == 404, header


@pytest.mark.django_db
def test_with_a_token_whoever_has_it_may_read_and_nobody_else(
    settings: Settings,
) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert _ask(at=ELSEWHERE, headers={"Authorization": f"Bearer {TOKEN}"}) == 200
    assert _ask(at=ELSEWHERE, headers={"Authorization": "Bearer something-else"}) == 404
    assert _ask(headers={"Authorization": "Bearer "}) == 404
    assert _ask() == 404


def test_a_persons_token_or_session_opens_nothing(alice: User, theo: User) -> None:
    made = create_token(by=alice, person=alice, name="script")
    assert _ask(at=ELSEWHERE, headers={"Authorization": f"Bearer {made.secret}"}) == 404
    assert _ask(client_of(theo), at=ELSEWHERE) == 404


def test_it_is_asked_plainly_also_where_browsers_are_led_to_https(
    settings: Settings,
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert _ask() == 200
    assert Client().get("/accounts/login/").status_code == 301


def test_the_answer_is_in_prometheus_own_format() -> None:
    metrics.DELIVERIES.inc(3)
    answer = Client().get("/metrics")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert _values(answer.content.decode())["schoolchat_deliveries_total"] >= 3


class Counting:
    """A process that counts in the shared folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", COUNTING],
            cwd=TREE,
            env={slots.VARIABLE: str(folder), "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def count(self, *, sockets: int, deliveries: int) -> Mapping[str, float]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{sockets} {deliveries}\n")
        self.process.stdin.flush()
        return _values("".join(iter(self.process.stdout.readline, "end\n")))

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def counting(folder: Path) -> Iterator[Counting]:
    started = Counting(folder)
    try:
        yield started
    finally:
        started.kill()


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(slots.VARIABLE, "")
    slots.make_anew(tmp_path / "metrics")
    return tmp_path / "metrics"


def test_each_process_answers_for_all_and_a_killed_one_leaves_no_gauge(folder: Path) -> None:
    with ExitStack() as stack:
        first, second = (stack.enter_context(counting(folder)) for _ in range(2))
        first.count(sockets=2, deliveries=10)
        both = second.count(sockets=3, deliveries=5)
        assert (both["schoolchat_sockets"], both["schoolchat_deliveries_total"]) == (5, 15)
        assert both["schoolchat_delivery_seconds_count"] == 2

        first.kill()
        alone = second.count(sockets=0, deliveries=0)
        assert (alone["schoolchat_sockets"], alone["schoolchat_deliveries_total"]) == (3, 15)

        third = stack.enter_context(counting(folder))
        after = third.count(sockets=1, deliveries=1)
        assert (after["schoolchat_sockets"], after["schoolchat_deliveries_total"]) == (4, 16)
    assert {int(lock.stem) for lock in folder.glob("*.lock")} == {0, 1}


def test_who_is_dead_is_passed_over_however_many_look_and_who_just_begins_too(folder: Path) -> None:
    for name in ("gauge_livesum_5.db", "counter_5.db"):
        (folder / name).write_bytes(b"counted")
    (folder / "histogram_6.db").touch()
    with (folder / "5.lock").open("w") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert [file.name for file in slots.files(folder)] == ["counter_5.db"]


def test_a_new_serve_begins_at_nothing(folder: Path) -> None:
    with counting(folder) as before:
        before.count(sockets=1, deliveries=1)
    slots.make_anew(folder)
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700


def _asked(web: Web) -> Mapping[str, float]:
    with urlopen(f"{web.url}/metrics", timeout=5) as answer:  # noqa: S310 - ours
        return _values(answer.read().decode())


@pytest.mark.django_db(transaction=True)
async def test_one_of_several_web_processes_answers_for_all(
    folder: Path, redis: Redis, alice: User, bob: User
) -> None:
    channel = await sync_to_async(channel_of)(alice, bob)
    with web_processes("uvicorn", count=2, redis=redis.url) as web:
        async with connected(web, alice) as hers, connected(web, bob) as his:
            await hers.hello()
            await his.hello()
            await hers.send(channel.id, "Counted")
            for client in (hers, his):
                await client.next("message")
            counted = await asyncio.to_thread(_asked, web)
            web.processes[1].kill()
            left = await asyncio.to_thread(_asked, web)
    assert (counted["schoolchat_sockets"], left["schoolchat_sockets"]) == (2, 1)
    assert left["schoolchat_handshakes_total"] == counted["schoolchat_handshakes_total"] == 2
    assert counted["schoolchat_deliveries_total"] == 2
    assert counted["schoolchat_batch_messages_sum"] == 1
    assert counted["schoolchat_commit_seconds_count"] == 1
    assert counted["schoolchat_delivery_seconds_count"] == 1
    assert counted["schoolchat_doorbell_seconds_count"] >= 1
