"""A month is indexed anew between a search's reading of its key and of its tokens."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import psycopg
import pytest
from django.db import connection

from accounts.models import User
from messaging.live.line import conninfo
from messaging.models import Channel
from messaging.search.candidates import shards
from messaging.search.changed import changed
from messaging.search.counting import Count, count
from messaging.search.domains import place_of
from messaging.search.query import parse
from messaging.search.rebuild import drop_month, every_month, rebuild
from messaging.search.run import Page, search
from messaging.search.scope import Scope
from messaging.services.channels import create_channel
from tests.messaging.at_once import Apart, lock, until_waiting
from tests.messaging.search_scene import Scene
from tests.scenes import say

type AsRole = Callable[[str], AbstractContextManager[None]]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database_role("worker")]

HAMSTER = parse("hamster")


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return create_channel(by=alice, kind="private", name="Year 6", members=[bob])


@pytest.fixture
def written(channel: Channel, alice: User) -> Scene:
    """A hamster in each of three months."""
    scene = Scene()
    for number in range(3):
        scene.write(alice, channel, days_ago=number * 31, text="The hamster has escaped")
    return scene


def scopes(channel: Channel) -> list[Scope]:
    return [
        Scope(channels=frozenset({channel.id})),
        Scope(channels=None, versions=True),
    ]


def table_of(number: int) -> str:
    return f"search.t_routine_channel_{sorted({m for _, m in every_month()})[number]:%Y%m}"


def rebuild_older(channel: Channel) -> None:
    place, newest = place_of(channel), max(month for _, month in every_month())
    rebuild((place, month) for _, month in every_month() if month != newest)


def rebuilt_meanwhile[T](ask: Callable[[], T], channel: Channel) -> T:
    """What is answered by somebody who has read the keys, and not the newest month's tokens, when
    the months before it are indexed anew."""
    with lock(table_of(-1)) as holding:
        asking = Apart(ask)
        until_waiting(1, table_of(-1))
        rebuild_older(channel)
        holding.rollback()
    return asking.answer


def rebuilt_twice[T](ask: Callable[[], T], channel: Channel) -> T:
    """As `rebuilt_meanwhile`, and again when all is asked once more: the second lock waits in line
    behind the first answer and stands before the second."""
    table = table_of(-1)
    with lock(table) as holding, psycopg.connect(conninfo()) as second:
        asking = Apart(ask)
        until_waiting(1, table)
        locking = Apart(lambda: second.execute(f"LOCK TABLE {table}".encode()))
        until_waiting(2, table)
        rebuild_older(channel)
        holding.rollback()
        assert locking.answer
        until_waiting(1, table)
        rebuild_older(channel)
        second.rollback()
    return asking.answer


@pytest.mark.parametrize("whose", [0, 1])
def test_a_search_finds_what_is_indexed_anew_meanwhile(
    written: Scene, channel: Channel, whose: int
) -> None:
    scope = scopes(channel)[whose]
    page = rebuilt_meanwhile(lambda: search(scope, HAMSTER, seconds=20), channel)
    assert [hit.position for hit in page.hits] == written.scan(scope, HAMSTER)
    assert page == Page(hits=page.hits, next=None, partial=False)


@pytest.mark.parametrize("whose", [0, 1])
def test_a_count_counts_what_is_indexed_anew_meanwhile(
    written: Scene, channel: Channel, whose: int
) -> None:
    scope = scopes(channel)[whose]
    assert rebuilt_meanwhile(lambda: count(scope, HAMSTER, seconds=20), channel) == Count(
        number=3, exact=True, partial=False
    )


@pytest.mark.parametrize("whose", [0, 1])
def test_months_that_are_indexed_anew_again_and_again_are_named(
    written: Scene, channel: Channel, whose: int
) -> None:
    scope = scopes(channel)[whose]
    months = sorted({month for _, month in every_month()}, reverse=True)
    page = rebuilt_twice(lambda: search(scope, HAMSTER, seconds=20), channel)
    assert page.unread == tuple(months[1:])
    assert [hit.position for hit in page.hits] == written.scan(scope, HAMSTER)[:1]


def test_what_is_indexed_anew_again_and_again_is_counted_as_more(
    written: Scene, channel: Channel
) -> None:
    scope = scopes(channel)[0]
    counted = rebuilt_twice(lambda: count(scope, HAMSTER, seconds=20), channel)
    assert counted == Count(number=1, exact=False, partial=True)


def test_a_month_without_its_table_is_named_and_the_others_are_searched(
    written: Scene, channel: Channel, as_role: AsRole
) -> None:
    months = sorted({month for _, month in every_month()}, reverse=True)
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table_of(1)}")
    for scope in scopes(channel):
        page = search(scope, HAMSTER, seconds=20)
        assert page.unread == (months[1],)
        assert len(page.hits) == 2
        assert not count(scope, HAMSTER).exact


def drop(month: date) -> None:
    drop_month(record_class="routine", kind="channel", month=month)


def dropped_twice[T](ask: Callable[[], T]) -> T:
    """What is answered by somebody from under whom the month before the newest is dropped, and the
    month before that when all is asked once more."""
    months = sorted({month for _, month in every_month()})
    table = table_of(-1)
    with lock(table) as holding, psycopg.connect(conninfo()) as second:
        asking = Apart(ask)
        until_waiting(1, table)
        locking = Apart(lambda: second.execute(f"LOCK TABLE {table}".encode()))
        until_waiting(2, table)
        drop(months[-2])
        holding.rollback()
        assert locking.answer
        until_waiting(1, table)
        drop(months[-3])
        second.rollback()
    return asking.answer


@pytest.mark.parametrize("whose", [0, 1])
def test_a_page_ends_before_a_month_that_is_dropped_again(
    written: Scene, channel: Channel, alice: User, whose: int
) -> None:
    scope = scopes(channel)[whose]
    written.write(alice, channel, days_ago=93, text="The hamster is in the hall")
    newest, _, _, oldest = sorted({month for _, month in every_month()}, reverse=True)
    every = written.scan(scope, HAMSTER)
    page = dropped_twice(lambda: search(scope, HAMSTER, seconds=20))
    assert [hit.position for hit in page.hits] == every[:1]
    assert page.partial
    assert page.next
    assert page.next.sent_at.date() == newest
    assert page.unread == page.renewing == (oldest,)
    further = search(scope, HAMSTER, before=page.next, seconds=20)
    assert [hit.position for hit in further.hits] == every[3:]
    assert not further.unread


def test_no_number_is_given_where_months_are_dropped_again_and_again(
    written: Scene, channel: Channel
) -> None:
    counted = dropped_twice(lambda: count(scopes(channel)[0], HAMSTER, seconds=20))
    assert counted == Count(number=0, exact=False, partial=True)


def test_a_month_that_was_disposed_of_meanwhile_has_not_changed(
    written: Scene, channel: Channel
) -> None:
    asked = shards(scopes(channel)[0], HAMSTER, None, set())
    oldest, older, _ = sorted({month for _, month in every_month()})
    rebuild([(place_of(channel), oldest)])
    drop(older)
    assert changed(asked) == {oldest}


def test_a_channel_that_is_made_while_months_are_listed_takes_nothing_with_it(
    written: Scene, alice: User
) -> None:
    made: list[Channel] = []

    def post() -> Channel:
        channel = create_channel(by=alice, kind="private", name="Year 7", members=[])
        say(alice, channel, "The hamster moved here")
        return channel

    def meanwhile(execute: Callable[..., object], *asked: object) -> object:
        answer = execute(*asked)
        if not made:
            made.append(Apart(post).answer)
        return answer

    before = every_month()
    with connection.execute_wrapper(meanwhile):
        assert every_month() >= before
    assert made


def test_time_that_is_up_with_the_last_month_leaves_nothing_out(
    channel: Channel, alice: User
) -> None:
    say(alice, channel, "The hamster has escaped")
    for scope in scopes(channel):
        page = search(scope, HAMSTER, seconds=0)
        assert page == Page(hits=page.hits, next=None, partial=False)
        assert len(page.hits) == 1
