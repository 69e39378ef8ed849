"""What a person types, as a tree. Pure.

    maths trip              both words, in any form English gives them (trip, trips)
    "school trip"           these words, as written, in a row
    plan*                   any word that begins so
    trip OR outing          either
    trip -swimming          without; also NOT swimming
    (trip OR outing) maths  brackets

A word that is several (j.smith@school.uk, 12/05/2026, well-being) is its parts in a row. An
error names the place, counted in characters from 1, and says what to type; it never repeats the
words, so that it may be logged.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from messaging.search import analysis

MAX_CHARS: Final = 500
MAX_WORDS: Final = 32

type Unit = tuple[tuple[str, ...], ...]
"""Ways to write one chunk, any of which will do; each is folded words in a row."""


class QueryError(ValueError):
    """The search cannot be read. `place` is the character, from 1, that it stumbles over."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True, kw_only=True)
class Words:
    """Chunks in a row: as written when `exact`, else by their stems; the last as a prefix."""

    units: tuple[Unit, ...]
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class All:
    """Every one of `nodes`; none at all matches everything."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Some:
    """At least one of `nodes`."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Without:
    """Not `node`."""

    node: "Node"


type Node = Words | All | Some | Without


class Has(StrEnum):
    """What a message has besides its words."""

    LINK = "link"
    FILE = "file"
    IMAGE = "image"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search: the tree and the filters beside it. `since` is included, `until` is not."""

    tree: Node
    channel: UUID | None = None
    author: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    has: Has | None = None


@dataclass(frozen=True, kw_only=True)
class _Token:
    """`kind` is one of `" word ( ) OR AND NOT`; `at` counts characters from 1."""

    kind: str
    text: str
    at: int


_QUOTES: Final = '"\u201c\u201d\u201e'
_TOKEN: Final = re.compile(
    rf"""\s+
    | [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<close>[{_QUOTES}]\*?|$)
    | (?P<not>-(?=[^\s)-]))
    | (?P<bracket>[()])
    | (?P<word>[^\s(){_QUOTES}]+)""",
    re.VERBOSE,
)
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})


def parse(
    text: str,
    *,
    channel: UUID | None = None,
    author: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    has: Has | None = None,
) -> Query:
    """Read a search. Raises QueryError.

    Without words everything matches, which is allowed where a channel, an author or what the
    message has is named.
    """
    if len(text) > MAX_CHARS:
        raise QueryError(f"Shorten the search to {MAX_CHARS} characters.", MAX_CHARS + 1)
    tokens = _tokens(text)
    if not tokens:
        if channel is None and author is None and has is None:
            raise QueryError("Type at least one word to look for.", 1)
        tree: Node = All(())
    else:
        tree = _Reader(tokens, len(text) + 1).read()
    return Query(tree=tree, channel=channel, author=author, since=since, until=until, has=has)


def _tokens(text: str) -> list[_Token]:
    tokens = [token for match in _TOKEN.finditer(text) if (token := _token(match))]
    words = [token for token in tokens if token.kind in {"word", '"'}]
    if len(words) > MAX_WORDS:
        raise QueryError(f"Look for at most {MAX_WORDS} words at once.", words[MAX_WORDS].at)
    return tokens


def _token(match: re.Match[str]) -> _Token | None:
    at = match.start() + 1
    if match["phrase"] is not None:
        if not match["close"]:
            raise QueryError(
                f'The quotation mark at character {at} is not closed: type another " where the '
                "phrase ends.",
                at,
            )
        star = "*" if match["close"].endswith("*") else ""
        phrase = match["phrase"].strip()
        return _Token(kind='"', text=phrase + star, at=at) if phrase else None
    if match["not"]:
        return _Token(kind="NOT", text="-", at=at)
    if match["bracket"]:
        return _Token(kind=match["bracket"], text=match["bracket"], at=at)
    word = match["word"]
    if word in _OPERATORS:
        return _Token(kind=word, text=word, at=at)
    # Signs by themselves, an emoji or a dash, are no word and ask for nothing.
    return _Token(kind="word", text=word, at=at) if word and _is_word(word, at) else None


def _is_word(word: str, at: int) -> bool:
    if "*" in word.rstrip("*"):
        raise QueryError(
            f"The star at character {at + word.index('*')} is not at the end of a word: type "
            "it after the word's beginning, as in plan*.",
            at + word.index("*"),
        )
    if analysis.chunks(word):
        return True
    if word.endswith("*"):
        raise QueryError(
            f"The star at character {at} stands alone: type the beginning of a word before it, "
            "as in plan*.",
            at,
        )
    return False


class _Reader:
    """Recursive descent over the tokens: OR binds least, then AND (or nothing), then NOT."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self.tokens = tokens
        self.end = end
        self.next = 0

    def read(self) -> Node:
        """The whole tree."""
        node = self._any()
        if (token := self._peek()) is not None:
            raise QueryError(
                f"The bracket at character {token.at} closes nothing: remove it, or type ( "
                "where it should open.",
                token.at,
            )
        if not _asks(node):
            raise QueryError("Type a word to look for beside those to leave out.", self.end)
        return node

    def _peek(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _take(self, kind: str) -> bool:
        token = self._peek()
        if token is None or token.kind != kind:
            return False
        self.next += 1
        return True

    def _any(self) -> Node:
        nodes = [self._every()]
        while self._take("OR"):
            nodes.append(self._every())
        return nodes[0] if len(nodes) == 1 else Some(tuple(nodes))

    def _every(self) -> Node:
        nodes = [self._one()]
        while (token := self._peek()) is not None and token.kind not in {"OR", ")"}:
            self._take("AND")
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def _one(self) -> Node:
        token = self._peek()
        if token is None or token.kind in {")", "AND", "OR"}:
            place = token.at if token else self.end
            raise QueryError(
                f"A word is missing at character {place}: type one, or write and, or and not in "
                "small letters to look for these words themselves.",
                place,
            )
        self.next += 1
        if token.kind == "NOT":
            return Without(self._one())
        if token.kind == "(":
            return self._bracket(token)
        return _words(token)

    def _bracket(self, opened: _Token) -> Node:
        node = self._any()
        if not self._take(")"):
            raise QueryError(
                f"The bracket at character {opened.at} is not closed: type ) where it ends.",
                opened.at,
            )
        return node


def _words(token: _Token) -> Node:
    prefix = token.text.endswith("*")
    chunks = analysis.chunks(token.text)
    units = tuple(_unit(pieces) for pieces in chunks)
    return Words(units=units, exact=token.kind == '"' or len(units) > 1, prefix=prefix)


def _unit(pieces: tuple[analysis.Piece, ...]) -> Unit:
    parts = tuple(piece.form for piece in pieces if piece.after - piece.first == 1)
    wholes = tuple((piece.form,) for piece in pieces if piece.after - piece.first > 1)
    return (*wholes, parts)


def _asks(node: Node) -> bool:
    """Whether something must be there; a search for what is absent would be the whole record."""
    match node:
        case Without():
            return False
        case All(nodes):
            return any(_asks(each) for each in nodes)
        case Some(nodes):
            return all(_asks(each) for each in nodes)
        case _:
            return True
