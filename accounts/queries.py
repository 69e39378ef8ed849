"""Questions about people. What one may see of others starts at the viewer."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.errors import NotAllowed, PersonNotFound
from accounts.models import ApiToken, Invitation, Provenance, RoleGrant, User
from accounts.roles import SENSITIVE_ROLES, Role
from audit.clock import now

type Viewer = User | AnonymousUser

MANAGERS = ("manage_people", "request_role", "grant_role")


def may(viewer: Viewer, *permissions: str) -> bool:
    """Whether the viewer's roles give any of these permissions of accounts."""
    return viewer.is_active and any(viewer.has_perm(f"accounts.{name}") for name in permissions)


def has_role(viewer: Viewer, *roles: Role) -> bool:
    """Whether the viewer holds any of these roles."""
    return viewer.is_active and viewer.groups.filter(name__in=roles).exists()


def roles_of(person: User) -> list[Role]:
    """The roles a person holds, in the order of Role."""
    held = set(person.groups.values_list("name", flat=True))
    return [role for role in Role if role in held]


def provenance() -> Provenance | None:
    """What this database was made for; None until it has been said."""
    return Provenance.objects.first()


def is_a_school() -> bool:
    """Whether real people's rules apply: everywhere but in a demonstration or generated data."""
    origin = provenance()
    return origin is None or origin.kind == Provenance.Kind.SCHOOL


def people_for(viewer: User, words: str = "") -> QuerySet[User]:
    """The people whom a manager sees, by name, address, job title or department."""
    if not may(viewer, *MANAGERS):
        raise NotAllowed
    found = User.objects.prefetch_related("groups")
    for word in words.split():
        found = found.filter(
            Q(display_name__icontains=word)
            | Q(email__icontains=word)
            | Q(job_title__icontains=word)
            | Q(department__icontains=word)
        )
    return found


def person_for(viewer: User, person_id: UUID) -> User:
    """One person, as a manager sees them; raises PersonNotFound."""
    person = people_for(viewer).filter(id=person_id).first()
    if person is None:
        raise PersonNotFound
    return person


def grants_of(viewer: User, person: User) -> QuerySet[RoleGrant]:
    """What has been asked for and held by a person, newest first."""
    if not may(viewer, *MANAGERS):
        raise NotAllowed
    return person.role_grants.select_related("requested_by", "granted_by", "ended_by")


def requests_for(viewer: User) -> QuerySet[RoleGrant]:
    """Roles asked for and not yet decided, oldest first."""
    if not may(viewer, *MANAGERS):
        raise NotAllowed
    return (
        RoleGrant.objects.filter(granted_at=None, ended_at=None)
        .select_related("person", "requested_by")
        .order_by("requested_at")
    )


def may_decide(viewer: User, grant: RoleGrant) -> bool:
    """Whether the viewer may grant or refuse: not the asker, not the person, and an approver."""
    return may(viewer, "grant_role") and viewer.pk not in {grant.person_id, grant.requested_by_id}


def may_withdraw(viewer: User, grant: RoleGrant) -> bool:
    """Whether the viewer may end a request: who asked takes it back, who may grant refuses."""
    return viewer.pk == grant.requested_by_id or may_decide(viewer, grant)


def requestable_roles(viewer: User, person: User) -> list[Role]:
    """The sensitive roles that the viewer may ask for on behalf of a person."""
    if not may(viewer, "request_role") or viewer.pk == person.pk:
        return []
    open_ones = set(person.role_grants.filter(ended_at=None).values_list("role", flat=True))
    return [role for role in Role if role in SENSITIVE_ROLES and role not in open_ones]


def tokens_of(person: User) -> QuerySet[ApiToken]:
    """A person's own API tokens that are neither revoked nor expired."""
    return person.api_tokens.filter(revoked_at=None, expires_at__gt=now())


def open_invitation(token_sha256: str) -> Invitation | None:
    """The invitation that this link opens, or None."""
    found = Invitation.objects.select_related("person").filter(token_sha256=token_sha256).first()
    return found if found and found.is_open(now()) else None


def demo_accounts() -> list[dict[str, str]]:
    """The accounts that a demonstration's sign-in page lists: name, email, what (roles or job).

    Those with a role beyond staff come first.
    """
    if not Provenance.objects.filter(kind=Provenance.Kind.DEMO).exists():
        return []
    people = list(User.objects.filter(is_active=True).prefetch_related("groups"))
    people.sort(key=lambda person: not _labels(person))
    return [
        {
            "name": person.display_name,
            "email": person.email,
            "what": ", ".join(_labels(person)) or person.job_title,
        }
        for person in people
    ]


def sensitive_labels(person: User) -> list[str]:
    """The labels of a person's roles beyond staff, from prefetched groups."""
    return _labels(person)


def _labels(person: User) -> list[str]:
    held = {group.name for group in person.groups.all()}
    return [role.label for role in Role if role in SENSITIVE_ROLES and role in held]
