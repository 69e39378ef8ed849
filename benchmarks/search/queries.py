"""What is searched for: words picked by how many texts hold them, in what was generated."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any, Final
from uuid import UUID

from messaging.models import Channel, IndexKey, Message
from messaging.search import vocabulary
from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.domains import opened
from messaging.search.words import vocabularies
from schoolchat.synthetic.words import PHRASES, misspelt, names

EACH: Final = 12
"""Queries a class, each run three times."""
ABSENT: Final = "zzyzzyx quuxful wibbleton frabjous kwyjibo vorpaling jabberwok snarkish boojum"
_SHORTEST: Final = 4
COMMON: Final = (0.005, 0.03)
MID: Final = (0.0002, 0.001)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query as it is typed, with the filters beside it, and `plain` for PostgreSQL's own: the
    function of it that makes a tsquery, and its text."""

    typed: str
    function: str = "plainto_tsquery"
    plain: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)


class Picked:
    """Words by how many texts hold them."""

    def __init__(self, stopped: Callable[[list[str]], set[str]]) -> None:
        """`stopped` says which words PostgreSQL leaves out: nothing is asked that it ignores."""
        self._random = Random(6)
        counts, self.messages = _counts(), Message.objects.count()
        words = {w: n for w, n in counts.items() if w.isascii() and w.isalpha()}
        left_out = stopped(list(words)) | FUNCTION_WORDS
        self._counts = {w: n for w, n in words.items() if w not in left_out}
        self.common = self._between(*(share * self.messages for share in COMMON))
        self.mid = self._between(*(share * self.messages for share in MID))
        long = sorted((n, w) for w, n in self._counts.items() if len(w) >= _SHORTEST and n >= 3)
        self.rare = self._shuffled([w for _, w in long[: len(long) // 20]])
        self.once = self._shuffled([w for w, n in counts.items() if len(w) == 10 and n == 1])
        self.most = sorted(self.common, key=self._counts.__getitem__, reverse=True)

    def _between(self, least: float, most: float) -> list[str]:
        return self._shuffled(
            [w for w, n in self._counts.items() if least <= n <= most and len(w) >= _SHORTEST]
        )

    def _shuffled(self, words: list[str]) -> list[str]:
        return self._random.sample(sorted(words), len(words))

    def share(self, word: str) -> float:
        """Of the texts, how many hold the word."""
        return self._counts[word] / self.messages


def _counts() -> Counter[str]:
    keys = {
        key: opened(key, generation, bytes(wrapped))
        for key, generation, wrapped in IndexKey.objects.values_list("id", "generation", "wrapped")
    }
    counts: Counter[str] = Counter()
    for key, derived in keys.items():
        counts.update(vocabulary.merged(vocabularies({key: derived})[key]))
    return counts


def classes(picked: Picked) -> Iterator[tuple[str, list[Asked]]]:
    """Each class of queries by its name."""
    common, mid, rare = picked.common, picked.mid, picked.rare
    random = Random(7)
    yield "common word", _words(common)
    yield "mid word", _words(mid)
    yield "rare word", _words(rare)
    yield "a reference that stands once", _words(picked.once)
    yield "two common words", _words(map(_two, common, common[1:]))
    yield "two mid words", _words(map(_two, mid, mid[1:]))
    yield "common and rare word", _words(map(_two, common, rare))
    yield "prefix of 4 letters", _prefixes(w[:4] for w in mid)
    yield "prefix of 2 letters", _prefixes(w[:2] for w in mid)
    yield "name, misspelt (fuzzy)", _fuzzy(random)
    yield "phrase: a name", _phrases(names())
    yield "phrase: two words that belong together", _phrases(p for p in PHRASES if "'" not in p)
    yield "common word in one channel", _with(common, "channel", _quiet_channels())
    yield "mid word by one author", _with(mid, "author", _authors())
    yield "common word in a month years ago", _in_a_month(common)


def phrases_of_common(picked: Picked) -> list[Asked]:
    """Two of the most common words in a row."""
    most = picked.most
    return _phrases(f"{one} {other}" for one, other in pairwise(most))


def in_plain_words(picked: Picked) -> list[tuple[str, list[Asked]]]:
    """What a member searches for in 60 channels."""
    return [
        ("common word", _words(picked.common)),
        ("mid word", _words(picked.mid)),
        ("rare word", _words(picked.rare)),
        ("two common words", _words(map(_two, picked.common, picked.common[1:]))),
        ("word that stands nowhere", _words(absent())),
    ]


def absent() -> list[str]:
    """Words that stand nowhere."""
    words = ABSENT.split()
    return [*words, *(f"{word}s" for word in words)]


def _two(one: str, other: str) -> str:
    return f"{one} {other}"


def _words(words: Any) -> list[Asked]:
    return [Asked(typed=w, plain=w) for w, _ in zip(words, range(EACH), strict=False)]


def _prefixes(words: Iterator[str]) -> list[Asked]:
    some = [w for w in dict.fromkeys(words) if not any(f.startswith(w) for f in FUNCTION_WORDS)]
    return [Asked(typed=f"{w}*", function="to_tsquery", plain=f"{w}:*") for w in some[:EACH]]


def _phrases(phrases: Any) -> list[Asked]:
    return [
        Asked(typed=f'"{phrase}"', function="phraseto_tsquery", plain=phrase)
        for phrase, _ in zip(phrases, range(EACH), strict=False)
    ]


def _fuzzy(random: Random) -> list[Asked]:
    """Names with a slip in them. PostgreSQL has no search like it."""
    chosen = random.sample([name.split()[1] for name in misspelt()], EACH)
    return [Asked(typed=f"~{name}") for name in chosen]


def _with(words: list[str], name: str, values: list[UUID]) -> list[Asked]:
    return [
        Asked(typed=word, plain=word, filters={name: value})
        for word, value, _ in zip(words, values, range(EACH), strict=False)
    ]


def _quiet_channels() -> list[UUID]:
    """From the middle of the channels by how much is written in each."""
    ids = list(Channel.objects.order_by("head").values_list("id", flat=True))
    return (ids[len(ids) // 2 :] * EACH)[:EACH]


def _authors() -> list[UUID]:
    ids = Channel.objects.order_by("head").values_list("memberships__person", flat=True)
    return [author for author in dict.fromkeys(ids) if author is not None][:EACH]


def _in_a_month(words: list[str]) -> list[Asked]:
    months = sorted(IndexKey.objects.values_list("month", flat=True).distinct())
    old = months[len(months) // 4 :]
    found = []
    for word, month, following in zip(words[:EACH], old, old[1:], strict=False):
        since, until = (datetime(m.year, m.month, 1, tzinfo=UTC) for m in (month, following))
        found.append(Asked(typed=word, plain=word, filters={"since": since, "until": until}))
    return found
