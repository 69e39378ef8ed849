"""Inviting people, letting them in, changing what is known of them, and seeing them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts import bell
from accounts.errors import AlreadyHere, InvitationGone, NotAllowed, PersonNotFound
from accounts.models import Invitation, User
from accounts.personal_keys import drop_key
from accounts.queries import may
from accounts.roles import Role
from accounts.security import SecurityEvent, note_done
from accounts.services.secrets import new_secret, sha256
from accounts.services.sessions import end_sessions_of
from audit.actions import Action
from audit.changes import acting
from audit.clock import now
from audit.journal.lines import Act
from audit.journal.outbox import note
from audit.sealed import seal_record
from audit.services import record
from audit.statements import ask, statement_of

RECORD_CLASS = "people"
_LEAVING: Final = statement_of(Path(__file__).parent.parent / "sql" / "leaving.sql")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What is said about somebody who is invited."""

    email: str
    display_name: str
    job_title: str = ""
    department: str = ""
    staff_id: str = ""
    leaving_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An invitation just made. `secret` is in no other place; the link shows it once."""

    person: User
    invitation: Invitation
    secret: str


@transaction.atomic
def invite_person(*, by: User | None, newcomer: Newcomer) -> Invited:
    """Make an account that opens when its person has set a password. `by` None: the operator."""
    _require(by, "manage_people")
    person = _newcomer(by, newcomer)
    return _invite(by, person, {"email": person.email, "display_name": person.display_name})


@transaction.atomic
def invite_again(*, by: User, person_id: UUID) -> Invited:
    """A fresh link for somebody who has not joined yet; the earlier one stops working."""
    _require(by, "manage_people")
    person = _locked(person_id)
    if person.joined_at is not None:
        raise NotAllowed(
            gettext_noop("This person has joined already and has a password of their own.")
        )
    person.invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now())
    return _invite(by, person, {"email": person.email, "display_name": person.display_name})


@transaction.atomic
def accept_invitation(*, secret: str, password: str) -> User:
    """Set the first password and open the account. The caller has checked the password's rules."""
    at = now()
    taken = Invitation.objects.filter(
        token_sha256=sha256(secret), accepted_at=None, withdrawn_at=None, expires_at__gt=at
    )
    invitation = taken.select_for_update().first()
    if invitation is None:
        raise InvitationGone
    taken.update(accepted_at=at)
    User.objects.filter(pk=invitation.person_id).update(
        password=make_password(password), is_active=True, joined_at=at
    )
    record(
        Action.PERSON_JOINED,
        actor=invitation.person_id,
        subject=invitation.person_id,
        invitation=invitation.pk,
    )
    return User.objects.get(pk=invitation.person_id)


@transaction.atomic
def change_person(*, by: User, person_id: UUID, changes: Mapping[str, object]) -> User:
    """Change what is known of a person; old and new values are carried into the log sealed."""
    _require(by, "manage_people")
    person = _locked(person_id)
    changes = dict(changes)
    if changes.get("leaving_on", person.leaving_on) != person.leaving_on:
        ask(_LEAVING, {})
        changes["leaving_set_by"] = by
    for name, value in changes.items():
        setattr(person, name, value)
    person.email = person.email.strip().lower()
    try:
        with acting(by.pk), transaction.atomic():
            person.save(update_fields=sorted(changes))
    except IntegrityError:
        raise AlreadyHere from None
    return person


