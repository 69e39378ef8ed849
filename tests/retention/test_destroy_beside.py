"""A long disposal is destroyed on two connections, and is as whole and as stoppable as on one."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.db import connection

from accounts.models import User
from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from messaging.models import Channel, File, Message
from retention import beside, journaling
from retention.exceptions import DisposalRefused
from retention.journaling import end_what_was_left
from retention.models import Disposal, DisposalChunk, DisposalItem
from retention.services.disposals import stop_disposal
from retention.verify import wrong_disposals
from retention.workers import destroying
from retention.workers.destroyed import what_became_of
from retention.workers.destroying import carry_out_approved
from tests.faults.product import until
from tests.retention.conftest import PAST, Clock
from tests.retention.journal import acts
from tests.retention.meeting import somebody_waits_for_us
from tests.retention.scenes import REASON, WORDS, approved, held, past_channel, words_in
from tests.scenes import say
from tests.uploads import ids, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]

PARTS: Final = 6
_PATIENCE: Final = 60


class Lost(Exception):
    """The disposer is gone."""


@pytest.fixture
def channels(at: Clock, monkeypatch: pytest.MonkeyPatch, alice: User, bob: User) -> list[Channel]:
    """Some channels, each of which is a part by itself."""
    monkeypatch.setattr(destroying, "AHEAD", 1)
    monkeypatch.setattr(beside, "MANY", 2)
    return [past_channel(at, alice, bob, name=f"Club {number}") for number in range(PARTS)]


class Meeting:
    """Two chunks of the middle meet once, each in its own transaction, which is not over yet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, met: Callable[[], None]) -> None:
        self.threads: list[int] = []
        self._both = threading.Barrier(2, action=met)
        self._once: set[int] = set()
        self._real = journaling.note_done
        monkeypatch.setattr(destroying, "note_done", self._note)

    def _note(self, *given: Any, **named: Any) -> None:
        self._real(*given, **named)
        thread = threading.get_ident()
        self.threads.append(thread)
        if thread != threading.main_thread().ident and thread not in self._once:
            self._once.add(thread)
            self._both.wait(_PATIENCE)


def test_all_but_the_first_and_the_last_part_go_on_two_connections(
    channels: list[Channel],
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    hari: User,
    helen: User,
) -> None:
    disposal = approved(hari, helen)
    meeting = Meeting(monkeypatch, lambda: None)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    main = threading.main_thread().ident
    first, *middle, last = meeting.threads
    assert first == last == main
    assert len(middle) == PARTS - 2
    assert len(set(middle)) == 2
    assert main not in middle
    assert certificate.document["messages"] == PARTS * len(WORDS)
    assert not any(map(words_in, channels))
    assert acts().count(Act.DISPOSAL_DONE) == acts().count(Act.DISPOSAL_INTENDED) == PARTS
    assert journal_problems(whole=True) == []
    assert list(wrong_disposals()) == []
    assert disposal.chunks.filter(done_at=None).count() == 0


def test_where_one_fails_no_other_part_is_begun_and_all_is_taken_up(
    channels: list[Channel],
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    hari: User,
    helen: User,
) -> None:
    approved(hari, helen)
    real, both = destroying.destroy_chunk, threading.Barrier(2)
    seen: list[int] = []

    def lost(disposal: Disposal, chunk: DisposalChunk, *more: Any) -> None:
        seen.append(chunk.number)
        if threading.current_thread() is not threading.main_thread():
            both.wait(_PATIENCE)
            raise Lost
        real(disposal, chunk, *more)

    with as_role("disposer"):
        with monkeypatch.context() as patch:
            patch.setattr(destroying, "destroy_chunk", lost)
            with pytest.raises(Lost):
                carry_out_approved()
        assert len(seen) == 3
        assert DisposalChunk.objects.exclude(done_at=None).count() == 1
        (certificate,) = carry_out_approved()
    assert certificate.document["messages"] == PARTS * len(WORDS)
    assert not any(map(words_in, channels))
    assert acts().count(Act.DISPOSAL_WITHDRAWN) == 2
    assert journal_problems(whole=True) == []


