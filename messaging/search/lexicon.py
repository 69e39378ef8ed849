"""Words that are alike, found among those of many months.

Words are taken in letter by letter, when a search first asks for words that begin so: a process
that was just started answers as well, and what nobody asks for costs nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from weakref import WeakSet

from rapidfuzz import process
from rapidfuzz.distance import OSA

from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.likeness import initials, is_near, sound, with_another_initial
from messaging.search.vocabulary import Words

_ASKED: Final = 256
"""Questions whose answers are kept, a letter."""


class Lexicon:
    """The words of all months that begin with one letter. Not safe between threads."""

    def __init__(self, letter: str) -> None:
        self._letter = letter.encode()
        self._rows: WeakSet[Words] = WeakSet()
        self._words: list[str] = []
        self._known: set[str] = set()
        self._sounds: dict[str, list[str]] = {}
        self._asked: dict[str, tuple[int, list[str]]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def learn(self, rows: Iterable[Words]) -> None:
        """Take the rows' words in."""
        for row in rows:
            if row not in self._rows:
                self._rows.add(row)
                self._learn(word.decode() for word in row.starting(self._letter))

    def _learn(self, words: Iterable[str]) -> None:
        new = set(words) - self._known
        self._known |= new
        self._words += new
        for word in new:
            if code := sound(word):
                self._sounds.setdefault(code, []).append(word)

    def sounding(self, form: str) -> Sequence[str]:
        """The words that sound like `form`."""
        return self._sounds.get(sound(form), ())

    def near(self, form: str) -> Sequence[str]:
        """The words a letter off; only those that came since the same was asked are looked at."""
        seen, found = self._asked.get(form, (0, []))
        if seen < len(self):
            new = process.extract(
                form, self._words[seen:], scorer=OSA.distance, score_cutoff=1, limit=None
            )
            found = found + [word for word, _, _ in new]
            if len(self._asked) >= _ASKED:
                self._asked.clear()
            self._asked[form] = (len(self), found)
        return found


class Lexicons:
    """The lexicon of each letter. Not safe between threads."""

    def __init__(self) -> None:
        self._letters: dict[str, Lexicon] = {}

    def __len__(self) -> int:
        return sum(map(len, self._letters.values()))

    def alike(self, rows: Sequence[Words], form: str) -> set[str]:
        """Every word of `rows` that may be meant by `form`, and some of rows asked before."""
        found = _elsewhere(rows, form)
        for letter in initials(form):
            lexicon = self._letters.setdefault(letter, Lexicon(letter))
            lexicon.learn(rows)
            found.update(lexicon.sounding(form))
        found.update(self._letters[form[0]].near(form))
        return found - FUNCTION_WORDS


def _elsewhere(rows: Sequence[Words], form: str) -> set[str]:
    """The words one letter off that begin with another letter."""
    turned, rest = with_another_initial(form)
    ending = f"{rest}\n".encode()
    words = {word for row in rows for word in row.holding(ending)}
    short = [word for word in map(bytes.decode, words) if len(word) <= len(form) + 1]
    return {word for word in (turned, *short) if is_near(form, word)}
