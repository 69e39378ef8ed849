"""Changing what a channel is called and is for, who may mention everybody in it, and whether
pictures may be posted."""

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import Action
from audit.changes import RECORD_CLASS
from audit.sealed import seal_record
from audit.services import record
from messaging import bell
from messaging.exceptions import Archived, NamelessChannel, NameTaken
from messaging.models import Channel
from messaging.services.locks import lock_managed
from messaging.services.system import say


def change_channel(
    *,
    by: User,
    channel_id: UUID,
    name: str,
    purpose: str,
    mention_all: str,
    no_images: bool | None = None,
) -> Channel:
    """Give a channel these settings; one entry, and one line in the conversation, for all that
    differs; `no_images` stays as it is where that is None. Raises NameTaken where another open
    channel has the name."""
    who = Channel.MentionAll(mention_all).value
    wanted: dict[str, str | bool] = {
        "name": name.strip(),
        "purpose": purpose.strip(),
        "mention_all": who,
    }
    if no_images is not None:
        wanted["no_images"] = no_images
    if not wanted["name"]:
        raise NamelessChannel
    with transaction.atomic():
        channel = lock_managed(by, channel_id)
        if channel.archived_at:
            raise Archived
        former = {field: getattr(channel, field) for field in wanted}
        changed = sorted(field for field in wanted if former[field] != wanted[field])
        if not changed:
            return channel
        for field in changed:
            setattr(channel, field, wanted[field])
        _save(channel, changed)
        said = say(channel, by=by, event="updated", person=None, what=_what(channel, changed))
        values = {field: (former[field], wanted[field]) for field in changed}
        record(
            Action.CHANNEL_CHANGED,
            actor=by.id,
            subject=channel.id,
            fields=tuple(changed),
            **seal_record(RECORD_CLASS, {"model": Channel._meta.label, "values": values}).facts(),
            **said,
        )
        bell.ring((channel.id, channel.head))
    return channel


def _save(channel: Channel, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            channel.save(update_fields=changed)
    except IntegrityError:
        raise NameTaken from None


def _what(channel: Channel, changed: list[str]) -> str:
    """What was changed, in words, as the line in the conversation has it."""
    first_said = {
        "name": f"the name of this channel to “{channel.name}”",
        "purpose": "the purpose of this channel",
        "mention_all": "who may mention everybody in this channel",
        "no_images": "whether pictures may be posted in this channel",
    }
    said_after = {
        "purpose": "its purpose",
        "mention_all": "who may mention everybody in it",
        "no_images": "whether pictures may be posted in it",
    }
    said = [field for field in first_said if field in changed]
    *first, last = [first_said[said[0]], *(said_after[field] for field in said[1:])]
    return f"{', '.join(first)} and {last}" if first else last
