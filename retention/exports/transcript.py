"""The messages for reading and printing: transcript.html, one file without scripts. Pure.

The page may be opened years later on a machine that knows nothing of the school, so it loads
nothing and its own content security policy forbids it to: a body could otherwise call home.
"""

import base64
import hashlib
from collections.abc import Container, Iterator
from datetime import date, datetime
from html import escape
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

from audit.clock import iso
from retention.exports.attached import Attached
from retention.exports.gestures import (
    earlier_corrections,
    forwarded_text,
    mentioned,
    reaction_text,
    why,
)
from retention.exports.items import (
    About,
    Correction,
    ImportedName,
    Item,
    Named,
    Version,
    author_name,
)

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; margin: 2rem auto; max-width: 50rem;
  padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; border-bottom: 2px solid #1b1f24; }
h3 { font-size: .95rem; margin: 1.5rem 0 .5rem; color: #4a5360; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: #4a5360; } dd { margin: 0; overflow-wrap: anywhere; }
article { padding: .5rem 0; border-bottom: 1px solid #d6dbe1; break-inside: avoid-page; }
header p, footer p { margin: 0; }
.by { font-weight: 600; }
.at, .id, .mark { color: #4a5360; font-size: .85rem; }
.id { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.mark { font-weight: 600; }
.body { margin: .25rem 0; overflow-wrap: anywhere; }
.body p { margin: 0 0 .5rem; }
.plain { white-space: pre-wrap; }
.before { margin: .25rem 0 .25rem 1rem; padding-left: .75rem; border-left: 3px solid #d6dbe1; }
.correction { border-left-color: #1b1f24; }
@page { margin: 18mm 16mm; }
@media print { body { font-size: 10.5pt; margin: 0; max-width: none; padding: 0; }
  h2, h3 { break-after: avoid-page; } }
"""


def content_policy(style: str) -> str:
    """Nothing may load and no script may run; the one style sheet is named by its hash."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"


def page_start(title: str) -> str:
    """The head of a page that stands alone, up to and with `<body>`."""
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_policy(_STYLE)}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )


def facts(pairs: tuple[tuple[str, str], ...]) -> str:
    """A list of names and values."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n" for name, value in pairs)
    return f"<dl>\n{rows}</dl>\n"


def about_facts(about: About) -> str:
    """What an export is, as both pages of a bundle show it at their head."""
    return facts(
        (
            ("School", about.school),
            ("Purpose", about.purpose),
            ("For", about.recipient),
            ("Requested by", about.requested_by.name),
            ("Approved by", about.approved_by.name),
            ("Period", f"{_date(about.first_day)} to {_date(about.last_day)}"),
            ("Channels", ", ".join(channel.name for channel in about.channels)),
        )
    )


def opening(about: About) -> str:
    """The transcript up to its first message."""
    return (
        page_start(f"Transcript {about.number} - {about.school}")
        + f"<header>\n<h1>Transcript of export {escape(about.number)}</h1>\n{about_facts(about)}"
        + f"<p>Times are local ({escape(about.time_zone)}).</p>\n</header>\n<main>\n"
    )


def closing(messages: int) -> str:
    """The transcript after its last message; a copy without this line is not whole."""
    end = f"<footer><p>End of the transcript: {messages} messages.</p></footer>"
    return f"</main>\n{end}\n</body>\n</html>\n"


class Transcript:
    """Writes messages one by one, with a heading where the channel or the local day changes."""

    def __init__(self, about: About) -> None:
        self._zone = ZoneInfo(about.time_zone)
        self._channel: Named | None = None
        self._day = ""

    def add(self, item: Item, there: Container[UUID] = ()) -> str:
        """The piece of the page for one message; `there` are the files that are in the bundle."""
        return "".join(chain(self._headings(item), self._message(item, there)))

    def _headings(self, item: Item) -> Iterator[str]:
        day = _date(item.sent_at.astimezone(self._zone))
        if item.channel != self._channel:
            yield f"<h2>{escape(item.channel.name)}</h2>\n"
            self._day = ""
        if day != self._day:
            yield f"<h3>{day}</h3>\n"
        self._channel, self._day = item.channel, day

    def _message(self, item: Item, there: Container[UUID]) -> Iterator[str]:
        yield f'<article id="m-{item.id}">\n<header><p>'
        if item.author:
            yield f'<span class="by">{escape(author_name(item.author))}</span> '
        yield f'<span class="at">{self._time(item.sent_at)}</span></p>\n'
        yield from (f'<p class="mark">{mark}</p>\n' for mark in self._marks(item))
        yield f"</header>\n{_body(item)}"
        yield from (f'<p class="mark">{_file(one, one.id in there)}</p>\n' for one in item.attached)
        yield from (f'<p class="mark">{said}</p>\n' for said in self._gestures(item))
        yield from map(self._correction, item.corrections)
        yield from (self._version(version) for version in item.versions)
        yield f'<p class="id">No. {item.seq} - {item.id}</p>\n</article>\n'

    def _marks(self, item: Item) -> Iterator[str]:
        if item.kind == "system":
            yield "System message"
        if isinstance(item.author, ImportedName):
            yield "Imported: the author is a name as a file printed it, not an account"
        if item.origin:
            who = escape(item.origin.imported_by.name)
            when = self._time(item.origin.imported_at, dated=True)
            yield f"Imported by {who}, {when}, from the file SHA-256 {escape(item.origin.sha256)}"
        if item.reply_to:
            yield f'In reply to <a href="#m-{item.reply_to}">{item.reply_to}</a>'
        if item.forwarded:
            yield f"Forwarded, the words of {escape(forwarded_text(item.forwarded))}"
            yield from map(escape, earlier_corrections(item.forwarded))
        if item.edited_at:
            yield f"Edited {self._time(item.edited_at, dated=True)}"
        if item.deleted_at:
            when = self._time(item.deleted_at, dated=True)
            yield f"Deleted {when}; the text below is what the record kept"

    def _gestures(self, item: Item) -> Iterator[str]:
        if names := ", ".join(mentioned(item)):
            yield f"Mentions {escape(names)}"
        if item.reactions:
            yield f"Reactions: {escape('; '.join(map(reaction_text, item.reactions)))}"
        if item.pinned:
            when = self._time(item.pinned.at, dated=True)
            yield f"Pinned by {escape(item.pinned.by.name)}, {when}"

    def _correction(self, correction: Correction) -> str:
        return (
            f'<div class="before correction"><p class="mark">Correction {correction.number} by '
            f"{escape(correction.by.name)}, {self._time(correction.at, dated=True)}, "
            f"{escape(why(correction))}</p>\n"
            f'<div class="body plain">{escape(correction.body)}</div></div>\n'
        )

    def _version(self, version: Version) -> str:
        return (
            f'<div class="before"><p class="mark">Earlier version {version.number}, written '
            f"{self._time(version.written_at, dated=True)}</p>\n"
            f'<div class="body plain">{escape(version.body)}</div></div>\n'
        )

    def _time(self, at: datetime, *, dated: bool = False) -> str:
        """Local time with its zone's name: 01:30 comes twice in the night the clocks go back."""
        local = at.astimezone(self._zone)
        shown = f"{local:%H:%M:%S} {local.tzname()}"
        return f'<time datetime="{iso(at)}">{_date(local) + ", " if dated else ""}{shown}</time>'


def _body(item: Item) -> str:
    if item.html is not None:
        return f'<div class="body">{item.html}</div>\n'
    return f'<div class="body plain">{escape(item.body)}</div>\n'


def _file(attached: Attached, there: bool) -> str:
    """A link beside the page: the page itself loads nothing."""
    name, size = escape(attached.name), f"{attached.size} bytes"
    if not there:
        return f"File {name}, {size}: it could not be read, and is not in this bundle"
    path = escape(attached.path.removeprefix("data/"))
    return f'File <a href="{path}" download="{name}">{name}</a>, {size}'


def _date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
