"""What happens once in the life of a database: it is made a school, a demonstration, or data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.errors import Alone, AlreadySetUp, NotAllowed
from accounts.models import Provenance, RoleGrant, User
from accounts.queries import is_a_school, provenance
from accounts.roles import SENSITIVE_ROLES, Role
from accounts.services.people import Invited, Newcomer, invite_person
from audit.actions import Action
from audit.clock import now
from audit.services import record


@dataclass(frozen=True, kw_only=True)
class School:
    """A school just made and its first two people."""

    provenance: Provenance
    first: Invited
    second: Invited


@transaction.atomic
def write_provenance(*, kind: Provenance.Kind, school_name: str) -> Provenance:
    """Say what an empty database is for. It is said once and never changed."""
    if provenance() is not None or User.objects.exists():
        raise AlreadySetUp
    made = Provenance.objects.create(kind=kind, school_name=school_name)
    record(Action.SCHOOL_CREATED, actor=None, provenance=kind)
    return made


@transaction.atomic
def create_school(*, school_name: str, admin: str, second: str) -> School:
    """A school with two invited people: one asks for roles, the other grants them.

    The first looks after accounts and is an approver for the second's roles; so is the second for
    the first's. Neither can give anybody a sensitive role alone.
    """
    if admin.strip().lower() == second.strip().lower():
        raise Alone
    made = write_provenance(kind=Provenance.Kind.SCHOOL, school_name=school_name)
    first = invite_person(by=None, newcomer=Newcomer(email=admin, display_name=admin))
    other = invite_person(by=None, newcomer=Newcomer(email=second, display_name=second))
    give_roles_at_setup(people={first.person: [Role.IT_ADMIN], other.person: [Role.APPROVER]})
    return School(provenance=made, first=first, second=other)


@transaction.atomic
def give_roles_at_setup(*, people: Mapping[User, Sequence[Role]]) -> None:
    """Roles that nobody asked for or granted: the first ones, and those of invented people.

    In a school only until the first of its people has joined. One entry a role, without an actor.
    """
    if _in_use():
        raise NotAllowed(
            gettext_noop("Roles in a school are asked for by one person and granted by another.")
        )
    groups = {group.name: group for group in Group.objects.all()}
    at = now()
    for person, roles in people.items():
        person.groups.add(*(groups[role] for role in {*roles, Role.STAFF}))
    given = RoleGrant.objects.bulk_create(
        RoleGrant(
            person=person, role=role, origin=RoleGrant.Origin.SETUP, requested_at=at, granted_at=at
        )
        for person, roles in people.items()
        for role in roles
        if role in SENSITIVE_ROLES
    )
    for one in given:
        record(Action.ROLE_GRANTED, actor=None, subject=one.person_id, grant=one.pk, role=one.role)


@transaction.atomic
def make_up_people(*, newcomers: Sequence[Newcomer], password: str) -> list[User]:
    """People of a demonstration or of generated data, all with one password; never in a school."""
    if is_a_school():
        raise NotAllowed(gettext_noop("People of a school are invited."))
    shared = make_password(password)
    people = User.objects.bulk_create(
        User(**{**asdict(one), "email": one.email.lower()}, password=shared) for one in newcomers
    )
    staff = Group.objects.get(name=Role.STAFF)
    User.groups.through.objects.bulk_create(
        User.groups.through(user_id=person.pk, group_id=staff.pk) for person in people
    )
    return people


def _in_use() -> bool:
    origin = provenance()
    if origin is None or origin.kind != Provenance.Kind.SCHOOL:
        return origin is None
    return User.objects.filter(joined_at__isnull=False).exists()
