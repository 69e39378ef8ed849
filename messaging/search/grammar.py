"""The grammar of the query language, and the tree that comes of it. Pure.

OR binds least, then AND (or nothing), then NOT. Lark tells the tokens and their order; what a
word with its stars means, and each error's sentence, stand here. No sentence repeats a word.
"""

from functools import cache
from typing import Final

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from messaging.search import analysis
from messaging.search.shapes import MOMENT
from messaging.search.tree import (
    LEAST_LETTERS,
    All,
    Node,
    QueryError,
    Some,
    Unit,
    Without,
    Words,
    asks,
)

MAX_WORDS: Final = 32

QUOTES: Final = '"\u201c\u201d\u201e'
_END: Final = rf"(?![^\s(){QUOTES}])"
_GRAMMAR: Final = rf"""
?start: any
?any: every
    | any _OR every         -> some
?every: one
    | every _AND one        -> all
    | every one             -> all
?one: _NOT one              -> without
    | "(" any ")"
    | (WORD | PHRASE)       -> words

_OR.2: /OR{_END}/
_AND.2: /AND{_END}/
_NOT.2: /NOT{_END}|-(?=[^\s)-])/
PHRASE.2: /~?[{QUOTES}][^{QUOTES}]*[{QUOTES}]\*?/
WORD: /(?:{MOMENT}){_END}|[^\s(){QUOTES}]+/
%ignore /\s+/
"""
_WORDS: Final = frozenset({"WORD", "PHRASE"})
_COMPLETE: Final = "_OR"
"""What may follow where something that was asked for stands before."""


def read(text: str) -> Node | None:
    """The tree of a search; None where it holds no word. Raises QueryError."""
    tokens = _tokens(text)
    if not tokens:
        return None
    reader = _parser().parse_interactive()
    try:
        for token in tokens:
            reader.feed_token(token)
        node: Node = reader.feed_eof(tokens[-1])
    except UnexpectedToken as wrong:
        raise _misplaced(wrong, tokens, len(text) + 1) from None
    if not asks(node):
        raise QueryError("Type a word to look for beside those to leave out.", len(text) + 1)
    return node


def _tokens(text: str) -> list[Token]:
    """The tokens without the signs by themselves, a dash or a bullet, which ask for nothing."""
    try:
        found = list(_parser().lex(text))
    except UnexpectedCharacters as unclosed:
        place = (unclosed.pos_in_stream or 0) + 1
        raise QueryError(
            f'The quotation mark at character {place} is not closed: type another " where the '
            "phrase ends.",
            place,
        ) from None
    tokens = [token for token in found if token.type not in _WORDS or _is_word(token)]
    words = [token for token in tokens if token.type in _WORDS]
    if len(words) > MAX_WORDS:
        place = _start(words[MAX_WORDS]) + 1
        raise QueryError(f"Look for at most {MAX_WORDS} words at once.", place)
    return tokens


@v_args(inline=True)
class _Tree(Transformer[Token, Node]):
    """The tree, made while the tokens are read."""

    def some(self, first: Node, second: Node) -> Node:
        nodes = first.nodes if isinstance(first, Some) else (first,)
        return Some((*nodes, second))

    def all(self, first: Node, second: Node) -> Node:
        nodes = first.nodes if isinstance(first, All) else (first,)
        return All((*nodes, second))

    def without(self, node: Node) -> Node:
        return Without(node)

    def words(self, token: Token) -> Node:
        text = str(token)
        chunks = analysis.chunks(text)
        return Words(
            units=_units(text, chunks),
            exact=token.type == "PHRASE" or len(chunks) > 1,
            suffix=text.startswith("*"),
            prefix=text.endswith("*"),
            alike=text.startswith("~"),
            accents=_accents(chunks),
            start=_start(token),
            end=_start(token) + len(text),
        )


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Tree())


def _start(token: Token) -> int:
    return token.start_pos or 0


def _units(text: str, chunks: list[tuple[analysis.Piece, ...]]) -> tuple[Unit, ...]:
    units = tuple(_unit(pieces) for pieces in chunks)
    bare = text.strip("*")
    if len(units) == 1 and bare != text and bare.isalnum():
        # *yr9 may be the end of any word, not only of a way to write Year 9.
        return (tuple(dict.fromkeys((*units[0], (analysis.fold(bare),)))),)
    return units


def _unit(pieces: tuple[analysis.Piece, ...]) -> Unit:
    parts = tuple(piece.form for piece in pieces if piece.after - piece.first == 1)
    wholes = tuple((piece.form,) for piece in pieces if piece.after - piece.first > 1)
    return (*wholes, parts)


def _accents(chunks: list[tuple[analysis.Piece, ...]]) -> tuple[tuple[str, str], ...]:
    """The words with accents; not one that was typed both with and without."""
    typed: dict[str, set[str]] = {}
    for pieces in chunks:
        for piece in pieces:
            typed.setdefault(piece.form, set()).add(piece.marked)
    return tuple(
        (form, next(iter(marked)))
        for form, marked in typed.items()
        if len(marked) == 1 and analysis.mark(form) not in marked
    )


def _is_word(token: Token) -> bool:
    """Whether a token asks for a word. Raises QueryError where its signs do not fit."""
    text, at = str(token), _start(token) + 1
    core = text.removeprefix("~")
    bare = core.strip("*")
    if token.type == "WORD" and "*" in bare:
        place = at + text.index(bare) + bare.index("*")
        raise QueryError(
            f"The star at character {place} is not at an end of a word: type it after the "
            "word's beginning, as in plan*, or on both sides of a part, as in *lan*.",
            place,
        )
    words = analysis.chunks(bare)
    if not words:
        if "*" in core and token.type == "WORD":
            raise QueryError(
                f"The star at character {at} stands alone: type the beginning of a word before "
                "it, as in plan*.",
                at,
            )
        return False
    _check_letters(text, words, at)
    return True


def _check_letters(text: str, words: list[tuple[analysis.Piece, ...]], at: int) -> None:
    """What may be part of a word, or another word, must be long enough to say something."""
    if text.startswith("~") and text.endswith("*"):
        place = at + len(text) - 1
        raise QueryError(
            f"The star at character {place} ends a word that may be misspelt: type either ~ "
            "before a word or a star after it.",
            place,
        )
    letters = max(len("".join(p.form for p in some if p.after - p.first == 1)) for some in words)
    if text.startswith(("~", "*")) and letters < LEAST_LETTERS:
        raise QueryError(
            f"After the {text[0]} at character {at} type at least three letters, as in "
            f"{'~catherine' if text[0] == '~' else '*lan*'}.",
            at,
        )


def _misplaced(wrong: UnexpectedToken, tokens: list[Token], end: int) -> QueryError:
    """The error for a token that cannot stand where it does."""
    is_end = wrong.token.type == "$END"
    place = end if is_end else _start(wrong.token) + 1
    if _COMPLETE not in wrong.expected:
        return QueryError(
            f"A word is missing at character {place}: type one, or write and, or and not in "
            "small letters to look for these words themselves.",
            place,
        )
    if is_end:
        place = _opened(tokens) + 1
        return QueryError(
            f"The bracket at character {place} is not closed: type ) where it ends.", place
        )
    return QueryError(
        f"The bracket at character {place} closes nothing: remove it, or type ( where it "
        "should open.",
        place,
    )


def _opened(tokens: list[Token]) -> int:
    """Where the innermost bracket that nothing closes stands."""
    stack: list[int] = []
    for token in tokens:
        if token.type == "LPAR":
            stack.append(_start(token))
        elif token.type == "RPAR":
            stack.pop()
    return stack[-1]
