"""Mentions: `@` and the name of a member, or `@here` and `@everyone`. Pure.

They are plain words that no client marks. They are looked for in the rendered HTML, outside its
tags and outside code, so that a mention is exactly what a reader takes for one. Which names were
found when the message was written stands in its sealed details, so that showing it asks nobody.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

#: The words that mention everybody; the stronger first, which is kept where both are used.
WORDS: Final = ("everyone", "here")
_PIECES: Final = re.compile(r"<[^>]*>|[^<]+")

type Ids = tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentions:
    """Who is mentioned.

    Attributes:
        people: by the name that was written; two members of one name are both meant.
        everybody: the word by which all of the channel is, one of WORDS.
    """

    people: Mapping[str, Ids] = field(default_factory=dict)
    everybody: str | None = None

    @property
    def ids(self) -> Ids:
        """The people mentioned by name."""
        return tuple(dict.fromkeys(i for ids in self.people.values() for i in ids))

    def details(self) -> dict[str, Any]:
        """What of it is sealed with the words; nothing where nobody is mentioned."""
        people = {name: [str(one) for one in ids] for name, ids in self.people.items()}
        named = {"mentions": people} if people else {}
        return named | ({"mentions_all": self.everybody} if self.everybody else {})


NOBODY: Final = Mentions()


def mentions_in(details: Mapping[str, Any]) -> Mentions:
    """Who is mentioned, by the details of a body."""
    if "mentions" not in details and "mentions_all" not in details:
        return NOBODY
    people = details.get("mentions", {})
    return Mentions(
        people={name: tuple(map(UUID, ids)) for name, ids in people.items()},
        everybody=details.get("mentions_all"),
    )


def found_in(html: str, members: Mapping[str, Ids], *, all_too: bool) -> Mentions:
    """Who of the members is mentioned in a message's HTML; the words for everybody count where
    its author may use them (`all_too`)."""
    people = {name: ids for name, ids in members.items() if name not in WORDS}
    names = _Names([*people, *(WORDS if all_too else ())])
    found = [name for _, name in _pieces(html, names) if name]
    return Mentions(
        people={name: people[name] for name in dict.fromkeys(found) if name not in WORDS},
        everybody=next((word for word in WORDS if word in found), None),
    )


def marked_up(html: str, mentions: Mentions) -> str:
    """The HTML, with each of the mentions in a `<span class="mention" data-user="…">` that holds
    the ids of its people, or the word that means everybody."""
    users = {name: " ".join(map(str, ids)) for name, ids in mentions.people.items()}
    if mentions.everybody:
        users |= {word: word for word in WORDS}
    if not users:
        return html
    return "".join(
        f'<span class="mention" data-user="{users[name]}">{piece}</span>' if name else piece
        for piece, name in _pieces(html, _Names(users))
    )


class _Names:
    """Names as HTML writes them, the longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {_as_html(name): name for name in names if name}
        self._lengths = sorted({len(written) for written in self._names}, reverse=True)

    def at(self, text: str, start: int) -> tuple[str, str] | None:
        """The longest name that stands at a place and ends there as a word: as it is written, and
        as it is."""
        for length in self._lengths:
            written = text[start : start + length]
            if written in self._names and not _is_word(text[start + len(written) :][:1]):
                return written, self._names[written]
        return None


def _pieces(html: str, names: _Names) -> Iterator[tuple[str, str | None]]:
    """The HTML in pieces, which together are all of it; a piece that mentions has the name."""
    in_code = 0
    for piece in _PIECES.findall(html):
        in_code += (piece == "<code>") - (piece == "</code>")
        if in_code or piece.startswith("<"):
            yield piece, None
        else:
            yield from _in_text(piece, names)


def _in_text(text: str, names: _Names) -> Iterator[tuple[str, str | None]]:
    done, at = 0, text.find("@")
    while at >= 0:
        found = None if at and _is_word(text[at - 1], "@") else names.at(text, at + 1)
        if found:
            written, name = found
            yield text[done:at], None
            yield f"@{written}", name
            done = at + 1 + len(written)
        at = text.find("@", max(at + 1, done))
    yield text[done:], None


def _is_word(character: str, *others: str) -> bool:
    return character.isalnum() or character in {"_", *others}


def _as_html(name: str) -> str:
    """A name as the sanitiser writes text."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\u00a0", "&nbsp;")):
        name = name.replace(character, entity)
    return name
