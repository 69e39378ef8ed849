"""Keeping what somebody has written and not sent. No entry: the log must not tell who hesitates."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.personal_keys import key_of, seal_own
from audit.statements import ask, statement_of
from messaging.own_queries import DRAFT
from messaging.own_words import OwnWords
from messaging.queries import channel_for

_KEEP: Final = statement_of(Path(__file__).parents[1] / "sql" / "keep_draft.sql")


@transaction.atomic
def keep_draft(*, person: User, channel_id: UUID, words: OwnWords, written_at: datetime) -> None:
    """Keep these words as the person's draft in one of their channels; the latest written wins.

    Empty words say that it was sent or thrown away. Raises ChannelNotFound.
    """
    channel = channel_for(person, channel_id)
    if words.text:
        sealed, key = seal_own(person.pk, DRAFT, words.packed(), str(channel.pk))
    else:
        sealed, key = b"", key_of(person.pk)
    ask(
        _KEEP,
        {"key": key.pk, "channel": channel.pk, "sealed": sealed, "written_at": written_at},
    )
