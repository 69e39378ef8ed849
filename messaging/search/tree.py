"""What a person types, understood: words and how they hang together. Pure."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

LEAST_LETTERS: Final = 3
"""Letters of part of a word, or of a word that may be misspelt: fewer are in nearly every text."""

type Unit = tuple[tuple[str, ...], ...]
"""Ways to write one chunk, any of which will do; each is folded words in a row."""


class How(Enum):
    """How a word of a text must resemble a word that is looked for."""

    EXACT = auto()
    STEM = auto()
    START = auto()
    END = auto()
    PART = auto()
    ALIKE = auto()


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A folded word, and how words of the vocabulary must resemble it; not EXACT, nor STEM."""

    form: str
    how: How


@dataclass(frozen=True, kw_only=True)
class Words:
    """Chunks in a row: as written when `exact`, else by their stems.

    Attributes:
        units: the chunks.
        exact: only as written.
        suffix: the first word may be the end of a longer one: `*son`.
        prefix: the last word may be the beginning of a longer one: `plan*`.
        alike: each word of three letters or more may be one letter off, or sound alike:
            `~kathryn`.
        accents: words that were typed with accents, folded and as typed; where it is `exact`,
            a text must have the same.
        start, end: the characters that were typed for it, from 0.
    """

    units: tuple[Unit, ...]
    exact: bool = False
    suffix: bool = False
    prefix: bool = False
    alike: bool = False
    accents: tuple[tuple[str, str], ...] = ()
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def allows(self, form: str, marked: str) -> bool:
        """Whether a text may write the word `form` with these accents."""
        return not self.exact or all(form != one or marked == typed for one, typed in self.accents)

    def how(self, unit: int, word: int, forms: tuple[str, ...]) -> How:
        """How the `word`-th of `forms`, a way to write the `unit`-th chunk, is meant."""
        if self.alike and len(forms[word]) >= LEAST_LETTERS:
            return How.ALIKE
        open_before = self.suffix and unit == word == 0
        open_after = self.prefix and unit == len(self.units) - 1 and word == len(forms) - 1
        match open_before, open_after:
            case True, True:
                return How.PART
            case True, False:
                return How.END
            case False, True:
                return How.START
        return How.EXACT if self.exact else How.STEM


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


def asks(node: Node) -> bool:
    """Whether something must be there; a search for what is absent would be the whole record."""
    match node:
        case Without():
            return False
        case All(nodes):
            return any(asks(each) for each in nodes)
        case Some(nodes):
            return all(asks(each) for each in nodes)
        case _:
            return True


def leaves(node: Node, *, absent: bool = True) -> list[Words]:
    """The words of a tree from left to right, also those that must be `absent`, if wanted."""
    match node:
        case Words():
            return [node]
        case Without(inner):
            return leaves(inner, absent=absent) if absent else []
        case All(nodes) | Some(nodes):
            return [leaf for each in nodes for leaf in leaves(each, absent=absent)]
