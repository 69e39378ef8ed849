"""Past and running verifications of the log, as their pages and the worker ask for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.queries import may
from audit.clock import now
from audit.sealed import RecordGone, open_record
from oversight.errors import VerificationNotFound
from oversight.models import Verification
from oversight.queries.access import check_may_enter
from oversight.thresholds import VERIFIED_WITHIN
from oversight.times import start_of

#: A worker says at least so often how far it is, unless it was stopped.
_SILENT: Final = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def facts(self) -> dict[str, str]:
        """Those that are set, as an entry of the log holds them."""
        return {name: str(day) for name, day in vars(self).items() if day}


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The sentences of a verification.

    `problems` are those that the viewer may read, `notes` what is not wrong and should be known;
    `gone` is whether their term has ended, so that both are empty.
    """

    problems: list[str]
    notes: list[str]
    gone: bool = False


def verifications_for(viewer: User, period: Period | None = None) -> QuerySet[Verification]:
    """All that were asked for in a period, newest first."""
    check_may_enter(viewer)
    found = Verification.objects.select_related("asked_by").order_by("-number")
    return found.filter(_asked_in(period or Period()))


def verification_for(viewer: User, number: int) -> Verification:
    """One of them, or VerificationNotFound."""
    found = verifications_for(viewer).filter(number=number).first()
    if found is None:
        raise VerificationNotFound
    return found


def findings_for(viewer: User, verification: Verification) -> Findings | None:
    """What it found in sentences, or None where it found nothing.

    A note names no person and is for everybody who sees the verification; what is wrong is for
    those who read all of the log, and others have the count.
    """
    if verification.findings_record is None:
        return None
    try:
        values = open_record(verification.findings_record)
    except RecordGone:
        return Findings(problems=[], notes=[], gone=True)
    problems = values["problems"] if may(viewer, "read_log") else []
    return Findings(problems=problems, notes=values["notes"])


def unfinished() -> QuerySet[Verification]:
    """What waits or runs, in the order in which it was asked for."""
    return Verification.objects.filter(finished_at=None).order_by("number")


def last_nightly() -> Verification | None:
    """The last nightly one that came to its end, whatever it found."""
    ended = _nightly().filter(finished_at__isnull=False, problems__isnull=False)
    return ended.order_by("-number").first()


def is_under_way(at: datetime) -> bool:
    """Whether tonight's is running and was heard of lately; one that runs longer than a night is
    not waited for."""
    begun = _nightly().filter(finished_at=None, started_at__gt=at - VERIFIED_WITHIN)
    return begun.filter(heard_at__gt=at - _SILENT).exists()


def is_silent(verification: Verification) -> bool:
    """Whether its worker, or any worker, has not been heard of for minutes."""
    if verification.finished_at is not None:
        return False
    return (verification.heard_at or verification.asked_at) < now() - _SILENT


def _nightly() -> QuerySet[Verification]:
    return Verification.objects.filter(scope=Verification.Scope.NIGHTLY)


def _asked_in(period: Period) -> Q:
    found = Q()
    if period.since:
        found &= Q(asked_at__gte=start_of(period.since))
    if period.until:
        found &= Q(asked_at__lt=start_of(period.until + timedelta(days=1)))
    return found
