"""Posting the texts that wait for their time, by the way that every message goes."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction

from audit.clock import now
from audit.keyring import KeyringError
from messaging.exceptions import (
    Archived,
    AttachmentNotFound,
    CannotBeOpened,
    ChannelNotFound,
    MessageNotFound,
    MessagingError,
    NoPictures,
    NotStored,
    ReadOnly,
)
from messaging.ingest.drafts import Draft, Outcome
from messaging.ingest.store import store
from messaging.models import WaitingText
from messaging.own_queries import words_of

#: A text that comes later than this would say something about another time.
LATEST: Final = timedelta(hours=12)

_log = structlog.get_logger("schoolchat.waiting")
_WHY: Final = WaitingText.Refusal
_REFUSALS: Final[dict[type[MessagingError], WaitingText.Refusal]] = {
    ChannelNotFound: _WHY.NOT_A_MEMBER,
    Archived: _WHY.ARCHIVED,
    ReadOnly: _WHY.READ_ONLY,
    MessageNotFound: _WHY.NOTHING_TO_ANSWER,
    AttachmentNotFound: _WHY.NO_FILE,
    NoPictures: _WHY.NO_PICTURES,
}


def post_due() -> int:
    """Post every text whose time has come; returns how many were posted.

    Each is a transaction of its own: what cannot be stored just now waits for the next call.
    """
    at = now()
    due = WaitingText.objects.filter(due_at__lte=at, refused="")
    due.filter(due_at__lt=at - LATEST).update(refused=_WHY.TOO_LATE)
    return sum(map(_post, due.order_by("due_at", "id").values_list("id", flat=True)))


def _post(waiting: UUID) -> bool:
    try:
        return not isinstance(post_waiting(waiting, only_due=True), MessagingError | None)
    except (DatabaseError, KeyringError, CannotBeOpened) as error:
        _log.warning("waiting text not posted", id=str(waiting), error=type(error).__name__)
        return False


@transaction.atomic
def post_waiting(waiting: UUID, *, only_due: bool = False) -> Outcome | None:
    """Post a text and take it off the list, both or neither; None when it waits no more.

    Its `ref` is as old as the text itself, so that even what was posted without leaving the list
    would not be posted twice. Where it is refused it stays, and says why.
    """
    found = WaitingText.objects.select_for_update(of=("self",)).select_related("key")
    if only_due:
        found = found.filter(due_at__lte=now(), refused="")
    text = found.filter(id=waiting).first()
    if text is None:
        return None
    words = words_of(text)
    draft = Draft(
        author=text.key.person_id,
        channel=text.channel_id,
        ref=text.ref,
        body=words.text,
        reply_to=words.reply_to,
        uploads=words.uploads,
    )
    (outcome,) = store([draft])
    if isinstance(outcome, NotStored):
        raise outcome
    if isinstance(outcome, MessagingError):
        text.refused = _REFUSALS.get(type(outcome), _WHY.OTHERWISE)
        text.save(update_fields=["refused"])
    else:
        text.delete()
    return outcome
