"""A nightly check of the log that does not come to its end is an alert: once, and not too early."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from accounts.models import User
from audit.clock import now
from audit.models import Entry
from oversight.models import Alert, AlertKind, Verification
from oversight.services.alerts import acknowledge_alert
from oversight.services.verifications import ask_verification
from oversight.verification import Progress, Report, Scope
from oversight.workers.verifying import verify_tonight, verify_waiting
from oversight.workers.watching import watch
from tests.oversight.verifications import SOUND, WRONG, work
from tests.roles import acting_as
from tests.scenes import channel_of

HOUR = timedelta(hours=1)
MISSING = Alert.objects.filter(kind=AlertKind.VERIFICATION_MISSING)


def _alerts(after: timedelta = timedelta()) -> int:
    """A look of the job that watches, so long from now; how many alerts there are then."""
    with acting_as("worker"):
        watch(now() + after, look_again=0)
    return MISSING.all().count()


@pytest.fixture
def old(alice: User) -> None:
    """A log that has been there for two days."""
    with patch("audit.services.now", lambda: now() - timedelta(days=2)):
        channel_of(alice)


class _Stopped(BaseException):
    """The worker was killed in the middle of a verification."""


def _interrupted() -> None:
    def check(**_: object) -> Report:
        raise _Stopped

    with acting_as("worker"):
        with pytest.raises(_Stopped):
            verify_tonight(check)
        verify_waiting(check)
    assert Verification.objects.latest("number").result == "interrupted"


@pytest.mark.django_db
def test_where_nothing_was_ever_recorded_there_is_nothing_to_check() -> None:
    assert not Entry.objects.exists()
    assert _alerts(timedelta(days=30)) == 0


def test_a_fresh_log_has_a_day_and_two_hours_for_its_first_night(alice: User) -> None:
    channel_of(alice)
    assert _alerts() == 0
    assert _alerts(25 * HOUR) == 0
    assert _alerts(27 * HOUR) == 1


@pytest.mark.usefixtures("old")
def test_a_night_that_never_came_is_an_alert_once(helen: User) -> None:
    assert _alerts() == 1
    assert (MISSING.get().about, _alerts()) == (None, 1)
    acknowledge_alert(by=helen, uid=MISSING.get().uid)
    assert _alerts() == 1
    assert _alerts(timedelta(days=3)) == 1


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("report", [SOUND, WRONG], ids=["sound", "wrong"])
def test_one_that_came_to_its_end_counts_whatever_it_found(report: Report) -> None:
    work(report, verify_tonight)
    assert _alerts() == 0
    assert _alerts(25 * HOUR) == 0
    assert _alerts(27 * HOUR) == 1


@pytest.mark.usefixtures("old")
def test_one_that_was_interrupted_does_not() -> None:
    _interrupted()
    assert _alerts() == 1


@pytest.mark.usefixtures("old")
def test_an_interrupted_night_does_not_count_against_the_one_before_it() -> None:
    with patch("oversight.workers.verifying.now", lambda: now() - 20 * HOUR):
        work(SOUND, verify_tonight)
    _interrupted()
    assert _alerts(5 * HOUR) == 0
    assert _alerts(7 * HOUR) == 1


@pytest.mark.usefixtures("old")
def test_one_that_somebody_asked_for_is_not_the_night_s(gwen: User) -> None:
    ask_verification(by=gwen)
    work(SOUND)
    assert _alerts() == 1


@pytest.mark.usefixtures("old")
def test_one_that_is_under_way_is_waited_for_while_it_is_heard_of() -> None:
    seen: list[int] = []

    def check(*, scope: Scope, progress: Progress) -> Report:
        assert scope is Scope.NIGHTLY
        progress("log", 1, 9)
        seen.extend([_alerts(), _alerts(3 * HOUR / 60)])  # the second: silent for three minutes
        return SOUND

    with acting_as("worker"):
        verify_tonight(check)
    assert seen == [0, 1]


@pytest.mark.usefixtures("old")
def test_one_that_runs_for_longer_than_a_day_is_not_waited_for() -> None:
    seen: list[int] = []

    def check(*, scope: Scope, progress: Progress) -> Report:
        for hours in (25, 27):
            Verification.objects.update(heard_at=now() + hours * HOUR)
            seen.append(_alerts(hours * HOUR))
        return SOUND

    with acting_as("worker"):
        verify_tonight(check)
    assert seen == [0, 1]


@pytest.mark.usefixtures("old")
def test_what_was_told_is_told_again_only_after_a_night_in_between(helen: User) -> None:
    assert _alerts() == 1
    acknowledge_alert(by=helen, uid=MISSING.get().uid)
    _interrupted()
    assert _alerts(2 * HOUR) == 1
    work(SOUND, verify_tonight)
    assert _alerts(25 * HOUR) == 1
    assert _alerts(27 * HOUR) == 2
