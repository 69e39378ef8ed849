"""The grammar of the query language, and the tree that comes of it. Pure.

OR binds least, then AND (or nothing), then NOT. Lark tells the tokens and their order; what a
word with its stars means, and which error is whose, stand here.
"""

from functools import cache
from typing import Final

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from messaging.search import analysis
from messaging.search.errors import (
    BracketNotClosed,
    BracketNotOpened,
    BracketsEmpty,
    OnlyLeftOut,
    QueryError,
    QuoteNotClosed,
    StarAlone,
    StarInside,
    StarOfMisspelt,
    TooFewLetters,
    TooManyWords,
    WordMissingAfterDash,
    WordMissingAfterNot,
    WordMissingBeside,
)
from messaging.search.shapes import MOMENT
from messaging.search.tree import (
    LEAST_LETTERS,
    All,
    Node,
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
        raise OnlyLeftOut(len(text) + 1)
    return node


def _tokens(text: str) -> list[Token]:
    """The tokens without the signs by themselves, a dash or a bullet, which ask for nothing."""
    try:
        found = list(_parser().lex(text))
    except UnexpectedCharacters as unclosed:
        raise QuoteNotClosed((unclosed.pos_in_stream or 0) + 1) from None
    tokens = [token for token in found if token.type not in _WORDS or _is_word(token)]
    words = [token for token in tokens if token.type in _WORDS]
    if len(words) > MAX_WORDS:
        raise TooManyWords(_start(words[MAX_WORDS]) + 1, most=MAX_WORDS)
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
        raise StarInside(at + text.index(bare) + bare.index("*"))
    words = analysis.chunks(bare)
    if not words:
        if "*" in core and token.type == "WORD":
            raise StarAlone(at)
        return False
    _check_letters(text, words, at)
    return True


def _check_letters(text: str, words: list[tuple[analysis.Piece, ...]], at: int) -> None:
    """What may be part of a word, or another word, must be long enough to say something."""
    if text.startswith("~") and text.endswith("*"):
        raise StarOfMisspelt(at + len(text) - 1)
    letters = max(len("".join(p.form for p in some if p.after - p.first == 1)) for some in words)
    if text.startswith(("~", "*")) and letters < LEAST_LETTERS:
        example = "~catherine" if text[0] == "~" else "*lan*"
        raise TooFewLetters(at, sign=text[0], example=example)


def _misplaced(wrong: UnexpectedToken, tokens: list[Token], end: int) -> QueryError:
    """The error for a token that cannot stand where it does."""
    is_end = wrong.token.type == "$END"
    place = end if is_end else _start(wrong.token) + 1
    if _COMPLETE not in wrong.expected:
        before = tokens[-1] if is_end else _before(wrong.token, tokens)
        return _missing(wrong.token, before, place)
    if is_end:
        return BracketNotClosed(_opened(tokens) + 1)
    return BracketNotOpened(place)


def _missing(found: Token, before: Token | None, place: int) -> QueryError:
    """The error where `found` stands in the place of a word; `before` is what asks for the word."""
    for token in filter(None, (found, before)):
        match token.type:
            case "_OR" | "_AND":
                return WordMissingBeside(place, sign=str(token))
            case "_NOT" if str(token) == "NOT":
                return WordMissingAfterNot(place)
            case "_NOT":
                return WordMissingAfterDash(place)
            case "LPAR":
                return BracketsEmpty(place)
    return BracketNotOpened(place)


def _before(wrong: Token, tokens: list[Token]) -> Token | None:
    earlier = [token for token in tokens if _start(token) < _start(wrong)]
    return earlier[-1] if earlier else None


def _opened(tokens: list[Token]) -> int:
    """Where the innermost bracket that nothing closes stands."""
    stack: list[int] = []
    for token in tokens:
        if token.type == "LPAR":
            stack.append(_start(token))
        elif token.type == "RPAR":
            stack.pop()
    return stack[-1]
