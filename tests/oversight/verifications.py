"""Verifications of the log that find what they are told to find."""

from collections.abc import Callable

from audit.verification.findings import Deed, Finding
from oversight.verification import Report
from oversight.workers.verifying import verify_waiting
from tests.roles import acting_as

PAGE = "/audit/verifications/"
SOUND = Report(entries=7, versions=3, size=7, findings=(), notes=())
WRONG = Report(
    entries=7,
    versions=3,
    size=7,
    findings=(
        Finding(deed=Deed.CHANGED, leaf=5, sentence="Entry 5 was changed."),
        Finding(deed=Deed.REMOVED, leaf=6, sentence="Entry 6 was removed."),
    ),
    notes=("A restore was declared.",),
)


def work(report: Report | None = None, job: Callable[..., None] = verify_waiting) -> None:
    """Do as the worker what waits; with a report, what it says is found."""
    with acting_as("worker"):
        job(*([] if report is None else [lambda **_: report]))
