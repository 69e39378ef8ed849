"""Which drafts of a batch may be posted, asked under the lock of their channels."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext_noop

from audit.clock import month_of
from audit.statements import array, ask_all, statement_of
from messaging.exceptions import (
    Archived,
    ChannelNotFound,
    MessageNotFound,
    MessagingError,
    NoPictures,
    ReadOnly,
)
from messaging.files.attached import attachments_in
from messaging.ingest.drafts import Draft
from messaging.ingest.forwarding import Forwarded
from messaging.models import Channel
from messaging.vault.keys import cipher_of, current_key, opened

_SQL: Final = Path(__file__).parent / "sql"
_LOCK: Final = statement_of(_SQL / "lock.sql")
_LOCK_FREE: Final = statement_of(_SQL / "lock_free.sql")
_CHECK: Final = statement_of(_SQL / "check.sql")
_READY: Final = statement_of(_SQL / "ready.sql")


@dataclass(kw_only=True, slots=True)
class Locked:
    """A channel whose row is ours until the commit; `head` goes up with each message."""

    id: UUID
    kind: str
    record_class: str
    sensitive: bool
    no_images: bool
    archived: bool
    head: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the database says of a draft: `author_name` is None for whoever is no member."""

    author_name: str | None
    earlier: UUID | None
    reply_is_there: bool
    permitted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """What a channel's messages of this batch are sealed under, and the time they carry.

    A message is never older than the one before it: where the clock stepped back by some minutes,
    it carries the millisecond after the newest.
    """

    key: int
    cipher: AESGCM
    sent_at: datetime


def lock_and_look(
    drafts: Sequence[Draft], *, at: datetime, only_free: bool = False
) -> tuple[dict[UUID, Locked], list[Known], list[tuple[Any, ...]]]:
    """Lock the drafts' channels in the order of their ids, and then ask what there is to know of
    each draft and of each channel; the last is for `made_ready`.

    Channels that do not exist are left out, and with `only_free` those that are locked already.
    """
    channels = array({draft.channel for draft in drafts})
    asked = {
        "channels": array(draft.channel for draft in drafts),
        "authors": array(draft.author for draft in drafts),
        "refs": array(draft.ref for draft in drafts),
        "replies": array(draft.reply_to for draft in drafts),
    }
    locked, known, ready = ask_all(
        (_LOCK_FREE if only_free else _LOCK, {"channels": channels}),
        (_CHECK, asked),
        (_READY, {"channels": channels, "now": at, "month": month_of(at)}),
    )
    return _locked(locked), _known(known), ready


def _locked(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, Locked]:
    return {
        row[0]: Locked(
            id=row[0],
            kind=row[1],
            record_class=row[2],
            sensitive=row[3],
            no_images=row[4],
            archived=row[5],
            head=row[6],
        )
        for row in rows
    }


def _known(rows: Iterable[tuple[Any, ...]]) -> list[Known]:
    return [
        Known(author_name=name, earlier=earlier, reply_is_there=there, permitted=permitted)
        for name, earlier, there, permitted in rows
    ]


def refusal_of(
    channel: Locked | None,
    known: Known,
    brought: Forwarded | None = None,
    *,
    absent: type[MessagingError],
) -> MessagingError | None:
    """Why a draft cannot be posted, or None; `absent` is said of a channel that is not locked, and
    `brought` is what it forwards, or the files that it brings.

    A draft that was posted before is not refused.
    """
    if channel is None:
        return absent()
    if known.author_name is None:
        return ChannelNotFound()
    if known.earlier:
        return None
    if channel.archived:
        return Archived()
    if channel.kind == Channel.Kind.ANNOUNCEMENT and not known.permitted:
        return ReadOnly()
    if not known.reply_is_there:
        return MessageNotFound(gettext_noop("The message that you answer is not in this channel."))
    return _refusal_of_files(channel, brought)


def _refusal_of_files(channel: Locked, brought: Forwarded | None) -> MessagingError | None:
    if brought is None or isinstance(brought, MessagingError):
        return brought
    pictures = any(file.is_picture for file in attachments_in(brought.details))
    return NoPictures() if channel.no_images and pictures else None


def made_ready(
    answers: Iterable[tuple[Any, ...]], channels: Collection[UUID], *, at: datetime
) -> dict[UUID, Ready]:
    """Key and time for each of these channels; the first message of a month makes its key."""
    return {
        channel: _ready(channel, at, newest or at, key)
        for channel, *key, newest in answers
        if channel in channels
    }


def _ready(channel: UUID, at: datetime, sent_at: datetime, found: Sequence[Any]) -> Ready:
    key, generation, wrapped = found
    month = month_of(sent_at)
    if key is not None and month == month_of(at):
        return Ready(key=key, cipher=opened(key, generation, wrapped), sent_at=sent_at)
    made = current_key(channel, month)
    return Ready(key=made.pk, cipher=cipher_of(made), sent_at=sent_at)
