"""One step of the benchmark of the log: `python -m benchmarks.log.work STEP ENTRIES`, JSON out."""

# ruff: noqa: E402  (Django is set up before what needs it)
import json
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")

import django

django.setup()

from django.db import connection, transaction
from uuid_utils.compat import uuid4

from audit.actions import Action
from audit.models import Entry, Leaf, Unsealed
from audit.origins import next_leaf
from audit.proofs import proof_of_entry
from audit.sealer import TURN_SECONDS
from audit.sealing import BATCH, seal
from audit.services import record
from audit.signing import sign_checkpoint
from audit.verification.log import wrong_log
from messaging.ingest import store as ingest
from messaging.ingest.drafts import Draft
from messaging.models import Membership
from messaging.verify import whole, wrong_content

type Rows = list[dict[str, Any]]

RECORD_LIMIT: Final = 0.15  # of the cost of a message
SEAL_LIMIT: Final = 5_000  # entries/s
VERIFY_LIMIT: Final = 50_000  # entries/s
VERSIONS_LIMIT: Final = 10_000  # versions/s
PROOF_LIMIT_MS: Final = 50
TURN_LIMIT_SECONDS: Final = 1.0
OPEN_SECONDS: Final = 30.0
_FILL: Final = Path(__file__).with_name("fill.sql").read_text(encoding="utf-8")
_FILL_AT_ONCE: Final = 200_000
_BATCH: Final = 50
_ROUNDS: Final = 200


def _row(what: str, reached: str, limit: str, ratio: float) -> dict[str, Any]:
    return {"what": what, "reached": reached, "limit": limit, "ratio": round(ratio, 3)}


def measure_record(_entries: int) -> Rows:
    """Messages posted with their entries and without, in turns, as a batch and one by one."""
    rows = []
    for size, name in ((_BATCH, f"batches of {_BATCH}"), (1, "one by one")):
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(_ROUNDS * (1 if size > 1 else 3)):
            logged = number % 2 == 0
            took[logged].append(_post(size, logged=logged))
        with_entry, without = (_usual(took[logged]) for logged in (True, False))
        share = (with_entry - without) / without
        micros = (with_entry - without) / size * 1e6
        rows.append(
            _row(
                f"recording adds to posting, {name}",
                f"{share:.1%} ({micros:.0f} µs a message)",
                f"{RECORD_LIMIT:.0%}",
                share / RECORD_LIMIT,
            )
        )
    return rows


