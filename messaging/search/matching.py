"""Whether a text answers a query, and where: the last word, spoken on the plaintext. Pure."""

from collections.abc import Callable, Iterator, Sequence

from messaging.search.analysis import FUNCTION_WORDS, Piece, analyse, moved, stem
from messaging.search.likeness import is_alike
from messaging.search.tree import All, How, Node, Some, Without, Words
from messaging.search.welsh import kin

type Span = tuple[int, int]
"""Characters from and to (not included) of the text as written."""


class _Text:
    """The pieces of a text by the position at which they begin. Its parts follow one another as if
    a word stood between them that nobody can look for."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.at: dict[int, list[Piece]] = {}
        self.starts: dict[int, int] = {}
        self.ends: dict[int, int] = {}
        for piece in _pieces_of(parts):
            self.at.setdefault(piece.first, []).append(piece)
            if piece.after - piece.first == 1:
                self.starts[piece.first] = piece.start
                self.ends[piece.after] = piece.end


def find(tree: Node, text: str) -> list[Span] | None:
    """Where the words of `tree` stand in `text`, in order, not overlapping; None if it is no hit.

    A hit without a single span (everything matches a query of filters only) is an empty list.
    """
    found = find_in(tree, [text])
    return None if found is None else found[0]


def find_in(tree: Node, parts: Sequence[str]) -> list[list[Span]] | None:
    """As `find`, in what consists of parts: for each of them where the words stand in it. Different
    words may stand in different parts, the words of a phrase may not."""
    found = _find(tree, _Text(parts))
    if found is None:
        return None
    joined, split, start = _joined(found), [], 0
    for part in parts:
        end = start + len(part)
        split.append([(a - start, b - start) for a, b in joined if start <= a < end])
        start = end
    return split


def _pieces_of(parts: Sequence[str]) -> Iterator[Piece]:
    position = start = 0
    for part in parts:
        after = position
        for piece in analyse(part):
            after = max(after, piece.after + position)
            # The first part, which is most often the only one, stands where it is.
            yield moved(piece, position, start) if position or start else piece
        position, start = after + 1, start + len(part)


def _find(node: Node, text: _Text) -> list[Span] | None:
    match node:
        case Words():
            return _spans(node, text) or None
        case Without(inner):
            return [] if _find(inner, text) is None else None
        case All(nodes):
            found = [_find(each, text) for each in nodes]
            return None if None in found else [span for spans in found for span in spans or []]
        case Some(nodes):
            some = [spans for each in nodes if (spans := _find(each, text)) is not None]
            return [span for spans in some for span in spans] if some else None


def _spans(words: Words, text: _Text) -> list[Span]:
    return [
        (text.starts[position], text.ends[after])
        for position in text.starts
        if (after := _after(words, text, position)) is not None
    ]


def _after(words: Words, text: _Text, position: int) -> int | None:
    """The position after `words`, if they stand at `position`; the farthest of several."""
    reached = {position}
    for unit in range(len(words.units)):
        reached = _through(words, unit, text, reached)
        if not reached:
            return None
    return max(reached)


def _through(words: Words, unit: int, text: _Text, positions: set[int]) -> set[int]:
    """The positions after any way to write a unit that begins at one of `positions`."""
    found: set[int] = set()
    for forms in words.units[unit]:
        reached = positions
        for number, form in enumerate(forms):
            how = words.how(unit, number, forms)
            reached = {
                piece.after
                for position in reached
                for piece in text.at.get(position, ())
                if _same(form, piece.form, how) and words.allows(form, piece.marked)
            }
        found |= reached
    return found


def _same(form: str, other: str, how: How) -> bool:
    """Whether a word of a text is what is looked for. The words that are everywhere are found as
    themselves only, never for a part of them."""
    match how:
        case How.ALIKE:
            return is_alike(form, other)
        case How.EXACT:
            return form == other
        case How.STEM:
            if other in FUNCTION_WORDS:
                return form == other
            return form == other or stem(form) == stem(other) or other in kin(form)
    if other in FUNCTION_WORDS:
        return how is How.START and form == other
    match how:
        case How.START:
            return other.startswith(form)
        case How.END:
            return other.endswith(form)
    return form in other


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def spans_of(parts: Sequence[str]) -> Callable[[Words], list[Span]]:
    """To ask where words stand in what consists of parts, by the characters of all in a row."""
    text = _Text(parts)
    return lambda words: sorted(_spans(words, text))
