"""A message's Markdown rendered with the found words in <mark>. Pure but for the renderer.

Each found word is put between two characters of the private use area before the Markdown is
rendered, and these become <mark> afterwards: so a mark never straddles bold or a link, and what
the sanitiser lets through is exactly what it lets through elsewhere.
"""

import re
from collections.abc import Iterable
from typing import Final

from django.utils.safestring import SafeString

from messaging.rendering import render_markdown
from messaging.search.matching import Span

_OPEN: Final = "\ue000"
_CLOSE: Final = "\ue001"
_OURS: Final = re.compile(f"[{_OPEN}{_CLOSE}]")
_WORD: Final = re.compile(r"[^\W_]+")
_TAG: Final = re.compile(r"<[^>]*>")


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """The rendered message with the words of `spans` (characters of `text`) marked."""
    text = _OURS.sub("\ufffd", text)
    words = list(_words(text, spans))
    plain = render_markdown(text)
    html = _TAG.sub(lambda tag: _OURS.sub("", tag[0]), render_markdown(_between(text, words)))
    if _OURS.sub("", html) != plain:
        # A word inside a link's address, which must not be touched.
        html = _in_text(plain, {text[first:last] for first, last in words})
    # Safe: the sanitiser's output, and a fixed tag.
    return SafeString(html.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))


def _between(text: str, words: Iterable[Span]) -> str:
    parts, at = [], 0
    for first, last in words:
        parts += [text[at:first], _OPEN, text[first:last], _CLOSE]
        at = last
    return "".join([*parts, text[at:]])


def _in_text(html: str, words: set[str]) -> str:
    """Every place of the words outside of tags and entities."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    either = re.compile(rf"<[^>]*>|&\w+;|\b(?P<word>{'|'.join(longest_first)})\b")
    return either.sub(
        lambda found: f"{_OPEN}{found[0]}{_CLOSE}" if found["word"] else found[0], html
    )


def _words(text: str, spans: Iterable[Span]) -> Iterable[Span]:
    for first, last in spans:
        for word in _WORD.finditer(text, first, last):
            yield word.span()