def test_a_hold_waits_for_both_and_nothing_of_it_is_destroyed_afterwards(
    channels: list[Channel],
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    approved(hari, helen)
    left: list[set[Any]] = []

    def place() -> None:
        held(dana, channels=channels)
        left.append(set(Message.objects.filter(kind="text").values_list("id", flat=True)))

    placer = _as_web(place)

    def met() -> None:
        placer.start()
        until(somebody_waits_for_us, within=_PATIENCE)
        assert left == []

    Meeting(monkeypatch, met)
    with as_role("disposer"):
        carry_out_approved()
    placer.join(_PATIENCE)
    kept = set(Message.objects.filter(kind="text").values_list("id", flat=True))
    assert left == [kept]
    assert len(kept) == (PARTS - 3) * len(WORDS)
    outcomes = DisposalItem.objects.filter(message__in=kept).values_list("outcome", flat=True)
    assert set(outcomes) == {"out_of_view"}


def test_the_data_protection_officer_stops_both_and_no_chunk_begins_behind(
    channels: list[Channel],
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    hari: User,
    helen: User,
    priya: User,
) -> None:
    number = approved(hari, helen).number
    stopper = _as_web(lambda: stop_disposal(by=priya, number=number, reason=REASON))

    def met() -> None:
        stopper.start()
        until(somebody_waits_for_us, within=_PATIENCE)

    Meeting(monkeypatch, met)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    stopper.join(_PATIENCE)
    assert certificate.document["messages"] == 3 * len(WORDS)
    assert sum(map(words_in, channels)) == (PARTS - 3) * len(WORDS)


def test_a_file_in_two_chunks_that_meet_is_counted_once(
    at: Clock,
    channels: list[Channel],
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    by_turn = sorted(channels, key=lambda channel: channel.id)
    with at(PAST):
        said = say(alice, by_turn[1], "", uploads=ids(uploaded(alice, by_turn[1])))
        say(alice, by_turn[2], "", forward=said.id)
    monkeypatch.setattr(destroying, "what_became_of", _late())
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["files"]["destroyed"] == 1
    assert File.objects.count() == 0


def _late() -> Callable[..., Any]:
    """Whoever is through the door first waits until another is, too, or waits for us there."""
    came: set[int | None] = set()

    def became(*given: Any) -> Any:
        came.add(threading.get_ident())
        if threading.current_thread() is not threading.main_thread():
            main = {threading.main_thread().ident}
            until(lambda: len(came - main) > 1 or somebody_waits_for_us(), within=_PATIENCE)
        return what_became_of(*given)

    return became


def test_a_chunk_whose_intention_was_ended_meanwhile_is_not_destroyed(
    channels: list[Channel],
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    hari: User,
    helen: User,
) -> None:
    approved(hari, helen)
    real = destroying.destroy_chunk

    def late(*given: Any) -> None:
        end_what_was_left()
        real(*given)

    with as_role("disposer"):
        with monkeypatch.context() as patch:
            patch.setattr(destroying, "destroy_chunk", late)
            with pytest.raises(DisposalRefused):
                carry_out_approved()
        assert sum(map(words_in, channels)) == PARTS * len(WORDS)
        (certificate,) = carry_out_approved()
    assert certificate.document["messages"] == PARTS * len(WORDS)
    assert journal_problems(whole=True) == []


def test_the_part_that_is_taken_last_is_done_though_the_other_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts, other_ended = [1, 2, 3, 4], threading.Event()
    done: list[int] = []

    class Slow(SimpleQueue[Any]):
        def get(self, *given: Any, **named: Any) -> Any:
            part = super().get(*given, **named)
            if part == parts[-1]:
                assert other_ended.wait(_PATIENCE)
            return part

    monkeypatch.setattr(beside, "SimpleQueue", Slow)

    def close() -> None:
        connection.close()
        other_ended.set()

    monkeypatch.setattr(beside, "connection", SimpleNamespace(close=close))
    beside.each_beside(done.append, parts)
    assert sorted(done) == parts


def _as_web(act: Callable[[], object]) -> threading.Thread:
    """Somebody's request, on a connection of its own."""

    def request() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE schoolchat_web")
            act()
        finally:
            connection.close()

    return threading.Thread(target=request)