@transaction.atomic
def deactivate_person(*, by: User | None, person_id: UUID, reason: str = "") -> User:
    """Close an account: sessions, tokens and roles end, open sockets within a second.

    What the person kept for themselves (drafts, texts that wait to be sent) goes with their key.
    The roles do not come back with a reactivation; they are asked for and granted anew.
    """
    _require(by, "manage_people")
    if by is not None and by.pk == person_id:
        raise NotAllowed(gettext_noop("Ask another administrator to close your own account."))
    person = _locked(person_id)
    at = now()
    waiting = person.invitations.filter(accepted_at=None, withdrawn_at=None)
    withdrawn = waiting.update(withdrawn_at=at)
    closed = User.objects.filter(pk=person.pk, is_active=True).update(is_active=False)
    if not (closed or withdrawn):
        raise NotAllowed(gettext_noop("This account is closed already."))
    sessions = end_sessions_of(person)
    tokens = person.api_tokens.filter(revoked_at=None).update(revoked_at=at)
    roles = person.role_grants.filter(ended_at=None).update(
        ended_at=at, ended_by=None if by is None else by.pk
    )
    person.groups.clear()
    sealed = seal_record(RECORD_CLASS, {"reason": reason})
    record(
        Action.PERSON_DEACTIVATED,
        actor=_id(by),
        subject=person.pk,
        sessions=sessions,
        tokens=tokens,
        roles=roles,
        record=sealed.id,
        commitment=sealed.commitment,
    )
    note(Act.PERSON_DEACTIVATED, subject=person.pk)
    drop_key(person.pk)
    bell.close_people([person.pk])
    note_done(
        SecurityEvent.ACCOUNT_CLOSED,
        person=person.pk,
        by=_id(by),
        sessions=sessions,
        tokens=tokens,
    )
    return User.objects.get(pk=person.pk)


def deactivate_leavers(*, today: date) -> int:
    """Close the accounts of those whose leaving date has passed; returns how many."""
    leavers = User.objects.filter(is_active=True, leaving_on__lt=today)
    gone = list(leavers.values_list("pk", flat=True))
    for person_id in gone:
        deactivate_person(by=None, person_id=person_id, reason="The leaving date has passed.")
    return len(gone)


@transaction.atomic
def reactivate_person(*, by: User, person_id: UUID, reason: str = "") -> User:
    """Open an account again, as ordinary staff."""
    _require(by, "manage_people")
    person = _locked(person_id)
    opened = User.objects.filter(pk=person.pk, is_active=False, joined_at__isnull=False)
    if not opened.update(is_active=True):
        raise NotAllowed(
            gettext_noop("This account is open already, or its person has not joined yet.")
        )
    person.groups.add(Group.objects.get(name=Role.STAFF))
    sealed = seal_record(RECORD_CLASS, {"reason": reason})
    record(
        Action.PERSON_REACTIVATED,
        actor=by.pk,
        subject=person.pk,
        record=sealed.id,
        commitment=sealed.commitment,
    )
    note(Act.PERSON_REACTIVATED, subject=person.pk)
    return User.objects.get(pk=person.pk)


def _newcomer(by: User | None, newcomer: Newcomer) -> User:
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                newcomer.email,
                None,
                display_name=newcomer.display_name,
                job_title=newcomer.job_title,
                department=newcomer.department,
                staff_id=newcomer.staff_id,
                leaving_on=newcomer.leaving_on,
                leaving_set_by=by if newcomer.leaving_on else None,
                is_active=False,
                joined_at=None,
            )
    except IntegrityError:
        raise AlreadyHere from None
    person.groups.add(Group.objects.get(name=Role.STAFF))
    return person


def _invite(by: User | None, person: User, values: Mapping[str, str]) -> Invited:
    secret, at = new_secret(""), now()
    invitation = Invitation.objects.create(
        person=person,
        token_sha256=sha256(secret),
        invited_by=by,
        created_at=at,
        expires_at=at + timedelta(days=settings.INVITATION_DAYS),
    )
    sealed = seal_record(RECORD_CLASS, values)
    record(
        Action.PERSON_INVITED,
        actor=_id(by),
        subject=person.pk,
        expires_at=invitation.expires_at,
        record=sealed.id,
        commitment=sealed.commitment,
    )
    return Invited(person=person, invitation=invitation, secret=secret)


def _require(by: User | None, permission: str) -> None:
    """None is the operator of the machine, who acts by a command and not through a page."""
    if by is not None and not may(by, permission):
        raise NotAllowed


def _locked(person_id: UUID) -> User:
    """Locked against other changes, and not against whatever only refers to the person: that may
    have the lock that another leaving date waits for. Another address locks it against that, too,
    and so comes after that lock."""
    person = User.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    if person is None:
        raise PersonNotFound
    return person


def _id(person: User | None) -> UUID | None:
    return None if person is None else person.pk
