"""The messages as a table for a spreadsheet: items.csv. Pure.

UTF-8 with a byte order mark, because Excel reads a CSV without one in the machine's old code page
and spoils every accent; other readers skip the mark or show it harmlessly in the first heading.
Rows end with CRLF (RFC 4180). A cell that a spreadsheet would take for a formula begins with an
apostrophe here, so a body may differ by that one character: items.jsonl is the exact record.
"""

import csv
import io
from collections.abc import Iterator

from audit.clock import iso
from retention.exports.attached import attached_text
from retention.exports.gestures import (
    correction_cell,
    earlier_corrections,
    forwarded_text,
    mentioned,
    reaction_text,
)
from retention.exports.items import ImportedName, Item, Named, author_name

BOM = "\ufeff"
HEADINGS = (
    "id",
    "channel_id",
    "channel",
    "seq",
    "author_id",
    "author",
    "author_imported",
    "sent_at",
    "kind",
    "reply_to",
    "body",
    "edited_at",
    "deleted_at",
    "earlier_versions",
    "import_sha256",
    "imported_by",
    "imported_at",
    "reactions",
    "pinned_at",
    "mentions",
    "forwarded",
    "files",
    "corrections",
    "commitment",
)
# Spreadsheets begin a formula with these, some of them also after blanks.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROL = ("\t", "\r", "\n")


def heading_row() -> str:
    """The first row, with the mark before it."""
    return BOM + _row(HEADINGS)


def item_row(item: Item) -> str:
    """One message as one row, quoted throughout."""
    origin = item.origin
    return _row(
        (
            str(item.id),
            str(item.channel.id),
            item.channel.name,
            str(item.seq),
            str(item.author.id) if isinstance(item.author, Named) else "",
            author_name(item.author),
            "yes" if isinstance(item.author, ImportedName) else "no",
            iso(item.sent_at),
            item.kind,
            str(item.reply_to or ""),
            item.body,
            iso(item.edited_at) if item.edited_at else "",
            iso(item.deleted_at) if item.deleted_at else "",
            str(len(item.versions)),
            origin.sha256 if origin else "",
            origin.imported_by.name if origin else "",
            iso(origin.imported_at) if origin else "",
            "; ".join(map(reaction_text, item.reactions)),
            iso(item.pinned.at) if item.pinned else "",
            ", ".join(mentioned(item)),
            forwarded_text(item.forwarded) if item.forwarded else "",
            "; ".join(map(attached_text, item.attached)),
            "\n".join(_corrections(item)),
            item.commitment,
        )
    )


def _corrections(item: Item) -> Iterator[str]:
    """Each on a line of its own; those first that came along with words that were passed on."""
    if item.forwarded:
        yield from earlier_corrections(item.forwarded)
    yield from map(correction_cell, item.corrections)


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would calculate it."""
    text = text.replace("\0", "\ufffd")
    risky = text.startswith(_CONTROL) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if risky else text


def _row(cells: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return out.getvalue()
