"""What of a text is indexed: its words, and which of them stand in a row. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple, Self

from messaging.search.analysis import (
    FUNCTION_WORDS,
    Piece,
    analyse,
    chunks_of,
    may_span,
    pieces_of,
    stem,
)

type Pair = tuple[str, str]
"""The stems of two words in a row."""

_KEPT: Final = 1 << 16
"""What is kept whole, between two blanks: the words of some years of a school."""

_LONGEST: Final = 64
"""Characters of what is kept; addresses and the like are longer."""


class Indexed(NamedTuple):
    """What is indexed of one part of a text.

    Attributes:
        words: folded, without the function words.
        row: the stems of its words in their order, the function words among them; every two
            neighbours are a pair.
        pairs: all pairs, where something spans several words, as `obrien` does; else none, and
            the row has them.
    """

    words: set[str]
    row: list[str]
    pairs: frozenset[Pair] = frozenset()

    @classmethod
    def of(cls, text: str) -> Self:
        """What is indexed of a text."""
        runs = text.split()
        if not runs or max(map(len, runs)) > _LONGEST or may_span(text):
            known = [*map(_chunk, chunks_of(text))]
        else:
            # No other chunk spans a blank, and none looks beyond one: run by run is as good, and
            # most come again as they stand, with their comma or full stop.
            known = [*map(_known, runs)]
        words = {word for run in known for word in run.words}
        row = [stem for run in known for stem in run.row]
        spans = any([run.spans for run in known])  # noqa: C419  (a list is quicker)
        return cls(words, row, _pairs(known)) if spans else cls(words, row)


class _Run(NamedTuple):
    """What stands between two blanks: the stems of its pieces by where they stand. It `spans` where
    a piece is of several others."""

    spans: bool
    words: tuple[str, ...]
    row: tuple[str, ...]
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    pairs: tuple[Pair, ...]


def _pairs(known: Iterable[_Run]) -> frozenset[Pair]:
    pairs: set[Pair] = set()
    lasts: tuple[str, ...] = ()
    for run in known:
        if run.row:
            pairs.update(run.pairs, product(lasts, run.firsts))
            lasts = run.lasts
    return frozenset(pairs)


def _chunk(chunk: str) -> _Run:
    return _run(pieces_of(chunk)) if len(chunk) > _LONGEST else _known_chunk(chunk)


def _run(pieces: Sequence[Piece]) -> _Run:
    if len(pieces) == 1:
        (piece,) = pieces
        alone = (stem(piece.form),)
        words = () if piece.form in FUNCTION_WORDS else (piece.form,)
        return _Run(spans=False, words=words, row=alone, firsts=alone, lasts=alone, pairs=())
    starting: dict[int, list[Piece]] = {}
    for piece in pieces:
        starting.setdefault(piece.first, []).append(piece)
    end = max((piece.after for piece in pieces), default=0)
    return _Run(
        spans=any(piece.after - piece.first > 1 for piece in pieces),
        words=tuple({piece.form for piece in pieces} - FUNCTION_WORDS),
        row=tuple(stem(piece.form) for piece in pieces if piece.after - piece.first == 1),
        firsts=tuple(stem(piece.form) for piece in starting.get(0, ())),
        lasts=tuple(stem(piece.form) for piece in pieces if piece.after == end),
        pairs=tuple(
            (stem(piece.form), stem(other.form))
            for piece in pieces
            for other in starting.get(piece.after, ())
        ),
    )


def words_of(parts: Sequence[Indexed]) -> set[str]:
    """The words of what consists of parts."""
    return parts[0].words if len(parts) == 1 else set().union(*[part.words for part in parts])


@lru_cache(_KEPT)
def _known(run: str) -> _Run:
    chunks = chunks_of(run)
    return _run(pieces_of(chunks[0]) if len(chunks) == 1 else analyse(run))


@lru_cache(_KEPT // 4)
def _known_chunk(chunk: str) -> _Run:
    return _run(pieces_of(chunk))
