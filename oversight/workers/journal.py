"""Looking whether the journal outside is as this school wrote it."""

import structlog

from audit.journal.problems import journal_problems
from oversight.models import AlertKind
from oversight.services.alerts import raise_alert

_log = structlog.get_logger("schoolchat.journal")


def look_at_journal(*, whole: bool = False) -> None:
    """Raise an alert for whatever is wrong with it; what it is, the worker's log says."""
    problems = journal_problems(whole=whole)
    for problem in problems:
        _log.warning("the journal is not as it should be", problem=str(problem))
    if problems:
        raise_alert(kind=AlertKind.JOURNAL_WRONG)
