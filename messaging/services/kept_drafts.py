"""Keeping what somebody has written and not sent. No entry: the log must not tell who hesitates."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.personal_keys import key_of
from audit.statements import ask, statement_of
from messaging.own_queries import DRAFT
from messaging.own_seals import seal_words
from messaging.own_words import OwnWords
from messaging.queries import channel_for

_KEEP: Final = statement_of(Path(__file__).parents[1] / "sql" / "keep_draft.sql")


@transaction.atomic
def keep_draft(*, person: User, channel_id: UUID, words: OwnWords, written_at: datetime) -> None:
    """Keep these words as the person's draft in one of their channels; the latest written wins.

    Empty words say that it was sent or thrown away. Raises ChannelNotFound.
    """
    channel = channel_for(person, channel_id)
    ask(_KEEP, _row(person, str(channel.pk), words) | {"written_at": written_at})


def _row(person: User, channel: str, words: OwnWords) -> dict[str, object]:
    row: dict[str, object] = {"channel": channel}
    if not words.text:
        key = key_of(person.pk).pk
        return row | {"key": key, "generation": None, "wrapped": None, "sealed": b""}
    kept = seal_words(person.pk, DRAFT, words.packed(), channel)
    return row | {
        "key": kept.key.pk,
        "generation": kept.generation_id,
        "wrapped": kept.wrapped,
        "sealed": kept.sealed,
    }
