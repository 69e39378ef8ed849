"""What a page shows around a channel when somebody opens it, in the answer to that one `fetch`."""

from typing import Any
from uuid import UUID

from django.utils.translation import override

from accounts.models import User
from messaging.exceptions import NotShown
from messaging.live.frames import Asked
from messaging.live.reading.pages import asked_for
from messaging.live.receipts import readers_of_own
from messaging.own_queries import Kept, draft_in, draft_json
from messaging.school.values import Extent
from messaging.who_reads import who_reads


def opened(
    person: User, channel_id: UUID, asked: Asked, *, language: str, receipts: Extent
) -> dict[str, Any]:
    """What a `fetch` asks for; with `opening` these fields come with it: `readers` ({line, brief}
    in `language`, or None), `draft` ({channel, text, reply_to, changed_at} or None) and `receipts`
    (as in the frame of that name, or None where it is not shown).

    At most six statements. Raises ChannelNotFound and what the page raises.
    """
    if not asked.wants("opening"):
        return asked_for(person, channel_id, asked)
    draft = draft_in(person, channel_id)
    page = asked_for(person, channel_id, asked, also=_answered_by(draft))
    if page.get("type") == "reset":
        return page
    with override(language):
        readers = who_reads(person, channel_id)
    return {
        **page,
        "readers": readers,
        "draft": draft and draft_json(draft, _among(page, draft.words.reply_to)),
        "receipts": _receipts(person, channel_id, receipts),
    }


def _answered_by(draft: Kept | None) -> list[UUID]:
    return [draft.words.reply_to] if draft and draft.words.reply_to else []


def _among(page: dict[str, Any], message_id: UUID | None) -> dict[str, Any] | None:
    """What the draft answers, unless it was deleted or is not there any more."""
    around = [one for one in page.get("answered", {}).values() if one]
    everything: list[dict[str, Any]] = [*page["messages"], *around]
    for message in everything:
        if message["id"] == str(message_id) and not message["deleted_at"]:
            return message
    return None


def _receipts(person: User, channel_id: UUID, extent: Extent) -> list[dict[str, Any]] | None:
    try:
        return readers_of_own(person.id, channel_id, extent)
    except NotShown:
        return None
