"""What a member's searches take for words that stand only where they may not read, against words
that stand nowhere: by their times the two must not be told apart."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from random import Random
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from messaging.search.beats import at_a_beat
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope

RUNS: Final = 200
"""Of each of the two, for each kind; fewer where a small school has fewer such words."""
LEAST_RUNS: Final = 30
PERMUTATIONS: Final = 5_000
FOUND_BELOW: Final = 0.01
_REFERENCES: Final = """
SELECT DISTINCT substring(body FROM 'HL-([0-9a-f]{10})') FROM message
WHERE channel <> ALL (%s) AND body ~ 'HL-[0-9a-f]{10}'
"""

type Row = dict[str, Any]
type Typed = Callable[[str], str]

#: How a reference is searched for, by the kind of search.
KINDS: Final[dict[str, Typed]] = {
    "exact": lambda reference: reference,
    "prefix": lambda reference: f"{reference[:7]}*",
    "fuzzy": lambda reference: f"~{reference}",
}
FREQUENT: Final = "exact, frequent"


def hidden_from(link: Any, channels: Sequence[UUID], random: Random) -> list[str]:
    """References that stand in none of these channels, but in another."""
    found = sorted(row[0] for row in link.execute(_REFERENCES, [list(channels)]))
    if len(found) < LEAST_RUNS:
        raise SystemExit("too few words are hidden from a member: generate more messages")
    return random.sample(found, min(RUNS, len(found)))


def frequent_but(scope: Scope, words: Sequence[str]) -> list[str]:
    """Those of some frequent words that a member does not find."""
    missed = [word for word in words if not search(scope, parse(word), seconds=30).hits]
    if len(missed) < LEAST_RUNS:
        raise SystemExit("too few frequent words are hidden from a member: generate more messages")
    return missed[:RUNS]


def compare(kind: str, hidden: Sequence[str], scope: Scope, *, telling: bool, seed: int) -> Row:
    """Whether the times of one kind of search tell the two apart.

    `telling` switches on for this member what only the desk has: a word that stands nowhere is
    answered by the vocabularies. Then a difference must be found, else the test finds nothing.
    """
    random = Random(seed)
    nowhere = [f"{random.getrandbits(40):010x}" for _ in hidden]
    with _reaching_all() if telling else nullcontext():
        for reference in (*hidden[:5], *nowhere[:5]):
            _time(_typed(kind, reference), scope)
        times = _in_turns(kind, hidden, nowhere, scope, random)
    p = chance(times["hidden"], times["nowhere"], random)
    return {
        "kind": kind,
        "telling": telling,
        "runs": len(hidden),
        "hidden": statistics.median(times["hidden"]),
        "nowhere": statistics.median(times["nowhere"]),
        "p": p,
        "as it must be": (p < FOUND_BELOW) is telling,
    }


def _in_turns(
    kind: str, hidden: Sequence[str], nowhere: Sequence[str], scope: Scope, random: Random
) -> dict[str, list[float]]:
    """Milliseconds; of each pair now the one comes first and now the other."""
    times: dict[str, list[float]] = {"hidden": [], "nowhere": []}
    for pair in zip(hidden, nowhere, strict=True):
        named = list(zip(times, pair, strict=True))
        random.shuffle(named)
        for name, reference in named:
            times[name].append(_time(_typed(kind, reference), scope))
    return times


def _typed(kind: str, word: str) -> str:
    return word if kind == FREQUENT else KINDS[kind](word)


def _time(typed: str, scope: Scope) -> float:
    query = parse(typed)
    began = time.perf_counter()
    with at_a_beat(scope):
        page = search(scope, query, seconds=30)
    took = time.perf_counter() - began
    if page.hits:
        raise AssertionError("a member found what stands only where they may not read")
    return took * 1_000


def chance(one: Sequence[float], other: Sequence[float], random: Random) -> float:
    """How likely so large a difference of the mean ranks is, if there is none: by permuting."""
    together = [*one, *other]
    ranks = [0.0] * len(together)
    for rank, at in enumerate(sorted(range(len(together)), key=together.__getitem__)):
        ranks[at] = float(rank)
    middle = (len(ranks) - 1) / 2 * len(one)
    seen = abs(sum(ranks[: len(one)]) - middle)
    as_large = 0
    for _ in range(PERMUTATIONS):
        as_large += abs(sum(random.sample(ranks, len(one))) - middle) >= seen
    return (as_large + 1) / (PERMUTATIONS + 1)


@contextmanager
def _reaching_all() -> Iterator[None]:
    with patch.object(Scope, "reaches_all", True):
        yield
