"""A hit's words about what was found, as HTML."""

from collections.abc import Iterable
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from messaging.search.matching import Span

_SNIPPET_CHARS: Final = 240
_BEFORE_CHARS: Final = 60


def snippet(text: str, spans: Iterable[Span]) -> SafeString:
    """A piece of the text about the first span as HTML: escaped, the spans in <mark>."""
    spans = list(spans)
    start, end = _window(text, spans[0][0] if spans else 0)
    before, behind = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", before, _marked(text, spans, start, end), behind)


def whole(text: str, spans: Iterable[Span]) -> SafeString:
    """All of the text as HTML: escaped, the spans in <mark>."""
    return _marked(text, spans, 0, len(text))


def _marked(text: str, spans: Iterable[Span], start: int, end: int) -> SafeString:
    html, at = SafeString(), start
    for first, last in spans:
        if at <= first and last <= end:
            html += format_html("{}<mark>{}</mark>", text[at:first], text[first:last])
            at = last
    return html + escape(text[at:end])


def _window(text: str, at: int) -> Span:
    """Some characters about `at`, cut at spaces where there are any."""
    if len(text) <= _SNIPPET_CHARS:
        return 0, len(text)
    start = max(0, at - _BEFORE_CHARS)
    if start:
        start = max(text.find(" ", start, at) + 1, start)
    end = min(len(text), start + _SNIPPET_CHARS)
    if end < len(text):
        space = text.rfind(" ", at + 1, end)
        end = space if space > start + _SNIPPET_CHARS // 2 else end
    return start, end
