"""What a person keeps for themselves. Nobody else has a question to ask here."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from django.db.models import QuerySet

from accounts.models import User
from accounts.personal_keys import OwnAltered
from audit.clock import iso
from audit.keyring import KeyringError
from messaging.exceptions import CannotBeOpened
from messaging.models import KeptDraft, Message, SavedMessage, WaitingText
from messaging.own_seals import open_words
from messaging.own_words import OwnWords
from messaging.queries import channels_for
from messaging.rendering import messages_json

DRAFT: Final = "draft"
WAITING: Final = "waiting"

_log = structlog.get_logger("schoolchat.own")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A draft: what was written, where, and when."""

    channel: UUID
    words: OwnWords
    changed_at: datetime


def drafts_of(person: User) -> list[Kept]:
    """The person's drafts in the channels that they are in, less those that do not open: one
    altered row must not take the others with it."""
    found = KeptDraft.objects.filter(key__person=person, channel__in=channels_for(person))
    drafts = map(_kept, found.exclude(sealed=b"").select_related("key"))
    return [draft for draft in drafts if draft]


def _kept(draft: KeptDraft) -> Kept | None:
    with suppress(CannotBeOpened):
        words = _opened(draft, DRAFT, str(draft.channel_id))
        return Kept(channel=draft.channel_id, words=words, changed_at=draft.changed_at)
    return None


def draft_in(person: User, channel_id: UUID) -> Kept | None:
    """The person's draft in one channel of theirs; one that does not open is none."""
    mine = KeptDraft.objects.filter(
        key__person=person, channel=channel_id, channel__in=channels_for(person)
    )
    draft = mine.exclude(sealed=b"").select_related("key").first()
    return _kept(draft) if draft else None


def draft_json(draft: Kept, reply_to: dict[str, Any] | None) -> dict[str, Any]:
    """A draft as the person's pages have it, with the message that it answers."""
    return {
        "channel": str(draft.channel),
        "text": draft.words.text,
        "reply_to": reply_to,
        "changed_at": iso(draft.changed_at),
    }


def waiting_for(person: User) -> QuerySet[WaitingText]:
    """The person's own texts that wait, the next one first; those in channels that they have left
    are among them, and say so when their time comes."""
    mine = WaitingText.objects.filter(key__person=person)
    return mine.select_related("key").order_by("due_at", "id")


def words_of(text: WaitingText) -> OwnWords:
    """What it says; its key has been read with it. Raises CannotBeOpened."""
    return _opened(text, WAITING, bound_to(text))


def bound_to(text: WaitingText) -> str:
    """What the words are sealed for."""
    return f"{text.id} {text.channel_id}"


def _opened(kept: KeptDraft | WaitingText, kind: str, about: str) -> OwnWords:
    try:
        return OwnWords.unpacked(open_words(kept, kind, about))
    except (OwnAltered, KeyringError) as error:
        _log.critical("does not open", kind=kind, id=str(kept.pk), error=type(error).__name__)
        raise CannotBeOpened from None


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
