"""Who counts as online, away or offline, by a clock of the test's own."""

from uuid import UUID, uuid4

import pytest

from messaging.live.attendance import Attendance, Pace, State

ALICE, BOB = uuid4(), uuid4()
PACE = Pace()


@pytest.fixture
def attendance() -> Attendance:
    return Attendance(PACE)


def _at(attendance: Attendance, at: float) -> dict[UUID, State]:
    """What is to be told after a look at this second."""
    attendance.look(at)
    attendance.expire(at)
    return dict(attendance.changes())


def test_somebody_is_told_of_once(attendance: Attendance) -> None:
    attendance.opened(ALICE, 0)
    assert _at(attendance, 1) == {ALICE: State.ONLINE}
    attendance.opened(ALICE, 2)
    assert _at(attendance, 3) == {}
    assert attendance.own == {ALICE: State.ONLINE}


def test_somebody_is_offline_half_a_minute_after_the_last_socket(attendance: Attendance) -> None:
    for _ in range(2):
        attendance.opened(ALICE, 0)
    _at(attendance, 0)
    attendance.closed(ALICE, 10)
    assert _at(attendance, 100) == {}
    attendance.closed(ALICE, 100)
    assert _at(attendance, 100 + PACE.linger - 1) == {}
    assert _at(attendance, 100 + PACE.linger) == {ALICE: State.OFFLINE}
    assert dict(attendance.here) == dict(attendance.own) == {}


def test_who_reloads_the_page_never_was_away(attendance: Attendance) -> None:
    attendance.opened(ALICE, 0)
    _at(attendance, 0)
    attendance.closed(ALICE, 100)
    _at(attendance, 100 + PACE.linger - 1)
    assert not attendance.opened(ALICE, 100 + PACE.linger - 1)
    assert _at(attendance, 200) == {}


def test_who_does_nothing_is_away_until_they_do_something(attendance: Attendance) -> None:
    attendance.opened(ALICE, 0)
    _at(attendance, 0)
    attendance.active(ALICE, 100)
    assert _at(attendance, 100 + PACE.idle - 1) == {}
    assert _at(attendance, 100 + PACE.idle) == {ALICE: State.AWAY}
    attendance.closed(ALICE, 1_000)
    attendance.opened(ALICE, 1_001)
    assert _at(attendance, 1_002) == {}, "a lost connection that comes back is no sign of life"
    attendance.active(ALICE, 1_003)
    assert _at(attendance, 1_004) == {ALICE: State.ONLINE}


def test_what_is_best_anywhere_counts(attendance: Attendance) -> None:
    attendance.heard("there", {ALICE: State.AWAY, BOB: State.ONLINE}, 0, everybody=True)
    attendance.opened(ALICE, 0)
    assert _at(attendance, 0) == {ALICE: State.ONLINE, BOB: State.ONLINE}
    attendance.closed(ALICE, 1)
    assert _at(attendance, 40) == {ALICE: State.AWAY}
    attendance.heard("there", {ALICE: State.OFFLINE}, 41, everybody=False)
    assert _at(attendance, 42) == {ALICE: State.OFFLINE}
    assert attendance.state_of(BOB) is State.ONLINE


def test_whom_a_process_does_not_name_any_more_is_there_no_more(attendance: Attendance) -> None:
    attendance.heard("there", {ALICE: State.ONLINE, BOB: State.ONLINE}, 0, everybody=True)
    _at(attendance, 0)
    attendance.heard("there", {BOB: State.ONLINE}, 20, everybody=True)
    assert _at(attendance, 20) == {ALICE: State.OFFLINE}


def test_a_process_that_was_killed_takes_its_people_with_it(attendance: Attendance) -> None:
    attendance.heard("there", {ALICE: State.ONLINE}, 0, everybody=True)
    attendance.heard("elsewhere", {BOB: State.ONLINE}, 40, everybody=True)
    _at(attendance, 40)
    assert _at(attendance, PACE.expiry - 1) == {}
    assert _at(attendance, PACE.expiry) == {ALICE: State.OFFLINE}


def test_while_nobody_can_be_heard_nobody_expires(attendance: Attendance) -> None:
    attendance.heard("there", {ALICE: State.ONLINE}, 0, everybody=True)
    _at(attendance, 0)
    for at in range(0, 600, 2):
        attendance.rest(at)
        assert _at(attendance, at) == {}
    assert _at(attendance, 598 + PACE.expiry) == {ALICE: State.OFFLINE}
