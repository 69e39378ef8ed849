"""People who were seen out since the backup, and roles that ended: nobody signs in with what they
lost."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

from accounts.errors import NotAllowed
from accounts.models import RoleGrant, User
from accounts.services.people import deactivate_person
from audit.actions import Action
from audit.clock import now
from audit.journal.lines import Act, Line
from audit.services import record

#: What stands in the log, sealed, as the reason.
REASON: Final = "The account was closed before the restore; the journal says so."


def close_accounts(since: Iterable[Line]) -> int:
    """Deactivate whoever was deactivated since and not let in again; returns how many.

    Whoever was let in again lost their roles all the same, and has to be given them anew.
    """
    closed: dict[UUID, bool] = {}
    for said in (line.said for line in since):
        if said.subject and said.act in {Act.PERSON_DEACTIVATED, Act.PERSON_REACTIVATED}:
            closed[said.subject] = said.act == Act.PERSON_DEACTIVATED
    _end_roles(RoleGrant.objects.filter(person__in=closed))
    return sum(_close(person) for person, is_closed in closed.items() if is_closed)


def end_roles(since: Iterable[Line]) -> int:
    """End each role that was taken away since; returns how many."""
    grants = [one.said.facts["grant"] for one in since if one.said.act == Act.ROLE_ENDED]
    return _end_roles(RoleGrant.objects.filter(pk__in=grants))


def _close(person: UUID) -> bool:
    if not User.objects.filter(pk=person).exists():
        return False  # joined after the backup: there is no account to close
    try:
        deactivate_person(by=None, person_id=person, reason=REASON)
    except NotAllowed:
        return False  # it is closed already
    return True


@transaction.atomic
def _end_roles(grants: QuerySet[RoleGrant]) -> int:
    ended = list(grants.filter(ended_at=None).select_for_update().order_by("pk"))
    for grant in ended:
        grant.ended_at = now()
        grant.save(update_fields=["ended_at"])
        grant.person.groups.remove(Group.objects.get(name=grant.role))
        record(
            Action.ROLE_ENDED, actor=None, subject=grant.person_id, grant=grant.pk, role=grant.role
        )
    return len(ended)
