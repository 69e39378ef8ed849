"""Whoever does not reach every channel is answered at even times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from messaging.search import beats
from messaging.search.beats import BEAT_SECONDS, at_a_beat
from messaging.search.scope import Scope
from tests.cast import client_of
from tests.scenes import channel_of, say

MEMBER = Scope(channels=frozenset())
DESK = Scope(channels=None, versions=True)


class Clock:
    """A clock that only goes on when somebody works, sleeps or looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        """A look at it takes a microsecond."""
        self.now += 1e-6
        return self.now

    def sleep(self, seconds: float) -> None:
        assert 0 <= seconds <= BEAT_SECONDS
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(beats, "sleep", clock.sleep)
    monkeypatch.setattr(beats, "monotonic", clock.read)
    return clock


@given(took=st.floats(0, 2))
def test_what_a_member_waits_is_a_number_of_beats(took: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr(beats, "sleep", clock.sleep)
        patch.setattr(beats, "monotonic", clock.read)
        with at_a_beat(MEMBER):
            clock.now += took
    number = clock.now / BEAT_SECONDS
    assert number == pytest.approx(round(number), abs=1e-3)
    assert clock.now >= took


def test_a_search_that_fails_ends_at_a_beat_too(clock: Clock) -> None:
    def fail() -> None:
        with at_a_beat(MEMBER):
            clock.now += BEAT_SECONDS / 3
            raise ValueError("no words")

    with pytest.raises(ValueError, match="no words"):
        fail()
    assert clock.now == pytest.approx(BEAT_SECONDS, abs=1e-3)


def test_the_desk_does_not_wait(clock: Clock) -> None:
    with at_a_beat(DESK):
        clock.now += BEAT_SECONDS / 3
    assert clock.now == pytest.approx(BEAT_SECONDS / 3, abs=1e-3)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/search/", "/search/count/"])
@pytest.mark.parametrize("sort", ["", "best"])
def test_a_members_page_waits_for_its_beat(
    address: str, sort: str, monkeypatch: pytest.MonkeyPatch, alice: User, bob: User
) -> None:
    say(alice, channel_of(alice, bob), "Swimming is at nine")
    slept: list[float] = []
    monkeypatch.setattr(beats, "sleep", slept.append)
    answer = client_of(bob).get(address, {"q": "swimming", "sort": sort})
    assert answer.status_code == 200
    assert len(slept) == 1
