"""Raising an alert, and saying that one has looked into it."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.services import record
from oversight.models import Alert, AlertKind
from oversight.queries.alerts import Shown, answerable_for, shown


@transaction.atomic
def raise_alert(*, kind: AlertKind, about: UUID | None = None) -> Alert | None:
    """Ask for somebody's attention. While an alert of this kind about the same thing is open there
    is no second one: None is returned and nothing is written.

    `about` is the person whose acts it is about, the grant of a role, or another thing's id. May
    stand in a transaction of the caller's, and is undone with it.
    """
    alert = _opened(kind, about)
    if alert is not None:
        record(Action.ALERT_RAISED, actor=None, subject=alert.uid, kind=alert.kind)
    return alert


@transaction.atomic
def acknowledge_alert(*, by: User, uid: UUID) -> Alert:
    """Say that one has looked into it. The first who does is the one; later ones change nothing.

    Raises AlertNotFound for whoever may not answer alerts, and for one about their own acts.
    """
    alert = answerable_for(by, uid)
    taken = Alert.objects.filter(pk=alert.pk, acknowledged_at=None).update(
        acknowledged_by=by, acknowledged_at=now()
    )
    if taken:
        record(Action.ALERT_ACKNOWLEDGED, actor=by.pk, subject=alert.uid, kind=alert.kind)
    alert.refresh_from_db()
    return alert


@transaction.atomic
def view_alerts(*, by: User, alerts: Iterable[Alert]) -> list[Shown]:
    """Look at alerts with the names behind them; that is an act, as looking at the log is."""
    record(Action.LOG_VIEWED, actor=by.pk, page="alerts")
    return shown(by, alerts)


def _opened(kind: AlertKind, about: UUID | None) -> Alert | None:
    """A new alert; None when the database says that one of the kind is open."""
    try:
        with transaction.atomic():
            return Alert.objects.create(kind=kind, about=about)
    except IntegrityError:
        return None
