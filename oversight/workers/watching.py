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
from oversight.queries.verifications import is_under_way, last_nightly
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
    _taken_away(since)
    _each(AlertKind.FAILED_SECOND_FACTOR, _failed_codes(), thresholds.FAILED_CODES)
    _one_each(AlertKind.ROLE_CHANGED, _roles_given(since))
    _verifying(at)
    _sealing(at, look_again)
    _rolled_back()
    _one_each(AlertKind.LOG_RESTORED, _restores_declared(since))
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


def _one_each(kind: AlertKind, things: set[UUID]) -> None:
    """One alert for each thing, whoever has looked into others."""
    for thing in things - _told(kind, things).keys():
        raise_alert(kind=kind, about=thing)


def _told(kind: AlertKind, about: Iterable[UUID]) -> dict[UUID | None, datetime]:
    """When the last alert of this kind was raised about each of them."""
    alerts = Alert.objects.filter(kind=kind, about__in=list(about))
    return dict(alerts.values_list("about").annotate(last=Max("raised_at")))


def _searches(since: datetime) -> Amounts:
    rows = _entries(Action.RECORD_SEARCHED, since).values_list("actor", "at")
    return _by_person((actor, at, 1) for actor, at in rows)


def _taken_away(since: datetime) -> None:
    kind = AlertKind.EXPORT_VOLUME
    _each(kind, _exports_asked_for(since), thresholds.EXPORTS)
    _each(kind, _messages_exported(since), thresholds.EXPORTED_MESSAGES)
    downloads = list(_downloads(since))
    numbers = _by_person((actor, at, 1) for actor, at, _ in downloads)
    _each(kind, numbers, thresholds.DOWNLOADS)
    _each(kind, _by_person(downloads), thresholds.DOWNLOADED_ENTRIES)


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


def _downloads(since: datetime) -> Iterable[tuple[UUID | None, datetime, int]]:
    """Who took how many entries of the log away. The history of verifications holds none."""
    rows = _entries(Action.LOG_DOWNLOADED, since).exclude(facts__form="verifications")
    return rows.values_list("actor", "at", "facts__count")


def _failed_codes() -> Amounts:
    rows = FailedCode.objects.values_list("person", "at")
    return _by_person((person, at, 1) for person, at in rows)


def _roles_given(since: datetime) -> set[UUID]:
    """The grants; not those that a database is made with, which nobody gave."""
    granted = _entries(Action.ROLE_GRANTED, since).filter(actor__isnull=False)
    return {UUID(grant) for grant in granted.values_list("facts__grant", flat=True)}


def _restores_declared(since: datetime) -> set[UUID]:
    """The entries that declare one."""
    return set(_entries(Action.LOG_RESTORED, since).values_list("uid", flat=True))


def _verifying(at: datetime) -> None:
    """Not once more about nights of which somebody has been told, and not yet about a check that
    takes longer than the one before it."""
    last = last_nightly()
    ended = last.finished_at if last else _first_entry_at()
    if ended is None or ended > at - thresholds.VERIFIED_WITHIN or is_under_way(at):
        return
    if not _told_since(ended, AlertKind.VERIFICATION_MISSING):
        raise_alert(kind=AlertKind.VERIFICATION_MISSING)


def _first_entry_at() -> datetime | None:
    return Entry.objects.order_by("id").values_list("at", flat=True).first()


def _sealing(at: datetime, look_again: float) -> None:
    """Not once more about a backlog of which somebody has been told."""
    oldest = _waiting(at)
    if oldest is None or _told_since(oldest.at, AlertKind.SEALING_BEHIND):
        return
    time.sleep(look_again)
    if Unsealed.objects.filter(entry=oldest).exists():
        raise_alert(kind=AlertKind.SEALING_BEHIND)


def _waiting(at: datetime) -> Entry | None:
    """The oldest entry that should have been sealed by now."""
    first = Unsealed.objects.order_by("entry_id").select_related("entry").first()
    late = first is not None and first.entry.at < at - thresholds.SEALED_WITHIN
    return first.entry if first is not None and late else None


def _told_since(moment: datetime, kind: AlertKind) -> bool:
    return Alert.objects.filter(kind=kind, raised_at__gt=moment).exists()


def _entries(action: Action, since: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(action=action, at__gte=since)


def _by_person(rows: Iterable[tuple[UUID | None, datetime, int]]) -> Amounts:
    found: dict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
    for person, at, amount in rows:
        if person is not None:
            found[person].append((at, amount))
    return found
