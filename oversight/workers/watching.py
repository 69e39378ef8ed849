"""Looking every few minutes whether something on record asks for attention.

Each look goes over the last two days, so that nothing is missed while the worker was away, and
leaves out what an earlier alert of the same kind about the same person has told already.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet

from accounts.models import FailedCode
from audit.actions import Action
from audit.clock import now
from audit.models import Entry, Unsealed
from audit.signed_head import SignedHeadUnreadable
from audit.signing import LogRolledBack, check_extends
from audit.tiles import TileMissing
from oversight import thresholds
from oversight.models import Alert, AlertKind
from oversight.services.alerts import raise_alert
from oversight.thresholds import Threshold, reached
from retention.models import Export

LOOK_BACK: Final = timedelta(days=2)
#: What is being sealed just now, of an act that took long, is gone from the queue by then.
LOOK_AGAIN_SECONDS: Final = 3.0
_KEPT: Final = timedelta(days=1)

type Amounts = Mapping[UUID, list[tuple[datetime, int]]]


def watch(at: datetime | None = None, *, look_again: float = LOOK_AGAIN_SECONDS) -> None:
    """Raise every alert that there is reason for, and forget failed codes that are a day old."""
    at = at or now()
    since = at - LOOK_BACK
    _each(AlertKind.MASS_SEARCH, _searches(since), thresholds.SEARCHES)
    _each(AlertKind.EXPORT_VOLUME, _exports_asked_for(since), thresholds.EXPORTS)
    _each(AlertKind.EXPORT_VOLUME, _messages_exported(since), thresholds.EXPORTED_MESSAGES)
    _each(AlertKind.FAILED_SECOND_FACTOR, _failed_codes(), thresholds.FAILED_CODES)
    _roles_given(since)
    _sealing(at, look_again)
    _rolled_back()
    FailedCode.objects.filter(at__lt=at - _KEPT).delete()


def _rolled_back() -> None:
    """Whether the database lacks what this machine has signed for."""
    try:
        check_extends()
    except (LogRolledBack, SignedHeadUnreadable, TileMissing):
        raise_alert(kind=AlertKind.ROLLED_BACK)


def _each(kind: AlertKind, amounts: Amounts, threshold: Threshold) -> None:
    told = _told(kind, amounts)
    for person, rows in amounts.items():
        fresh = [(at, amount) for at, amount in rows if person not in told or at > told[person]]
        if reached(fresh, threshold):
            raise_alert(kind=kind, about=person)


def _told(kind: AlertKind, about: Iterable[UUID]) -> dict[UUID | None, datetime]:
    """When the last alert of this kind was raised about each of them."""
    alerts = Alert.objects.filter(kind=kind, about__in=list(about))
    return dict(alerts.values_list("about").annotate(last=Max("raised_at")))


def _searches(since: datetime) -> Amounts:
    rows = _entries(Action.RECORD_SEARCHED, since).values_list("actor", "at")
    return _by_person((actor, at, 1) for actor, at in rows)


def _exports_asked_for(since: datetime) -> Amounts:
    rows = _entries(Action.EXPORT_REQUESTED, since).values_list("actor", "at")
    return _by_person((actor, at, 1) for actor, at in rows)


def _messages_exported(since: datetime) -> Amounts:
    """Counted to whoever asked for the export."""
    rows = list(
        _entries(Action.EXPORT_WRITTEN, since).values_list("subject", "at", "facts__messages")
    )
    exports = Export.objects.filter(uid__in=[subject for subject, _, _ in rows])
    asked = dict(exports.values_list("uid", "requested_by"))
    return _by_person(
        (asked[subject], at, messages) for subject, at, messages in rows if subject in asked
    )


def _failed_codes() -> Amounts:
    rows = FailedCode.objects.values_list("person", "at")
    return _by_person((person, at, 1) for person, at in rows)


def _roles_given(since: datetime) -> None:
    """One alert for each grant, whoever has looked into others. Not those that a database is made
    with, which nobody gave."""
    granted = _entries(Action.ROLE_GRANTED, since).filter(actor__isnull=False)
    grants = {UUID(grant) for grant in granted.values_list("facts__grant", flat=True)}
    for grant in grants - _told(AlertKind.ROLE_CHANGED, grants).keys():
        raise_alert(kind=AlertKind.ROLE_CHANGED, about=grant)


def _sealing(at: datetime, look_again: float) -> None:
    """Not once more about a backlog of which somebody has been told."""
    oldest = _waiting(at)
    if oldest is None or _since_then(oldest, AlertKind.SEALING_BEHIND):
        return
    time.sleep(look_again)
    if Unsealed.objects.filter(entry=oldest).exists():
        raise_alert(kind=AlertKind.SEALING_BEHIND)


def _waiting(at: datetime) -> Entry | None:
    """The oldest entry that should have been sealed by now."""
    first = Unsealed.objects.order_by("entry_id").select_related("entry").first()
    late = first is not None and first.entry.at < at - thresholds.SEALED_WITHIN
    return first.entry if first is not None and late else None


def _since_then(entry: Entry, kind: AlertKind) -> bool:
    return Alert.objects.filter(kind=kind, raised_at__gt=entry.at).exists()


def _entries(action: Action, since: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(action=action, at__gte=since)


def _by_person(rows: Iterable[tuple[UUID | None, datetime, int]]) -> Amounts:
    found: dict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
    for person, at, amount in rows:
        if person is not None:
            found[person].append((at, amount))
    return found
