"""Texts that are to be sent later. No entry until they are sent: till then nothing was said."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts.models import User
from accounts.personal_keys import key_of
from audit.clock import now
from messaging.exceptions import (
    CannotBeOpened,
    MessagingError,
    NoSuchTime,
    NotWaiting,
    TooManyWaiting,
)
from messaging.ingest.drafts import Posted, clean_body, clean_uploads
from messaging.ingest.waiting import post_waiting
from messaging.models import WaitingText
from messaging.own_queries import WAITING, bound_to, waiting_for, words_of
from messaging.own_seals import seal_words
from messaging.own_upkeep import KEPT_FOR
from messaging.own_words import OwnWords
from messaging.queries import channel_to_post_in
from messaging.services.kept_uploads import keep_uploads, keep_uploads_on, let_uploads_go

#: Everything of one's own goes thirty days after its last change, and nothing may go unsent.
FURTHEST: Final = timedelta(days=29)
MOST_WAITING: Final = 100


@transaction.atomic
def send_later(*, person: User, channel_id: UUID, words: OwnWords, due_at: datetime) -> WaitingText:
    """Put a text on the person's list. Raises a MessagingError where it could not be sent now. Its
    files live from then on as long as it does."""
    channel = channel_to_post_in(person, channel_id)
    # Held, so that two pages together cannot pass the limit.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    key = key_of(person.pk)
    if waiting_for(person).count() >= MOST_WAITING:
        raise TooManyWaiting
    text = WaitingText(key=key, channel=channel, due_at=_checked(due_at))
    keep_uploads(by=person, ids=clean_uploads(words.uploads), until=text.changed_at + KEPT_FOR)
    _seal(person, text, words)
    text.save(force_insert=True)
    return text


@transaction.atomic
def change_waiting(*, person: User, waiting: UUID, text: str, due_at: datetime) -> WaitingText:
    """Other words, or another time; what it answers and what it brings stay. Raises NotWaiting when
    it is gone."""
    found = _locked(person, waiting)
    channel_to_post_in(person, found.channel_id)
    found.due_at, found.changed_at, found.refused = _checked(due_at), now(), ""
    words = replace(words_of(found), text=text)
    keep_uploads_on(by=person, ids=words.uploads, until=found.changed_at + KEPT_FOR)
    _seal(person, found, words)
    found.save(update_fields=["due_at", "changed_at", "refused", "generation", "wrapped", "sealed"])
    return found


def send_waiting(*, person: User, waiting: UUID) -> Posted:
    """Send a text now. Raises NotWaiting, or why it is refused; then it stays on the list."""
    if not waiting_for(person).filter(id=waiting).exists():
        raise NotWaiting
    outcome = post_waiting(waiting)
    if outcome is None:
        raise NotWaiting
    if isinstance(outcome, MessagingError):
        raise outcome
    return outcome


@transaction.atomic
def remove_waiting(*, person: User, waiting: UUID) -> None:
    """Take a text off the list for good, and its files with it."""
    found = _locked(person, waiting)
    with suppress(CannotBeOpened):  # then its files go when they would have gone with it
        let_uploads_go(by=person, ids=words_of(found).uploads)
    found.delete()


def _locked(person: User, waiting: UUID) -> WaitingText:
    text = waiting_for(person).select_for_update(of=("self",)).filter(id=waiting).first()
    if text is None:
        raise NotWaiting
    return text


def _checked(due_at: datetime) -> datetime:
    if due_at < now() - timedelta(minutes=1):
        raise NoSuchTime
    if due_at > now() + FURTHEST:
        raise NoSuchTime(_("A text can wait for at most 29 days. Please choose an earlier time."))
    return due_at


def _seal(person: User, text: WaitingText, words: OwnWords) -> None:
    body = clean_body(words.text, may_be_empty=bool(words.uploads))
    kept = replace(words, text=body, uploads=clean_uploads(words.uploads))
    sealed = seal_words(person.pk, WAITING, kept.packed(), bound_to(text))
    text.key, text.generation_id = sealed.key, sealed.generation_id
    text.wrapped, text.sealed = sealed.wrapped, sealed.sealed
