"""The clock by which all is dated: what the kernel says of it, and when somebody sets it."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from accounts.models import User
from audit import clock, kernel_clock
from audit.actions import Action
from audit.kernel_clock import UNKNOWN, Reading, reading_of
from audit.models import Entry
from oversight.models import Alert, AlertKind
from oversight.services.alerts import acknowledge_alert
from oversight.workers.clock import Watch, check_clock
from tests.cast import client_of
from tests.faults.stepped import Stepped
from tests.scenes import channel_of, say

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("worker")]

UNSYNCHRONISED = 0x0040
NANOSECONDS = 0x2000
UNKEPT = Reading(synchronised=False, offset_ms=None)
RIGHT = Reading(synchronised=True, offset_ms=3)


@pytest.mark.parametrize(
    ("status", "offset", "esterror_us", "means"),
    [
        (0, 1_400, 0, Reading(synchronised=True, offset_ms=1)),
        (NANOSECONDS, -1_400_000_000, 200, Reading(synchronised=True, offset_ms=-1_400)),
        (NANOSECONDS, 0, 2_500_000, Reading(synchronised=True, offset_ms=2_500)),
        (UNSYNCHRONISED, 0, 16_000_000, UNKEPT),
        (UNSYNCHRONISED | NANOSECONDS, 5, 5, UNKEPT),
    ],
)
def test_the_kernel_s_numbers_are_read(
    status: int, offset: int, esterror_us: int, means: Reading
) -> None:
    assert reading_of(status=status, offset=offset, esterror_us=esterror_us) == means


def test_this_machine_s_kernel_is_asked_or_it_is_unknown() -> None:
    reading = kernel_clock.read()
    assert (reading.offset_ms is None) == (not reading.synchronised)
    with patch("ctypes.CDLL", lambda _name: object()):
        assert kernel_clock.read() == UNKNOWN


def _checked(reading: Reading, *, days: float = 0) -> list[Alert]:
    """The hourly look, some days from now; the alerts that there are afterwards."""
    later = lambda: clock.truncated(real() + timedelta(days=days))  # noqa: E731
    with patch("audit.services.now", later), patch("oversight.workers.clock.now", later):
        check_clock(reading)
    return list(Alert.objects.order_by("number"))


real = clock.now


def test_each_look_is_an_entry() -> None:
    for reading in (RIGHT, UNKEPT, UNKNOWN):
        _checked(reading)
    facts = Entry.objects.filter(action=Action.CLOCK_CHECKED).order_by("id").values_list("facts")
    assert [fact for (fact,) in facts] == [
        {"offset_ms": 3, "synchronised": True},
        {"offset_ms": None, "synchronised": False},
        {"offset_ms": None, "synchronised": None},
    ]


@pytest.mark.parametrize("off", [1_001, -1_001])
def test_a_clock_that_is_off_by_more_than_a_second_is_an_alert(off: int) -> None:
    assert _checked(Reading(synchronised=True, offset_ms=1_000)) == []
    (alert,) = _checked(Reading(synchronised=True, offset_ms=off))
    assert (alert.kind, alert.about) == ("clock_wrong", None)


def test_a_clock_that_nothing_keeps_is_an_alert_after_a_day() -> None:
    assert _checked(UNKEPT) == []
    assert _checked(UNKEPT, days=0.9) == []
    assert len(_checked(UNKEPT, days=1.1)) == 1


def test_a_clock_that_was_kept_in_between_is_none() -> None:
    _checked(UNKEPT)
    _checked(RIGHT, days=0.5)
    assert _checked(UNKEPT, days=1.1) == []
    assert _checked(UNKEPT, days=2) == []
    assert len(_checked(UNKEPT, days=2.2)) == 1


def test_where_the_kernel_does_not_say_nobody_is_alarmed(helen: User) -> None:
    for day in range(5):
        assert _checked(UNKNOWN, days=day) == []
    page = client_of(helen).get("/audit/alerts/").content.decode()
    assert "Unknown whether the server’s clock is right" in page


@pytest.mark.database_role("web")
def test_who_has_looked_into_it_is_not_told_again_before_it_was_right(helen: User) -> None:
    _checked(UNKEPT)
    (alert,) = _checked(UNKEPT, days=1.1)
    acknowledge_alert(by=helen, uid=alert.uid)
    assert len(_checked(UNKEPT, days=1.2)) == 1
    assert len(_checked(UNKEPT, days=3)) == 1
    _checked(RIGHT, days=3.1)
    _checked(UNKEPT, days=3.2)
    assert len(_checked(UNKEPT, days=4.3)) == 2


@pytest.mark.database_role("web")
@pytest.mark.parametrize("step", [-300, 300])
def test_a_step_of_the_clock_is_an_entry_and_what_is_written_keeps_its_order(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("0")
    monkeypatch.setenv("STEPPED_BY", str(wrong))
    monkeypatch.setattr(clock, "datetime", Stepped)
    watch, channel = Watch(), channel_of(alice)

    watch.look()
    before = say(alice, channel, "Before")
    wrong.write_text(str(step))
    watch.look()
    after = say(alice, channel, "After")
    watch.look()

    stepped = Entry.objects.get(action=Action.CLOCK_STEPPED)
    assert abs(stepped.facts["step_ms"] - step * 1_000) < 1_000
    assert Alert.objects.get().kind == AlertKind.CLOCK_WRONG
    assert after.seq > before.seq
    assert after.sent_at >= before.sent_at
    ids = [
        Entry.objects.get(subject=before.id).id,
        stepped.id,
        Entry.objects.get(subject=after.id).id,
    ]
    assert ids == sorted(ids)


def test_a_clock_that_nobody_sets_is_no_step() -> None:
    watch = Watch()
    for _ in range(3):
        watch.look()
    assert not Entry.objects.filter(action=Action.CLOCK_STEPPED).exists()
