"""The statements of this folder, and how much of their answer goes into one frame."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, LiteralString

import orjson

from messaging.rendering import row_json
from messaging.vault.rows import Row, statement_of_rows
from messaging.vault.versions import readable_rows

#: A frame holds about so much JSON at most. Rendering takes time by the byte, a slow reader's
#: buffer is bounded, and many websocket libraries refuse frames over 1 MiB.
MOST_BYTES: Final = 512 * 1024


def statement(name: str) -> LiteralString:
    """The statement in `sql/NAME.sql`, with the columns of a Row where it asks for them."""
    return statement_of_rows(Path(__file__).parent / "sql" / f"{name}.sql")


def rows_in(answers: Iterable[Sequence[Any]], at: int) -> list[Row]:
    """The messages of an answer, whose columns begin at `at`; a channel without has one row."""
    return [Row(*answer[at:]) for answer in answers if answer[at] is not None]


def shown(
    rows: Sequence[Row], most: int = MOST_BYTES, *, at_least: int = 1
) -> list[dict[str, Any]]:
    """The messages from the first on that make no more than `most` bytes of JSON together, but
    `at_least` so many, so that whoever asks again comes further.

    Their words do not say beforehand how long they will be: `&` is five bytes of HTML.
    """
    bodies = readable_rows(rows)
    messages: list[dict[str, Any]] = []
    for row in rows:
        message = row_json(row, bodies.get(row.id))
        most -= len(orjson.dumps(message))
        if most < 0 and len(messages) >= at_least:
            break
        messages.append(message)
    return messages
