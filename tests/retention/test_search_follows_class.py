"""A channel is given another class: it is found all the while, and each text once."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import psycopg
import pytest
from django.db import connection, transaction

from accounts.models import User
from messaging.live.line import conninfo
from messaging.models import Channel
from messaging.search.counting import count
from messaging.search.domains import open_month, place_of
from messaging.search.query import parse
from messaging.search.rebuild import rebuild
from messaging.search.scope import Scope
from messaging.search.wholeness import lacking
from messaging.services.corrections import correct_own
from messaging.services.messages import edit_message
from retention.models import Reclassing
from retention.services.classes import set_record_class
from retention.tasks import reindex_channels, reindex_left
from retention.workers.reindexing import reindex_reclassed
from tests.faults.product import until
from tests.messaging.at_once import Apart, lock, until_waiting
from tests.messaging.search_scene import Scene, every_hit
from tests.scenes import channel_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database_role("worker")]

type AsRole = Callable[[str], AbstractContextManager[None]]

DESK = Scope(channels=None, versions=True)
HAMSTER = parse("hamster")
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
_WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database() AND backend_type = 'client backend'
"""


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def scene(channel: Channel, alice: User, settings: object) -> Scene:
    """Three hamsters in each of two months, and one of another channel of the class."""
    settings.EDIT_WINDOW_MINUTES = 60 * 24 * 10_000  # type: ignore[attr-defined]
    scene = Scene()
    for days in (0, 1, 2, 31, 32, 33):
        scene.write(alice, channel, days_ago=days, text=f"The hamster escaped {days}")
    scene.write(alice, channel_of(alice, name="Other"), days_ago=1, text="A hamster, too")
    return scene


@pytest.fixture
def moved(scene: Scene, channel: Channel, hari: User) -> Channel:
    """The channel in its other class, which the search has not followed yet."""
    reason = "Minutes of the leadership are kept here."
    return set_record_class(by=hari, channel=channel, record_class="slt", reason=reason)


def is_found_once(scene: Scene, channel: Channel, words: str = "hamster") -> None:
    for scope in (DESK, Scope(channels=frozenset({channel.id}))):
        query = parse(words)
        wanted = scene.scan(scope, query)
        assert every_hit(scope, query) == wanted
        counted = count(scope, query)
        assert (counted.number, counted.exact, counted.partial) == (len(wanted), True, False)


