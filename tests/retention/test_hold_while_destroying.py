"""Once place_hold has returned, nothing that the hold covers is destroyed: tried a thousand times.

Whoever destroys and those who place holds meet at a barrier before each part of a disposal and
start together, each on a connection of their own and as their own database role. Right after a hold
was placed, its placer asks PostgreSQL which transactions it can see. What destroyed a message that
the hold covers has to be among them.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from itertools import cycle
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit.services import record_listed
from messaging.files.attached import attachments_in
from messaging.models import Channel, File, Message, MessageVersion
from messaging.vault.versions import open_versions
from retention import placing
from retention.keyring_move import move_keyring
from retention.locks import stop_destroying
from retention.models import Disposal, DisposalChunk, DisposalItem, Policy
from retention.workers import destroying
from retention.workers.files import remove_unreferred_files
from retention.workers.sealing_anew import seal_survivors_anew
from tests.retention.conftest import Clock
from tests.retention.meeting import PATIENCE, Meeting, Target, own_connection, run
from tests.retention.scenes import approved
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.uploads import NOTE, ids, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

CHANNELS: Final = 24
MONTHS: Final = 12
PLACERS: Final = 3
MOVES: Final = 48
FILES: Final = 8
_TRIGGERS: Final = {
    "retention_hold": "retention_hold_stops",
    "retention_holdchannel": "retention_holdchannel_stops",
    "retention_holdperson": "retention_holdperson_stops",
}


@pytest.fixture
def targets(at: Clock, alice: User, bob: User) -> list[Target]:
    """In each channel and month a message that is held, and beside it one that nobody holds."""
    found = []
    for number in range(CHANNELS):
        channel = channel_of(alice, bob, name=f"Club {number}")
        for month in range(MONTHS):
            then = datetime(2024, month % 12 + 1, number + 1, 9, 30, tzinfo=UTC)
            more = {}
            if number < FILES and month == 0:
                more["uploads"] = ids(uploaded(bob, channel, NOTE, "note.txt"))
            with at(then):
                message = say(bob, channel, "What is held", **more)
            with at(then.replace(day=28)):
                say(alice, channel, "What is not")
            found.append(Target(message.pk, channel, bob, then.date()))
    return found


def test_a_thousand_holds_placed_while_everything_that_destroys_is_under_way(
    targets: list[Target],
    monkeypatch: pytest.MonkeyPatch,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    disposal = approved(hari, helen)
    meeting = Meeting(PLACERS + 2)
    _meet_at_each_part(meeting, targets, monkeypatch)
    placers = [partial(meeting.place, dana, shape) for shape in range(PLACERS)]
    disturbances = cycle((_nothing, _reclass, _nothing, _another_rule))
    destroyer = partial(_destroy, meeting, disposal, targets)
    with acting_as("disposer"):  # so are the two connections of the middle
        for thread in run(*placers, partial(meeting.disturb, disturbances), destroyer):
            thread.join()

    assert meeting.wrong == []
    assert len(meeting.placed) >= 1_000
    assert _destroyed_after(meeting.placed) == []
    _everything_opens(target for target, _ in meeting.placed)
    assert DisposalItem.objects.filter(outcome="destroyed").count() > 0


def _meet_at_each_part(
    meeting: Meeting, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start together before the survivors of a month are sealed anew, or before its chunk itself,
    by turns; once for each target. Of the two who destroy, one starts at a time."""
    waiting = {(one.channel.pk, one.day.replace(day=1)): one for one in targets}
    turns = cycle((True, False))
    at: dict[tuple[UUID, date], bool] = {}
    one_at_a_time = threading.Lock()
    seal, destroy = seal_survivors_anew, destroying.destroy_chunk

    def start(channel: UUID, month: date) -> None:
        with one_at_a_time:
            target = waiting.pop((channel, month), None)
            if target is not None:
                meeting.start(target)

    def sealing(disposal: Disposal, channel: UUID, month: date, **more: Any) -> Any:
        at[channel, month] = next(turns)
        if at[channel, month]:
            start(channel, month)
        return seal(disposal, channel, month, **more)

    def chunk(disposal: Disposal, chunk: DisposalChunk, *more: Any) -> None:
        if not at[chunk.channel_id, chunk.month]:
            start(chunk.channel_id, chunk.month)
        destroy(disposal, chunk, *more)

    monkeypatch.setattr(destroying, "seal_survivors_anew", sealing)
    monkeypatch.setattr(destroying, "destroy_chunk", chunk)


