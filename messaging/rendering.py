"""Messages as the protocol shows them, and Markdown rendered and sanitised on the server."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt

from accounts.models import User
from audit.clock import iso
from messaging.files.attached import attachments_in
from messaging.mentions import marked_up, mentions_in
from messaging.models import Message
from messaging.vault.bodies import Body
from messaging.vault.notes import Shown, corrections_that_open, readable_corrections
from messaging.vault.rows import Around, Row, around
from messaging.vault.versions import readable_bodies

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "hr", "li", "ol", "p", "pre",
    "s", "strong", "ul", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
UNREADABLE = (
    "<p>This message cannot be shown: it no longer fits the record. "
    "Please tell whoever looks after SchoolChat at your school.</p>"
)
_SCHEMES = {"http", "https", "mailto"}
_NOTHING: Final = Around()

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable(
    ["strikethrough", "table"]
)


# Most messages hold nothing that Markdown knows: their lines begin with a letter, a digit, an
# emoji, a quotation mark or a bracket and go on with these and with signs that mean something at
# the beginning of a line only. They need no parser. A test holds both ways against each other.
_BEGINS: Final = (
    "\\w\"'(\u00a3\u20ac\u00b0\u2010-\u2027\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff"
)
_LINE: Final = rf"(?!\d+[.)])[{_BEGINS}][{_BEGINS} .,;:!?)/@%+=$#-]*+(?<! )"
_PLAIN: Final = re.compile(rf"{_LINE}(?:\n++{_LINE})*+")
_BLANK_LINES: Final = re.compile(r"\n\n+")


def render_markdown(text: str) -> str:
    """HTML of a Markdown source: a small set of tags, no images, no raw HTML, no styles."""
    if "_" not in text and _PLAIN.fullmatch(text):
        return _paragraphs(text)
    return parse_markdown(text)


def _paragraphs(text: str) -> str:
    """HTML of a source in which every character stands for itself."""
    if "\n" not in text:
        return f"<p>{text}</p>"
    paragraphs = (part.replace("\n", "<br>\n") for part in _BLANK_LINES.split(text))
    return "\n".join(f"<p>{part}</p>" for part in paragraphs)


def parse_markdown(text: str) -> str:
    """As `render_markdown`, of any source."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


class _Shown(Protocol):
    """What the frame of a message is made of, beside its words: a Message, or a row of one."""

    @property
    def id(self) -> UUID: ...
    @property
    def channel_id(self) -> UUID: ...
    @property
    def author_id(self) -> UUID | None: ...
    @property
    def seq(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def ref(self) -> UUID | None: ...
    @property
    def sent_at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def reply_to(self) -> UUID | None: ...
    @property
    def edited_at(self) -> datetime | None: ...
    @property
    def deleted_at(self) -> datetime | None: ...


def messages_json(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages in the form of the protocol, in three queries for any number of them."""
    bodies = readable_bodies(messages)
    names = names_of(m.author_id for m in messages)
    beside = around([m.id for m in messages])
    return [message_json(m, bodies.get(m.id), names, beside.get(m.id, Around())) for m in messages]


def row_json(row: Row, body: Body | None) -> dict[str, Any]:
    """One row in the form of the protocol."""
    names = {row.author_id: row.author_name or ""} if row.author_id else {}
    return message_json(row, body, names, row.around)


def message_json(
    message: _Shown, body: Body | None, names: Mapping[UUID, str], beside: Around = _NOTHING
) -> dict[str, Any]:
    """One message in the form of the protocol, with what stands beside its words; without a body
    it is a tombstone."""
    details = body.details if body else {}
    mentions = mentions_in(details)
    return {
        "id": str(message.id),
        "channel": str(message.channel_id),
        "seq": message.seq,
        "changed": message.changed,
        "ref": str(message.ref) if message.ref else None,
        "author": _author(message, body, names),
        "sent_at": iso(message.sent_at),
        "kind": message.kind,
        "body": body.text if body else "",
        "html": _shown_html(message, body),
        "reply_to": str(message.reply_to) if message.reply_to else None,
        "attachments": [one.shown(message.id) for one in attachments_in(details)],
        "reactions": list(beside.reactions),
        "mentions": [str(one) for one in mentions.ids],
        "mentions_all": mentions.everybody,
        "forwarded": details.get("forwarded"),
        "edited_at": iso(message.edited_at) if message.edited_at else None,
        "deleted_at": iso(message.deleted_at) if message.deleted_at else None,
        "pinned": beside.pinned,
        "corrections": [
            correction_json(one)
            for one in readable_corrections(message.id, message.channel_id, beside.corrections)
        ],
    }


def correction_json(shown: Shown) -> dict[str, Any]:
    """A correction in the form of the protocol.

    Why it was appended stands in the record alone: that somebody asked is not everybody's to know.
    """
    return {
        "number": shown.number,
        "author": {"id": str(shown.author), "name": shown.author_name},
        "written_at": iso(shown.written_at),
        "body": shown.note.text,
        "html": render_plain(shown.note.text),
    }


def put_corrections(told: Iterable[dict[str, Any]]) -> None:
    """Put under each of these messages its corrections, also where it was deleted: for pages that
    show more than the conversation does, or what a search found in it."""
    shown = list(told)
    notes, _ = corrections_that_open(UUID(one["id"]) for one in shown)
    for one in shown:
        one["corrections"] = [correction_json(note) for note in notes.get(UUID(one["id"]), ())]


def _shown_html(message: _Shown, body: Body | None) -> str:
    if body is None:
        return "" if message.deleted_at else UNREADABLE
    return html_of(message.kind, body)


def html_of(kind: str, body: Body) -> str:
    """HTML of a message's words: what people write here is Markdown, with its mentions marked; all
    else is not."""
    if not body.text:
        return ""
    if kind != Message.Kind.TEXT or "plain" in body.details:
        return render_plain(body.text)
    return marked_up(render_markdown(body.text), mentions_in(body.details))


def render_plain(text: str) -> str:
    """HTML of text that is not Markdown: escaped, its lines kept."""
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def _author(message: _Shown, body: Body | None, names: Mapping[UUID, str]) -> dict[str, Any]:
    if message.author_id is None:
        return {"id": None, "name": (body.author_name if body else None) or ""}
    return {"id": str(message.author_id), "name": names.get(message.author_id, "")}


def names_of(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The display names of people by id."""
    wanted = {i for i in ids if i is not None}
    return dict(User.objects.filter(id__in=wanted).values_list("id", "display_name"))
