"""What is done once for a message, step by step, in microseconds of one core. No database.

    .venv/bin/python benchmarks/once_a_message.py

Each step is done over many different messages, a few rounds of them; the quickest round counts.
"""

# ruff: noqa: E402  (Django is set up before what needs it)
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")

import django

django.setup()

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid_utils.compat import uuid7

from audit.canonical import plain
from audit.clock import now
from audit.entries import leaf_of_plain
from messaging.rendering import parse_markdown, render_markdown
from messaging.search import vocabulary
from messaging.search.indexed import Indexed
from messaging.search.pairs import keyed
from messaging.search.tokens import derive
from messaging.vault.bodies import Body, EncryptionContext, commitment_of, seal, unseal
from schoolchat.synthetic.text import texts

LENGTHS = (100, 1_000)  # characters
MESSAGES = 2_000
ROUNDS = 5
BATCH = 100  # messages that share a row of vocabulary


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A message, and what the steps before give to the steps after."""

    text: str
    place: EncryptionContext
    body: Body
    sealed: bytes
    commitment: str
    found: Indexed


class Bench:
    """Messages of one length under one month's keys."""

    def __init__(self, length: int) -> None:
        self.cipher = AESGCM(secrets.token_bytes(32))
        self.key = secrets.token_bytes(32)
        self.keys = derive(self.key)
        self.channel, self.author, self.at = uuid7(), uuid4(), now()
        self.samples = [self._sample(text) for text in _texts(length)]

    def _sample(self, text: str) -> Sample:
        place = EncryptionContext(
            message=uuid7(),
            channel=self.channel,
            author=self.author,
            sent_at=self.at,
            kind="text",
            version=1,
        )
        body = Body(text=text)
        return Sample(
            text=text,
            place=place,
            body=body,
            sealed=seal(self.cipher, place, body),
            commitment=commitment_of(place, body, None),
            found=Indexed.of(text),
        )

    def steps(self) -> dict[str, Callable[[Sample], object]]:
        """Each step, by what it is called on the page of results."""
        return {
            "rendering: words without marks": lambda s: render_markdown(s.text),
            "rendering: with Markdown": lambda s: parse_markdown(s.text),
            "commitment": lambda s: commitment_of(s.place, s.body, None),
            "sealing": lambda s: seal(self.cipher, s.place, s.body),
            "unsealing (to read it again)": lambda s: unseal(self.cipher, s.place, s.sealed),
            "words and pairs": lambda s: Indexed.of(s.text),
            "tokens": lambda s: keyed(self.keys, [s.found], (self.channel, self.author)),
            "entry of the log and its leaf": self._entry,
        }

    def _entry(self, sample: Sample) -> bytes:
        facts = {
            "channel": sample.place.channel,
            "seq": 7,
            "version": 1,
            "message_commitment": sample.commitment,
        }
        document = {
            "id": uuid7(),
            "at": self.at,
            "action": "message.posted",
            "actor": self.author,
            "subject": sample.place.message,
            "facts": {name: plain(value) for name, value in facts.items()},
        }
        return leaf_of_plain(document)

    def vocabulary_of(self, batch: Sequence[Sample]) -> bytes:
        """The row of vocabulary that a batch writes."""
        counts: Counter[str] = Counter()
        for sample in batch:
            counts.update(sample.found.words)
        return vocabulary.seal(self.key, UUID(int=1), counts)


def main() -> None:
    """Print the table."""
    benches = [Bench(length) for length in LENGTHS]
    heads = "".join(f"{length:>10,}" for length in LENGTHS)
    print(f"{'µs a message of about … characters':36}{heads}")
    steps = [bench.steps() for bench in benches]
    for name in steps[0]:
        costs = [
            _cost(some[name], bench.samples) for some, bench in zip(steps, benches, strict=True)
        ]
        _say(name, costs)
    _say("vocabulary: alone", [_vocabulary(bench, 1) for bench in benches])
    _say(f"vocabulary: {BATCH} in a batch", [_vocabulary(bench, BATCH) for bench in benches])


def _say(name: str, costs: Sequence[float]) -> None:
    print(f"{name:36}" + "".join(f"{cost:10.1f}" for cost in costs), flush=True)


def _vocabulary(bench: Bench, size: int) -> float:
    batches = [bench.samples[start : start + size] for start in range(0, len(bench.samples), size)]
    return _cost(bench.vocabulary_of, batches) / size


def _cost[T](step: Callable[[T], object], items: Sequence[T]) -> float:
    """Microseconds a call, in the quickest round."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for item in items:
            step(item)
        rounds.append(time.process_time() - started)
    return min(rounds) / len(items) * 1e6


def _texts(length: int) -> list[str]:
    """Messages of about that length."""
    found: list[str] = []
    said = ""
    for text in texts(1, MESSAGES * length):
        said = f"{said} {text}".strip()
        if len(said) >= length:
            found.append(said[:length].strip())
            said = ""
        if len(found) == MESSAGES:
            break
    return found


if __name__ == "__main__":
    main()
