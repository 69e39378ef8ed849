"""What holds cover: people, channels and days in every combination, held against a plain model."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import combinations
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from audit.clock import now
from messaging.models import Channel, Membership, Message
from messaging.services.channels import open_direct
from retention.models import Hold
from tests.retention.conftest import Clock
from tests.retention.scenes import approved, held
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

_DAYS = (None, date(2024, 3, 15), date(2024, 3, 16))


def _some[T](of: list[T]) -> list[tuple[T, ...]]:
    return [some for n in range(len(of) + 1) for some in combinations(of, n)]


def _covers(hold: Hold, message: Message) -> bool:
    """The rule in plain words."""
    channels = {one.channel_id for one in hold.channels.all()}
    people = {one.person_id for one in hold.people.all()}
    if channels and message.channel_id not in channels:
        return False
    if people and message.author_id not in people:
        of_them = Membership.objects.filter(channel=message.channel_id, person__in=people)
        if message.channel.kind != "direct" or not of_them.exists():
            return False
    day = message.sent_at.astimezone(UTC).date()
    return not (hold.since and day < hold.since) and not (hold.until and day > hold.until)


def _held() -> set[tuple[UUID, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message, hold FROM retention_held")
        return set(cursor.fetchall())


@pytest.fixture
def written(at: Clock, alice: User, bob: User, carol: User) -> tuple[list[Channel], list[User]]:
    """Two channels and a direct conversation, in which two people write on two days."""
    one, other = channel_of(alice, bob, name="One"), channel_of(alice, bob, name="Other")
    direct = open_direct(by=alice, people=[carol])
    for moment in (
        datetime(2024, 3, 15, 23, 59, 59, tzinfo=UTC),
        datetime(2024, 3, 16, tzinfo=UTC),
    ):
        with at(moment):
            for author, channel in (
                (alice, one), (bob, one), (alice, other), (bob, other),
                (alice, direct), (carol, direct),
            ):  # fmt: skip
                say(author, channel, "What is written here")
    return [one, other, direct], [alice, bob]


def test_every_combination_covers_what_its_parts_have_in_common(
    written: tuple[list[Channel], list[User]], dana: User
) -> None:
    channels, people = written
    placed = [
        held(dana, channels=some, people=these, since=since, until=until)
        for some in _some(channels)
        for these in _some(people)
        for since, until in ((None, None), (_DAYS[1], _DAYS[1]), (_DAYS[2], None), (None, _DAYS[1]))
        if some or these or since or until
    ]
    messages = list(Message.objects.select_related("channel"))
    wanted = {(m.pk, hold.pk) for hold in placed for m in messages if _covers(hold, m)}
    assert _held() == wanted
    assert len(wanted) > len(placed)


def test_whatever_is_held_may_be_held(
    written: tuple[list[Channel], list[User]], dana: User, hari: User, helen: User
) -> None:
    channels, people = written
    disposal = approved(hari, helen)
    chunks = dict(disposal.chunks.values_list("channel_id", "pk"))
    assert set(_may_be_held(chunks.values())) == {False}
    for some, these in ((channels[:1], []), ([], people[:1]), (channels[1:2], people)):
        for since in (None, *_DAYS[1:]):
            hold = held(dana, channels=some, people=these, since=since or date(2024, 1, 1))
            held_ones = Message.objects.filter(id__in=[message for message, _ in _held()])
            there = set(held_ones.values_list("channel", flat=True)) & chunks.keys()
            of_them = {chunks[one] for one in there}
            assert of_them
            assert all(_may_be_held(of_them))
            if some:
                assert not all(_may_be_held(chunks.values()))
            Hold.objects.filter(pk=hold.pk).update(released_at=now(), released_by=hari)
    assert set(_may_be_held(chunks.values())) == {False}


def _may_be_held(chunks: Iterable[int]) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_may_be_held(c) FROM unnest(%s) c", [list(chunks)])
        return [row[0] for row in cursor.fetchall()]


def test_a_hold_without_a_last_day_catches_what_is_still_to_come(
    written: tuple[list[Channel], list[User]], bob: User, dana: User
) -> None:
    channels, _ = written
    open_ended = held(dana, channels=channels[:1], since=date(2024, 3, 16))
    ended = held(dana, channels=channels[:1], until=now().date().replace(year=2025))
    later = say(bob, channels[0], "What enters later")
    assert (later.pk, open_ended.pk) in _held()
    assert (later.pk, ended.pk) not in _held()