def _destroy(meeting: Meeting, disposal: Disposal, targets: list[Target]) -> None:
    """The whole disposal; then moves of the keyring and removals of files, over what is left."""
    with own_connection("disposer", meeting.wrong, meeting.barrier):
        destroying.destroy(disposal)
        left = [one for one in targets if Message.objects.filter(pk=one.message).exists()]
        for number, target in zip(range(MOVES), cycle(left), strict=False):
            meeting.start(target)
            move_keyring()
            if number % 5 == 0:
                remove_unreferred_files()
        meeting.barrier.abort()


def test_without_the_lock_this_would_be_noticed(
    at: Clock,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    channel, then = channel_of(alice, bob), datetime(2024, 3, 5, tzinfo=UTC)
    with at(then):
        target = Target(say(bob, channel, "What is held").pk, channel, bob, then.date())
    disposal = approved(hari, helen)
    begun, go_on = threading.Event(), threading.Event()
    real = record_listed

    def late(*args: Any, **more: Any) -> Any:
        begun.set()
        go_on.wait(PATIENCE)
        return real(*args, **more)

    monkeypatch.setattr(destroying, "record_listed", late)
    monkeypatch.setattr(placing, "stop_destroying", lambda: None)
    meeting = Meeting(2)

    def destroy() -> None:
        with own_connection("disposer", meeting.wrong, meeting.barrier):
            destroying.destroy(disposal)

    with _triggers_off():
        (thread,) = run(destroy)
        begun.wait(PATIENCE)
        (placer,) = run(partial(meeting.place, dana, 0))
        meeting.start(target)
        # It has placed its hold once it is back at the barrier.
        meeting.start(target)
        meeting.barrier.abort()
        go_on.set()
        thread.join()
        placer.join()
    assert target.message in _destroyed_after(meeting.placed)


@contextmanager
def _triggers_off() -> Iterator[None]:
    for able in ("DISABLE", "ENABLE"):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for table, trigger in _TRIGGERS.items():
                cursor.execute(f"ALTER TABLE {table} {able} TRIGGER {trigger}")
        if able == "DISABLE":
            yield


def _destroyed_after(placed: list[tuple[Target, str]]) -> list[UUID]:
    """The messages whose destroying a placer could not see yet when its hold had been placed."""
    found = []
    with connection.cursor() as cursor:
        for target, snapshot in placed:
            cursor.execute(
                "SELECT FROM retention_disposalitem i JOIN retention_disposalchunk c"
                " ON c.id = i.chunk_id WHERE i.message = %s AND i.outcome = 'destroyed'"
                " AND NOT pg_visible_in_snapshot(i.xmin::text::xid8, %s::pg_snapshot)",
                [target.message, snapshot],
            )
            if cursor.fetchone() is not None:
                found.append(target.message)
    return found


def _everything_opens(targets: Iterator[Target]) -> None:
    """What is left of what was held is left whole: its words and its files open."""
    messages = Message.objects.filter(id__in={target.message for target in targets})
    versions = MessageVersion.objects.filter(message__in=messages).select_related("message", "key")
    bodies = open_versions(versions)
    assert len(bodies) == len(messages)
    assert all(body.text == "What is held" for body in bodies)
    wanted = [one for body in bodies for one in attachments_in(body.details)]
    assert File.objects.filter(id__in={one.id for one in wanted}).count() == len(wanted)


def _nothing(_channel: Channel) -> None:
    """Only the holds."""


def _reclass(channel: Channel) -> None:
    """To a class that is kept longer, and down again, as whoever approves it does."""
    for record_class in ("slt", "routine"):
        Channel.objects.filter(pk=channel.pk).update(record_class=record_class)


def _another_rule(_channel: Channel) -> None:
    """A longer rule, and the former one again."""
    for months in (600, 12):
        with transaction.atomic():
            stop_destroying()
            rule = Policy.objects.filter(record_class="routine").latest("version")
            rule.pk, rule.uid, rule.months, rule.version = None, uuid4(), months, rule.version + 1
            rule.save(force_insert=True)
