"""A WhatsApp 'Export chat' file, read into messages with the times, names and words it prints.

Nothing here trusts the file: anybody can edit it, so an author is a name and never a person,
and the file's SHA-256 is kept so that what was imported can be compared with it later.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from messaging.imports.whatsapp import container, dates, markers, slots, wording
from messaging.imports.whatsapp.dates import DateOrder
from messaging.imports.whatsapp.errors import ImpossibleDates
from messaging.imports.whatsapp.headers import Platform, Record, split_records
from messaging.imports.whatsapp.markers import Habit, Kind, Reading, Subkind
from messaging.imports.whatsapp.marks import LRM, without_marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message of an export.

    `at` is the local time as printed, without a zone: the file does not name one. `attachment` is
    the file's name, or None where the media was left out of the export. `raw_body` is the text as
    printed without direction marks; `raw_author` the printed name where it differs from `author`.
    """

    at: datetime
    author: str | None
    kind: Kind
    body: str
    attachment: str | None = None
    edited: bool = False
    subkind: Subkind | None = None
    raw_body: str
    raw_author: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """A whole file in its own order; `sha256` is of the file as it was given, zipped or not."""

    messages: tuple[Line, ...]
    date_order: DateOrder
    platform: Platform
    sha256: str


def parse(
    data: bytes,
    *,
    file_name: str,
    date_order: DateOrder | None = None,
    today: date | None = None,
) -> Export:
    """Read an export; `today` (UTC's by default) rules out readings that lie in the future.

    Raises a subclass of WhatsAppError: its text is one sentence for the person who chose the
    file. AmbiguousDates asks for `date_order`.
    """
    records = split_records(container.chat_text(data, file_name))
    order = dates.decide(_evidence(records, today or datetime.now(UTC).date()), date_order)
    records = _with_strays(records, order)
    return Export(
        messages=tuple(_lines(records, order)),
        date_order=order,
        platform=records[0].header.platform,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _evidence(records: Sequence[Record], today: date) -> dates.Evidence:
    named = ((r.header.fields, dates.media_date(r.rest)) for r in records)
    return dates.Evidence(
        headers=[record.header for record in records],
        media=[(fields, day) for fields, day in named if day],
        foreign=any(markers.is_foreign(slots.Names().split(r.rest)[1]) for r in records),
        today=today,
    )


def _with_strays(records: Sequence[Record], order: DateOrder) -> tuple[Record, ...]:
    """Give a line whose date does not exist back to the message before it: it was pasted there."""
    kept: list[Record] = []
    if dates.read_moment(records[0].header, order) is None:
        raise ImpossibleDates
    for record in records:
        if dates.read_moment(record.header, order):
            kept.append(record)
        else:
            last = kept.pop()
            kept.append(Record(header=last.header, printed=f"{last.printed}\n{record.printed}"))
    return tuple(kept)


def _lines(records: Sequence[Record], order: DateOrder) -> Iterator[Line]:
    names = slots.learn_names(record.rest for record in records)
    split = [names.split(record.rest) for record in records]
    habit = _habit(records[0].header.platform, [text for name, text in split if name])
    for record, (name, text) in zip(records, split, strict=True):
        at = dates.read_moment(record.header, order)
        if at is not None:
            yield _line(at, name, text, record.header.marked, habit)


def _habit(platform: Platform, texts: Sequence[str]) -> Habit:
    angled = Counter(phrase for text in texts if (phrase := markers.angled(text)))
    return Habit(
        platform=platform,
        marked=any(LRM in text for text in texts),
        repeated=frozenset(phrase for phrase, count in angled.items() if count > 1),
    )


def _line(at: datetime, name: str | None, text: str, marked: bool, habit: Habit) -> Line:
    printed = without_marks(name).strip() if name is not None else None
    reading = _read(printed, text, marked, habit)
    author = _author(printed) if printed is not None and reading.kind != "system" else None
    return Line(
        at=at,
        author=author,
        kind=reading.kind,
        body=reading.body,
        attachment=reading.attachment,
        edited=reading.edited,
        subkind=reading.subkind,
        raw_body=without_marks(text),
        raw_author=printed if printed != author else None,
    )


def _read(name: str | None, text: str, marked: bool, habit: Habit) -> Reading:
    if name is None:
        return Reading(kind="system", body=without_marks(text).strip())
    reading = markers.read_body(text, habit=habit, line_marked=marked)
    if reading.kind == "text" and habit.platform == "ios" and _is_notice(name, reading, habit):
        return Reading(kind="system", body=reading.body)
    return reading


def _is_notice(name: str, reading: Reading, habit: Habit) -> bool:
    """Find the notices of an iPhone export that has none of its marks (left).

    Only wording tells there, so the notice must be about the very person in the author's place.
    """
    if habit.marked or not wording.is_notice(reading.body):
        return False
    about = reading.body.startswith((f"{name} ", "You ")) or reading.body.endswith(f" {name}")
    return about or reading.body.startswith("Messages ")


def _author(printed: str) -> str:
    """Without the `~` that WhatsApp puts before names missing from the exporter's contacts."""
    return printed.removeprefix("~").strip()
