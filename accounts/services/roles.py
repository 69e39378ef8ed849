"""Sensitive roles: asked for by one person, granted by another, never to oneself."""

from uuid import UUID

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts.errors import (
    NeedsAnother,
    NotAllowed,
    NotToOneself,
    PersonNotFound,
    RoleAlreadyOpen,
    RoleNotOpen,
)
from accounts.models import RoleGrant, User
from accounts.queries import may, may_withdraw
from accounts.roles import SENSITIVE_ROLES, Role
from accounts.security import SecurityEvent, note_done
from accounts.services.people import RECORD_CLASS
from audit.actions import Action
from audit.clock import now
from audit.journal.lines import Act
from audit.journal.outbox import note
from audit.sealed import seal_record
from audit.services import record


@transaction.atomic
def request_role(*, by: User, person_id: UUID, role: Role, reason: str = "") -> RoleGrant:
    """Ask for a sensitive role on behalf of somebody else."""
    if by.pk == person_id:
        raise NotToOneself
    if not may(by, "request_role") or role not in SENSITIVE_ROLES:
        raise NotAllowed
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise PersonNotFound
    grant = _open(RoleGrant(person=person, role=role, requested_by=by))
    sealed = seal_record(RECORD_CLASS, {"reason": reason})
    record(
        Action.ROLE_REQUESTED,
        actor=by.pk,
        subject=person.pk,
        grant=grant.pk,
        role=role,
        record=sealed.id,
        commitment=sealed.commitment,
    )
    return grant


@transaction.atomic
def grant_role(*, by: User, grant_id: UUID) -> RoleGrant:
    """Grant what somebody else asked for on behalf of somebody else."""
    grant = _asked(grant_id)
    if by.pk == grant.person_id:
        raise NotToOneself
    if by.pk == grant.requested_by_id:
        raise NeedsAnother
    if not may(by, "grant_role"):
        raise NotAllowed
    _decide(grant, granted_by=by, granted_at=now())
    grant.person.groups.add(_group(grant.role))
    _enter(Action.ROLE_GRANTED, by, grant)
    return grant


@transaction.atomic
def refuse_role(*, by: User, grant_id: UUID) -> RoleGrant:
    """Refuse a request, or take back one's own."""
    grant = _asked(grant_id)
    if by.pk == grant.person_id:
        raise NotToOneself
    if not may_withdraw(by, grant):
        raise NotAllowed
    _decide(grant, ended_by=by, ended_at=now())
    _enter(Action.ROLE_REFUSED, by, grant)
    return grant


@transaction.atomic
def end_role(*, by: User, grant_id: UUID) -> RoleGrant:
    """Take a role away. One person is enough: less authority needs no second look."""
    held = (
        RoleGrant.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=grant_id, granted_at__isnull=False, ended_at=None)
        .first()
    )
    if held is None:
        raise RoleNotOpen
    if by.pk == held.person_id:
        raise NotToOneself
    if not may(by, "grant_role", "manage_people"):
        raise NotAllowed
    held.ended_by, held.ended_at = by, now()
    held.save(update_fields=["ended_by", "ended_at"])
    held.person.groups.remove(_group(held.role))
    note(Act.ROLE_ENDED, subject=held.person_id, grant=held.pk, role=held.role)
    _enter(Action.ROLE_ENDED, by, held)
    note_done(SecurityEvent.ROLE_ENDED, person=held.person_id, by=by.pk, role=held.role)
    return held


def _open(grant: RoleGrant) -> RoleGrant:
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError:
        raise RoleAlreadyOpen from None
    return grant


def _asked(grant_id: UUID) -> RoleGrant:
    """The undecided request, locked, so that two deciders come one after the other."""
    grant = (
        RoleGrant.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=grant_id, granted_at=None, ended_at=None)
        .first()
    )
    if grant is None:
        raise RoleNotOpen
    return grant


def _decide(grant: RoleGrant, **decision: object) -> None:
    for name, value in decision.items():
        setattr(grant, name, value)
    grant.save(update_fields=sorted(decision))


def _group(role: str) -> Group:
    return Group.objects.get(name=role)


def _enter(action: Action, by: User, grant: RoleGrant) -> None:
    record(action, actor=by.pk, subject=grant.person_id, grant=grant.pk, role=grant.role)
