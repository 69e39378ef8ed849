"""What a person keeps for themselves. Nobody else has a question to ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.personal_keys import open_own
from messaging.models import KeptDraft, Message, SavedMessage, WaitingText
from messaging.own_words import OwnWords
from messaging.queries import channels_for
from messaging.rendering import messages_json

DRAFT: Final = "draft"
WAITING: Final = "waiting"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A draft: what was written, where, and when."""

    channel: UUID
    words: OwnWords
    changed_at: datetime


def drafts_of(person: User) -> list[Kept]:
    """The person's drafts in the channels that they are in."""
    found = KeptDraft.objects.filter(key__person=person, channel__in=channels_for(person))
    return [
        Kept(
            channel=draft.channel_id,
            words=OwnWords.unpacked(
                open_own(draft.key, DRAFT, bytes(draft.sealed), str(draft.channel_id))
            ),
            changed_at=draft.changed_at,
        )
        for draft in found.exclude(sealed=b"").select_related("key")
    ]


def waiting_for(person: User) -> QuerySet[WaitingText]:
    """The person's own texts that wait, the next one first; those in channels that they have left
    are among them, and say so when their time comes."""
    mine = WaitingText.objects.filter(key__person=person)
    return mine.select_related("key", "channel").order_by("due_at", "id")


def words_of(text: WaitingText) -> OwnWords:
    """What it says; its key has been read with it."""
    return OwnWords.unpacked(open_own(text.key, WAITING, bytes(text.sealed), bound_to(text)))


def bound_to(text: WaitingText) -> str:
    """What the words are sealed for."""
    return f"{text.id} {text.channel_id}"


def saved_for(person: User) -> QuerySet[SavedMessage]:
    """What the person saved, as far as they may still read it, the latest saved first."""
    mine = SavedMessage.objects.filter(
        key__person=person,
        message__out_of_view=False,
        message__deleted_at=None,
        message__channel__in=channels_for(person),
    )
    return mine.select_related("message").order_by("-id")


def answered_by(person: User, words: Iterable[OwnWords]) -> dict[UUID, dict[str, Any]]:
    """What is answered, as far as the person can still read it, by its id."""
    wanted = {each.reply_to for each in words if each.reply_to}
    if not wanted:
        return {}
    found = Message.objects.filter(
        id__in=wanted, out_of_view=False, deleted_at=None, channel__in=channels_for(person)
    )
    messages = list(found)
    return dict(zip((one.pk for one in messages), messages_json(messages), strict=True))
