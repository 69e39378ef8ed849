"""Recall and precision: a thousand generated queries over some days against a plain scan."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import jellyfish

from benchmarks.search.plain import texts
from benchmarks.search.scan import Read, one_edit, read, runs, scan, scan_near, words_of
from messaging.models import Message
from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from schoolchat.synthetic.words import names

TEXTS: Final = 20_000
"""As many texts as there are in the days that are looked at, at most."""
QUERIES: Final = {"words": 500, "phrases": 250, "prefixes": 150, "names one edit away": 100}
LEAST_NAMES: Final = 0.95
_DESK: Final = Scope(channels=None, versions=True)
_MOST: Final = 200_000
_SHORTEST_NAME: Final = 4

type Row = dict[str, Any]


def measure() -> list[Row]:
    """For each kind the share of what a plain scan finds that is found, and of what is found that
    answers."""
    newest = Message.objects.order_by("sent_at").values_list("sent_at", flat=True).last()
    assert newest is not None
    until = newest - timedelta(days=200)
    times = Message.objects.filter(sent_at__lt=until).order_by("-sent_at")
    since = times.values_list("sent_at", flat=True)[min(TEXTS, times.count()) - 1]
    every = read((row[0], row[-1]) for row in texts(since, until))
    random = Random(5)
    return [
        _measured(kind, count, every, (since, until), random) for kind, count in QUERIES.items()
    ]


def _measured(
    kind: str, count: int, every: list[Read[UUID]], time: tuple[datetime, datetime], random: Random
) -> Row:
    rows = {text.name: text.row for text in every}
    words = words_of(every)
    wanted_all = found_all = both = right = 0
    for _, typed in zip(range(count), _typed(kind, every, random), strict=False):
        fuzzy = typed.startswith("~")
        wanted = scan_near(every, words, typed) if fuzzy else scan(every, typed)
        query = parse(typed, since=time[0], until=time[1])
        page = search(_DESK, query, limit=_MOST, seconds=600)
        found = {hit.message.id for hit in page.hits}
        wanted_all += len(wanted)
        found_all += len(found)
        both += len(wanted & found)
        right += sum(alike(typed, rows[id_]) for id_ in found) if fuzzy else len(wanted & found)
    least = LEAST_NAMES if kind.startswith("names") else 1.0
    return {
        "kind": kind, "queries": count, "texts": len(every), "wanted": wanted_all,
        "recall": both / max(wanted_all, 1), "least": least,
        "precision": right / max(found_all, 1),
    }  # fmt: skip


def _typed(kind: str, every: list[Read[UUID]], random: Random) -> Iterator[str]:
    """Queries without end; some words among them stand nowhere."""
    while True:
        said = random.choice(every).row.split()
        at = random.randrange(len(said))
        word = said[at]
        match kind:
            case "words":
                other = random.choice(said)
                asked = random.choice([word, word, f"{word} {other}", f"{word}zq"])
                if not FUNCTION_WORDS & set(asked.split()):
                    yield asked
            case "phrases":
                row = said[at : at + random.choice([2, 2, 3])]
                if len(row) > 1 and not set(row) <= FUNCTION_WORDS:
                    yield f'"{" ".join(row)}"'
            case "prefixes":
                beginning = word[: random.randint(3, max(3, len(word)))]
                # A function word is found as itself only, never for its beginning.
                if len(word) > 4 and not any(w.startswith(beginning) for w in FUNCTION_WORDS):
                    yield f"{beginning}*"
            case _:
                name = random.choice(names()).split()[1]
                if len(name) > _SHORTEST_NAME:
                    yield f"~{slip(name, random)}"


def slip(name: str, random: Random) -> str:
    """A name with one letter left out, doubled, or changed about with the next."""
    (folded,) = runs(name)[-1:]
    at = random.randrange(1, len(folded) - 1)
    head, one, two, tail = folded[:at], folded[at], folded[at + 1], folded[at + 2 :]
    return head + random.choice([two, one + one + two, two + one]) + tail


def alike(typed: str, row: str) -> bool:
    """Whether a text that was found answers: with a run one edit away, or alike in sound."""
    (sought,) = runs(typed)
    code = jellyfish.metaphone(sought)
    return any(one_edit(sought, run) or jellyfish.metaphone(run) == code for run in row.split())
