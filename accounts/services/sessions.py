"""Sessions: what is recorded when they start, and what ending one means."""

from collections.abc import Sequence

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from accounts import bell
from accounts.models import FailedCode, User
from accounts.security import SecurityEvent, note_done
from audit.actions import Action
from audit.services import record


@transaction.atomic
def record_sign_in(*, person: User, method: str) -> None:
    """A session has started; `method` is password, or mfa when a second factor was asked for."""
    record(Action.SIGNED_IN, actor=person.pk, subject=person.pk, method=method)


@transaction.atomic
def sign_out(*, person: User, session_key: str) -> None:
    """End one's present session and the sockets that it opened."""
    _forget([session_key])
    record(Action.SIGNED_OUT, actor=person.pk, subject=person.pk, sessions=1)
    bell.close_sessions([session_key])


@transaction.atomic
def end_other_sessions(*, person: User, session_keys: Sequence[str]) -> None:
    """End these sessions of one's own: other devices, or all when signing out everywhere."""
    if not session_keys:
        return
    _forget(session_keys)
    record(Action.SIGNED_OUT, actor=person.pk, subject=person.pk, sessions=len(session_keys))
    bell.close_sessions(session_keys)
    note_done(SecurityEvent.SESSIONS_ENDED, person=person.pk, sessions=len(session_keys))


@transaction.atomic
def sign_out_everywhere(*, person: User) -> int:
    """End every session of a person, known or not, and their sockets; returns how many ended."""
    ended = end_sessions_of(person)
    record(Action.SIGNED_OUT, actor=person.pk, subject=person.pk, sessions=ended)
    bell.close_people([person.pk])
    note_done(SecurityEvent.SESSIONS_ENDED, person=person.pk, sessions=ended)
    return ended


@transaction.atomic
def password_changed(*, person: User, kept_key: str | None) -> None:
    """Every session but the present one ends with the old password."""
    keys = list(
        UserSession.objects.filter(user=person)
        .exclude(session_key=kept_key or "")
        .values_list("session_key", flat=True)
    )
    _forget(keys)
    record(Action.PASSWORD_CHANGED, actor=person.pk, subject=person.pk, sessions=len(keys))
    bell.close_sessions(keys)
    if keys:
        note_done(SecurityEvent.SESSIONS_ENDED, person=person.pk, sessions=len(keys))


@transaction.atomic
def second_factor_added(*, person: User, method: str) -> None:
    """A person has enrolled a second factor."""
    record(Action.SECOND_FACTOR_ADDED, actor=person.pk, subject=person.pk, method=method)


@transaction.atomic
def second_factor_removed(*, person: User, method: str) -> None:
    """A person has taken a second factor away."""
    record(Action.SECOND_FACTOR_REMOVED, actor=person.pk, subject=person.pk, method=method)
    note_done(SecurityEvent.SECOND_FACTOR_REMOVED, person=person.pk)


def count_failed_code(*, person: User) -> None:
    """Remember for a day that a wrong code was typed: many of them are an alert. No entry, and
    nothing of what was typed."""
    FailedCode.objects.create(person=person)


def end_sessions_of(person: User) -> int:
    """End all sessions of a person inside the caller's transaction, which rings the bell.

    The epoch also ends those that no table lists; returns the number of those listed.
    """
    keys = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    _forget(keys)
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    return len(keys)


def _forget(session_keys: Sequence[str]) -> None:
    Session.objects.filter(session_key__in=session_keys).delete()
    UserSession.objects.filter(session_key__in=session_keys).delete()
