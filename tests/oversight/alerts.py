"""Scenes of alerts: one that is raised, and a role that somebody is given."""

from uuid import UUID

from accounts.models import User
from accounts.roles import Role
from accounts.services.roles import grant_role, request_role
from oversight.models import Alert, AlertKind
from oversight.services.alerts import raise_alert
from tests.oversight.conftest import REASON


def raised(kind: AlertKind, about: User | None = None) -> Alert:
    alert = raise_alert(kind=kind, about=about.pk if about else None)
    assert alert is not None
    return alert


def give_role(to: User, *, asked: User, granted: User) -> UUID:
    grant = request_role(by=asked, person_id=to.pk, role=Role.DEPUTY_DSL, reason=REASON)
    return grant_role(by=granted, grant_id=grant.pk).pk