def rows_in(record_class: str, month: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM search.t_{record_class}_channel_{month:%Y%m}")
        return int(cursor.fetchone()[0])


def change_something(scene: Scene, alice: User, channel: Channel) -> None:
    """An edit, a deletion and a correction, of what was written first."""
    first, second, third = [m for m, _, _ in scene.texts.values() if m.channel_id == channel.id][:3]
    scene.edit(alice, first, "The gerbil escaped")
    scene.delete(alice, second)
    correct_own(author=alice, message_id=third.id, body="It was the weasel")


def test_what_is_changed_before_the_search_follows_stands_in_one_place(
    scene: Scene, moved: Channel, alice: User
) -> None:
    is_found_once(scene, moved)
    change_something(scene, alice, moved)
    assert rows_in("routine", NOVEMBER) == 1
    for words in ("hamster", "gerbil", "escaped"):
        is_found_once(scene, moved, words)
    assert count(DESK, parse("weasel")).number == 1
    assert every_hit(DESK, parse("hamst*")) == scene.scan(DESK, parse("hamst*"))

    assert reindex_reclassed() == 1
    assert (rows_in("routine", NOVEMBER), rows_in("routine", OCTOBER)) == (1, 0)
    assert lacking() == []
    for words in ("hamster", "gerbil", "escaped"):
        is_found_once(scene, moved, words)
    assert count(DESK, parse("weasel")).number == 1


def test_it_is_found_while_the_search_follows_month_by_month(
    scene: Scene, moved: Channel, alice: User
) -> None:
    with psycopg.connect(conninfo()) as holding:
        holding.execute("SELECT FROM messaging_indexkey WHERE month = %s FOR UPDATE", [NOVEMBER])
        following = Apart(reindex_reclassed)
        until(lambda: holding.execute(_WAITING).fetchone() == (1,))
        assert (rows_in("routine", OCTOBER), rows_in("slt", OCTOBER)) == (0, 3)
        assert rows_in("routine", NOVEMBER) == 4
        is_found_once(scene, moved)
        holding.rollback()
    assert following.answer == 1
    is_found_once(scene, moved)


@pytest.mark.parametrize("whose", [0, 1])
def test_a_search_that_has_begun_finds_what_goes_to_another_place(
    scene: Scene, moved: Channel, whose: int
) -> None:
    scope = (DESK, Scope(channels=frozenset({moved.id})))[whose]
    table = f"search.t_routine_channel_{NOVEMBER:%Y%m}"
    with lock(table) as holding:
        searching = Apart(lambda: every_hit(scope, HAMSTER))
        until_waiting(1, table)
        rebuild([(place_of(moved), OCTOBER)])
        holding.rollback()
    assert searching.answer == scene.scan(scope, HAMSTER)


@pytest.mark.parametrize("former", [True, False])
def test_no_place_is_built_anew_without_what_stands_in_it(
    scene: Scene, channel: Channel, moved: Channel, former: bool
) -> None:
    other = Channel.objects.exclude(id=channel.id).get()
    rebuild([(place_of(other if former else moved), NOVEMBER)])
    assert (rows_in("routine", NOVEMBER), rows_in("slt", NOVEMBER)) == (1, 3)
    assert rows_in("routine", OCTOBER) == 3
    is_found_once(scene, moved)


def test_who_edits_while_both_places_are_built_anew_waits_for_nobody_in_a_circle(
    scene: Scene, moved: Channel, alice: User
) -> None:
    message = next(m for m, _, _ in scene.texts.values() if m.channel_id == moved.id)
    scene.write(alice, moved, days_ago=1, text="The first of its new class")
    with psycopg.connect(conninfo(), autocommit=True) as looking:
        with transaction.atomic():
            # As if posting: whoever builds the places anew has emptied the former, and waits.
            open_month(place_of(moved), NOVEMBER)
            following = Apart(reindex_reclassed)
            until(lambda: looking.execute(_WAITING).fetchone() == (1,))
            edited = edit_message(author=alice, message_id=message.id, body="The gerbil escaped")
        assert following.answer == 1
    scene.texts[message.id, 1] = (message, "The hamster escaped 0", False)
    scene.texts[message.id, 2] = (edited, "The gerbil escaped", True)
    assert rows_in("routine", NOVEMBER) == 1
    for words in ("hamster", "gerbil"):
        is_found_once(scene, moved, words)
    assert lacking() == []


# A page changes it, and the worker builds: here both at once, with the rights of either.
@pytest.mark.database_role("owner")
def test_who_changes_a_class_waits_for_the_month_that_is_built_anew(
    scene: Scene, channel: Channel, hari: User
) -> None:
    reason = "Minutes of the leadership are kept here."
    done = threading.Event()

    def change() -> datetime:
        set_record_class(by=hari, channel=channel, record_class="slt", reason=reason)
        done.set()
        return Reclassing.objects.get().changed_at

    with psycopg.connect(conninfo(), autocommit=True) as looking:
        with transaction.atomic():
            rebuild([(place_of(channel), NOVEMBER)])
            changing = Apart(change)
            until(lambda: looking.execute(_WAITING).fetchone() == (1,))
            assert not done.is_set()
        assert changing.answer
    channel.refresh_from_db()
    is_found_once(scene, channel)
    assert lacking() != []


def test_a_job_takes_up_what_was_left(scene: Scene, moved: Channel) -> None:
    reindex_left(0)
    assert (rows_in("slt", NOVEMBER), rows_in("slt", OCTOBER)) == (3, 3)
    assert not Reclassing.objects.filter(reindexed_at=None).exists()
    assert reindex_channels.retry_strategy is not None


def test_the_weekly_count_finds_what_was_never_followed(scene: Scene, moved: Channel) -> None:
    assert {month for _, month in lacking()} == {NOVEMBER, OCTOBER}
    rebuild(lacking())
    assert lacking() == []
    is_found_once(scene, moved)