def _usual(took: list[float]) -> float:
    """The mean of the quicker half: what the machine did besides is in the other."""
    return statistics.mean(sorted(took)[: len(took) // 2])


def _post(size: int, *, logged: bool) -> float:
    """Seconds of one batch. Without its entry a message is not on the record: undone at once."""
    member = Membership.objects.filter(channel__kind="private", left_at=None).first()
    assert member is not None
    drafts = [
        Draft(
            author=member.person_id,
            channel=member.channel_id,
            ref=UUID(str(uuid4())),
            body="The hall is free after lunch, so bring the chairs over before the bell rings.",
        )
        for _ in range(size)
    ]
    try:
        with nullcontext() if logged else patch.object(ingest, "record_all"):
            began = time.perf_counter()
            ingest.store(drafts)
            return time.perf_counter() - began
    finally:
        if not logged:
            _undo(member.channel_id, [draft.ref for draft in drafts])


def _undo(channel: UUID, refs: list[UUID]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM messaging_messageversion v USING messaging_message m"
            " WHERE m.id = v.message_id AND m.channel_id = %s AND m.ref = ANY (%s)",
            [channel, refs],
        )
        cursor.execute(
            "DELETE FROM messaging_message WHERE channel_id = %s AND ref = ANY (%s)",
            [channel, refs],
        )


def measure_versions(_entries: int) -> Rows:
    """Versions unsealed, made canonical and held against their commitments."""
    done, last = 0, 0.0
    began = time.perf_counter()

    def progress(many: int) -> None:
        nonlocal done, last
        done, last = many, time.perf_counter()

    problems = [str(one) for one in wrong_content(whole(), progress)]
    assert not problems, problems[:3]
    rate = done / (last - began)
    matching = time.perf_counter() - last
    return [
        _row(
            f"verifying {done:,} versions",
            f"{rate:,.0f}/s, and {matching:.1f} s to match them with the log as a whole",
            f"{VERSIONS_LIMIT:,}/s",
            rate / VERSIONS_LIMIT,
        )
    ]


def fill(entries: int) -> Rows:
    """Entries as sending writes them, up to so many."""
    have = Entry.objects.count()
    for start in range(have + 1, entries + 1, _FILL_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_FILL, [start, min(start + _FILL_AT_ONCE - 1, entries)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_entry")
    return []


def measure_seal(_entries: int) -> Rows:
    """All that waits sealed, without rests, and signed."""
    before, began = next_leaf(), time.perf_counter()
    while seal(BATCH):
        pass
    sign_checkpoint()
    took, done = time.perf_counter() - began, next_leaf() - before
    rate = done / took
    return [
        _row(f"sealing {done:,} entries", f"{rate:,.0f}/s", f"{SEAL_LIMIT:,}/s", rate / SEAL_LIMIT)
    ]


def measure_turn(_entries: int) -> Rows:
    """How long an entry waits for its leaf while another transaction stays open throughout."""
    written, may_end, ended = threading.Event(), threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=_stay_open, args=(written, may_end)),
        threading.Thread(target=_go_on_sealing, args=(ended,)),
    ]
    for thread in threads:
        thread.start()
    written.wait()
    waits = _waits()
    may_end.set()
    ended.set()
    for thread in threads:
        thread.join()
    sign_checkpoint()
    return [
        _row(
            f"from commit to leaf, one transaction open for {OPEN_SECONDS:.0f} s, the longest",
            f"{max(waits):.2f} s of {len(waits)}",
            f"{TURN_LIMIT_SECONDS} s",
            max(waits) / TURN_LIMIT_SECONDS,
        )
    ]


def _stay_open(written: threading.Event, may_end: threading.Event) -> None:
    with transaction.atomic():
        record(Action.SIGNED_IN, actor=UUID(str(uuid4())), method="password")
        written.set()
        may_end.wait()
    connection.close()


def _go_on_sealing(ended: threading.Event) -> None:
    while not ended.is_set():
        seal()
        time.sleep(TURN_SECONDS)
    connection.close()


def _waits() -> list[float]:
    waits: list[float] = []
    end = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < end:
        with transaction.atomic():
            entry = record(Action.SIGNED_IN, actor=UUID(str(uuid4())), method="password")
        began = time.monotonic()
        while not Leaf.objects.filter(entry=entry).exists():
            time.sleep(0.005)
        waits.append(time.monotonic() - began)
        time.sleep(random.random())
    return waits


def measure_verify(_entries: int) -> Rows:
    """The whole log: entries, leaves, tiles, heads, items, queue."""
    began = time.perf_counter()
    problems = [str(one) for one in wrong_log()]
    assert not problems, problems[:3]
    many = Entry.objects.count()
    rate = many / (time.perf_counter() - began)
    return [
        _row(
            f"verifying a log of {many:,} entries",
            f"{rate:,.0f}/s",
            f"{VERIFY_LIMIT:,}/s",
            rate / VERIFY_LIMIT,
        )
    ]


def measure_proof(_entries: int) -> Rows:
    """Proofs of entries from all over the log."""
    assert not Unsealed.objects.exists()
    size = next_leaf()
    took = []
    for _ in range(200):
        entry = Entry.objects.get(leaf__number=random.randrange(size))
        began = time.perf_counter()
        proof = proof_of_entry(entry)
        took.append((time.perf_counter() - began) * 1_000)
        assert proof is not None
    worst = max(took)
    return [
        _row(
            f"a proof in a log of {size:,} entries, the slowest of {len(took)}",
            f"{worst:.1f} ms (median {statistics.median(took):.1f})",
            f"{PROOF_LIMIT_MS} ms",
            worst / PROOF_LIMIT_MS,
        )
    ]


STEPS: Final[dict[str, Callable[[int], Rows]]] = {
    "record": measure_record,
    "versions": measure_versions,
    "fill": fill,
    "seal": measure_seal,
    "turn": measure_turn,
    "verify": measure_verify,
    "proof": measure_proof,
}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(STEPS[sys.argv[1]](int(sys.argv[2]))) + "\n")
