"""Verifying the log as a job: one verification at a time, and everybody sees how far it is."""

import time
from collections.abc import Callable
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from oversight.models import AlertKind, Verification
from oversight.queries.verifications import unfinished
from oversight.services.alerts import raise_alert
from oversight.verification import Progress, Report, Scope, verify
from retention.locks import alone

#: Held by the session of whoever verifies, so that it is free again when that process is gone.
VERIFYING: Final = 7_301
#: The class of the sealed records of what verifications found.
RECORD_CLASS: Final = "verification"
_BETWEEN_SECONDS: Final = 0.5

type Verify = Callable[..., Report]


def verify_waiting(check: Verify = verify) -> None:
    """Carry out what was asked for, the oldest first; asked every minute, and does nothing while
    another process is at it.

    What that process had begun when it was stopped is said to be interrupted: nobody waits for
    it for ever, and whoever wants to know asks again.
    """
    if not unfinished().exists():
        return
    with alone(VERIFYING) as is_alone:
        if not is_alone:
            return
        unfinished().exclude(started_at=None).update(finished_at=now())
        while waiting := unfinished().first():
            _carry_out(waiting, check)


def verify_tonight(check: Verify = verify) -> None:
    """The nightly one. Where last night's still waits, no second one is asked for."""
    try:
        with transaction.atomic():
            Verification.objects.create(scope=Verification.Scope.NIGHTLY)
    except IntegrityError:
        pass
    verify_waiting(check)


def _carry_out(verification: Verification, check: Verify) -> None:
    at = now()
    _row(verification).update(started_at=at, heard_at=at)
    report = check(scope=Scope(verification.scope), progress=_teller(verification))
    _finish(verification, report)


def _teller(verification: Verification) -> Progress:
    """Notes how far it is, at most twice a second, and at once where a new step begins.

    A verification is in no transaction, so that each note is seen when it is written.
    """
    step_told, due = "", 0.0

    def tell(step: str, done: int, total: int) -> None:
        nonlocal step_told, due
        if step == step_told and time.monotonic() < due:
            return
        step_told, due = step, time.monotonic() + _BETWEEN_SECONDS
        _row(verification).update(step=step, done=done, total=total, heard_at=now())

    return tell


@transaction.atomic
def _finish(verification: Verification, report: Report) -> None:
    """Put down what was found, enter it in the log, and call for somebody where it is wrong."""
    said = {"problems": list(report.problems), "notes": list(report.notes)}
    found = seal_record(RECORD_CLASS, said).id if any(said.values()) else None
    _row(verification).update(
        finished_at=now(),
        entries=report.entries,
        versions=report.versions,
        size=report.size,
        problems=len(report.problems),
        findings_record=found,
    )
    record(
        Action.LOG_VERIFIED,
        actor=verification.asked_by_id,
        subject=verification.uid,
        scope=verification.scope,
        entries=report.entries,
        versions=report.versions,
        problems=len(report.problems),
        size=report.size,
    )
    if report.problems:
        raise_alert(kind=AlertKind.LOG_VERIFICATION_FAILED, about=verification.uid)


def _row(verification: Verification) -> QuerySet[Verification]:
    return Verification.objects.filter(pk=verification.pk)
