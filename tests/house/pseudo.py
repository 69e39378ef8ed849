"""A language that nobody speaks: every letter of every sentence is another one, so that a plain one
on a page is either somebody's own or was left out of the catalogues."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale

CODE: Final = "en-xa"
LANGUAGES: Final = [("en-gb", "English"), (CODE, "Pseudo")]
HEADERS: Final = {"accept-language": CODE}

_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHER: Final = "àƀćđēƒĝĥīĵķłɱñōƥɋřšţũṽŵẋŷžÀɃĆĐĒƑĜĤĪĴĶŁⱮÑŌƤɊŘŠŢŨṼŴẊŶŽ"
_LETTERS: Final = str.maketrans(_PLAIN, _OTHER)
#: What a translator leaves as it is: what is filled in, elements, entities, names of the product.
_KEPT: Final = re.compile(
    r"%\(\w+\)\w|%[sd%]|\{\w*(?=[:}])|\}|<[^>]*>|&\w+;|@\w+|\S+@\S+|SchoolChat|[A-Z_]{8,}"
)
#: Apps of others whose sentences are shown, too.
_OTHERS: Final = ("django.conf", "allauth")


def pseudo(text: str) -> str:
    """`Sign in` as `Šīĝñ īñ`."""
    parts, last = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[last : kept.start()].translate(_LETTERS), kept.group()]
        last = kept.end()
    return "".join([*parts, text[last:].translate(_LETTERS)])


def write_catalogues(folder: Path) -> None:
    """Both of them, as Django loads them from LOCALE_PATHS."""
    to = folder / to_locale(CODE) / "LC_MESSAGES"
    to.mkdir(parents=True)
    others = [Path(str(find_spec(name).origin)).parent for name in _OTHERS]  # type: ignore[union-attr]
    english = [other / "locale" / "en" / "LC_MESSAGES" / "django.po" for other in others]
    own = Path(settings.BASE_DIR) / "locale"
    _write(to / "django.mo", [*english, own / "django.pot"])
    _write(to / "djangojs.mo", [own / "djangojs.pot"])


def _write(to: Path, sources: Iterable[Path]) -> None:
    made = Catalog(locale="en", charset="utf-8")
    for source in sources:
        with source.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    made.add(message.id, _said(message), context=message.context)
    with to.open("wb") as out:
        write_mo(out, made)


def _said(message: Message) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return pseudo(message.id)
    return tuple(pseudo(text) for text in message.id)


#: Attributes that are read out or shown.
SHOWN: Final = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "label",
    "data-label",
    "aria-description",
)
_EMPTY: Final = {"input", "br", "hr", "img", "meta", "link", "use", "path", "source"}


class Sentences(HTMLParser):
    """The texts of a page and those attributes that people meet, without what nobody translates."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipping: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        own = bool(classes & {"code", "message__body", "hit__body", "note"})
        skip = tag in {"script", "style", "code", "pre", "kbd", "time"} or own
        skip = skip or given.get("translate") == "no" or any(self._skipping)
        if not skip:
            self.found += [value for name, value in attrs if name in SHOWN and value]
        if tag not in _EMPTY:
            self._skipping.append(skip)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A symbol of SVG has no end."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and self._skipping:
            self._skipping.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._skipping) and data.strip():
            self.found.append(" ".join(data.split()))


_PLAIN_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_NOT_WORDS: Final = re.compile(
    r"\S+@\S+|@\w+|https?://\S+|/\S*/\S*|[0-9a-f]{6,}…?|…?[0-9a-f-]{8,}|SchoolChat|\S*[_=.]\S+|\bv?\d\S*"
)


def plain_words(text: str, known: Iterable[str]) -> str:
    """What is left of a text in plain letters, without what somebody wrote or is called."""
    if not _PLAIN_WORD.search(_NOT_WORDS.sub(" ", text)):
        return ""
    for words in known:
        text = text.replace(words, " ")
    return " ".join(_PLAIN_WORD.findall(_NOT_WORDS.sub(" ", text)))
