"""Passing a message on into another channel: its words are copied, and its origin with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from audit.clock import iso
from audit.statements import array, ask
from messaging.exceptions import BlockedByPolicy, BodyTooLong, MessageNotFound, MessagingError
from messaging.files.attached import kept_in
from messaging.ingest.drafts import Draft
from messaging.models import Channel, Message
from messaging.rendering import correction_json
from messaging.vault.bodies import Body
from messaging.vault.notes import readable_corrections
from messaging.vault.rows import Row, statement_of_rows
from messaging.vault.versions import readable_rows

_FORWARDED: Final = statement_of_rows(Path(__file__).parent / "sql" / "forwarded.sql")
_BEFORE_ROW: Final = 3
#: Channels whose name everybody may know.
_NAMED: Final = (Channel.Kind.OPEN, Channel.Kind.ANNOUNCEMENT)
_PASSED_ON: Final = (Message.Kind.TEXT, Message.Kind.IMPORTED)

type Forwarded = Body | MessagingError


def forwards_of(drafts: Sequence[Draft]) -> dict[Draft, Forwarded]:
    """What each draft that forwards something will say, or why it may not; one question, and none
    where there is no such draft. Whether its author may post is not looked at here."""
    asking = [(draft, draft.forward) for draft in drafts if draft.forward]
    if not asking:
        return {}
    values = {
        "authors": array(draft.author for draft, _ in asking),
        "messages": array(message for _, message in asking),
    }
    answers = ask(_FORWARDED, values)
    rows = [Row(*answer[_BEFORE_ROW:]) for answer in answers if answer[_BEFORE_ROW] is not None]
    bodies = readable_rows(rows)
    return {
        draft: _forwarded(draft.channel, answer, bodies)
        for (draft, _), answer in zip(asking, answers, strict=True)
    }


def _forwarded(to: UUID, answer: Sequence[Any], bodies: dict[UUID, Body]) -> Forwarded:
    kind, name, sensitive, *columns = answer
    row = Row(*columns)
    body = bodies.get(row.id)
    if body is None or row.kind not in _PASSED_ON:
        return MessageNotFound()
    if (sensitive or kind == Channel.Kind.DIRECT) and row.channel_id != to:
        return BlockedByPolicy()
    if len(body.text) > settings.MAX_MESSAGE_CHARS:
        return BodyTooLong()
    return Body(text=body.text, details=_details(row, body, name if kind in _NAMED else None))


def _details(row: Row, body: Body, channel: str | None) -> dict[str, Any]:
    """The origin as the protocol shows it; of what was forwarded before, the first one."""
    origin = body.details.get("forwarded") or {
        "author": row.author_name or body.author_name or "",
        "sent_at": iso(row.sent_at),
        "channel": channel,
    }
    notes = readable_corrections(row.id, row.channel_id, row.corrections or ())
    if notes:  # the words do not go on without what was found wrong in them
        shown = [*origin.get("corrections", ()), *map(correction_json, notes)]
        origin = origin | {"corrections": shown}
    # Imported words are no Markdown, wherever they go.
    plain = row.kind == Message.Kind.IMPORTED or "plain" in body.details
    return {"forwarded": origin, **({"plain": "yes"} if plain else {}), **kept_in(body.details)}
