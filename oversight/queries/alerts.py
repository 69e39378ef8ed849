"""Alerts as somebody may see them: nobody sees one about their own acts.

The data protection officer and those who approve see what each is about and answer it; the
governors' auditor sees that there are alerts, of which kind and since when, without names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.models import RoleGrant, User
from accounts.queries import may
from audit.actions import Action
from audit.models import Entry
from oversight.errors import AlertNotFound, NotAReader
from oversight.models import Alert, AlertKind
from oversight.queries.desk import holders

#: Any of these answers alerts.
ANSWERS: Final = ("read_log_names", "approve_records")
#: These see at least that there are alerts.
SEES: Final = ("read_log", *ANSWERS)
#: What their `about` names is a person.
ABOUT_A_PERSON: Final = frozenset(
    {AlertKind.MASS_SEARCH, AlertKind.EXPORT_VOLUME, AlertKind.FAILED_SECOND_FACTOR}
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An alert as a page shows it: `about` is empty where there is nothing to name, or for a
    viewer who sees no names."""

    alert: Alert
    about: str


def answers_alerts(viewer: User) -> bool:
    """Whether the viewer sees what alerts are about, and may acknowledge them."""
    return may(viewer, *ANSWERS)


def alerts_for(viewer: User) -> QuerySet[Alert]:
    """What the viewer may see: open ones first, newest first. NotAReader for everybody else."""
    if not may(viewer, *SEES):
        raise NotAReader
    found = Alert.objects.exclude(_own(viewer)).select_related("acknowledged_by")
    return found.order_by(F("acknowledged_at").desc(nulls_first=True), "-number")


def open_alerts(viewer: User) -> int:
    """How many nobody has looked into yet, of those that the viewer may see; for a count beside
    a link, so that it is 0 for whoever sees none."""
    if not may(viewer, *SEES):
        return 0
    return alerts_for(viewer).filter(acknowledged_at=None).count()


def answerable_for(viewer: User, uid: UUID) -> Alert:
    """One alert that the viewer may acknowledge, or AlertNotFound."""
    if not answers_alerts(viewer):
        raise AlertNotFound
    alert = alerts_for(viewer).filter(uid=uid).first()
    if alert is None:
        raise AlertNotFound
    return alert


def shown(viewer: User, alerts: Iterable[Alert]) -> list[Shown]:
    """The alerts with the names that the viewer may see."""
    some = list(alerts)
    names = _names(some) if answers_alerts(viewer) else {}
    return [
        Shown(alert=alert, about=names.get(alert.about, "") if alert.about else "")
        for alert in some
    ]


def told_of(alert: Alert) -> QuerySet[User]:
    """Whom a notice of an alert goes to: everybody who answers alerts, but nobody about whose own
    acts it is."""
    return holders(*ANSWERS).exclude(id__in=concerned_in(alert))


def concerned_in(alert: Alert) -> frozenset[UUID]:
    """Whose acts an alert is about."""
    if alert.about is None:
        return frozenset()
    if alert.kind in ABOUT_A_PERSON:
        return frozenset({alert.about})
    grants = RoleGrant.objects.filter(pk=alert.about)
    people = grants.values_list("person", "requested_by", "granted_by")
    return frozenset(person for row in people for person in row if person)


def secret_alerts(viewer: User) -> QuerySet[Alert]:
    """Alerts about the viewer's own acts: the log keeps their entries from them, too."""
    return Alert.objects.filter(_own(viewer))


def clock_state() -> Entry | None:
    """What was last put on record of the server's clock (`clock.checked`), None before the first
    look: no secret from anybody who sees alerts."""
    return Entry.objects.filter(action=Action.CLOCK_CHECKED).order_by("-id").first()


def _own(viewer: User) -> Q:
    """About the viewer, or about a role that they hold, asked for or granted."""
    parts = Q(person=viewer) | Q(requested_by=viewer) | Q(granted_by=viewer)
    grants = RoleGrant.objects.filter(parts).values("pk")
    return Q(about__isnull=False) & (Q(about=viewer.pk) | Q(about__in=grants))


def _names(alerts: Iterable[Alert]) -> dict[UUID, str]:
    """What to call what alerts are about: a person, or a person and the role they were given."""
    ids = {alert.about for alert in alerts if alert.about}
    people = User.objects.filter(id__in=ids).values_list("id", "display_name")
    grants = RoleGrant.objects.filter(id__in=ids).select_related("person")
    given = {grant.pk: f"{grant.person.display_name}: {grant.label}" for grant in grants}
    return dict(people) | given
