"""`rebuild_search` gives the same finds from the sealed bodies alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from audit.clock import month_of
from messaging.models import Channel, IndexKey, Vocabulary
from messaging.search.analysis import ANALYSER
from messaging.search.bulk import Bulk
from messaging.search.counting import count
from messaging.search.indexed import Indexed
from messaging.search.query import parse
from messaging.search.rebuild import renew_month
from messaging.search.run import Page, search
from messaging.search.scope import Scope
from messaging.search.wholeness import lacking
from tests.cast import client_of
from tests.messaging.search_scene import Scene, every_hit
from tests.scenes import channel_of, say

type AsRole = Callable[[str], AbstractContextManager[None]]

DESK = Scope(channels=None, versions=True)
JULY = date(2026, 7, 1)


@pytest.mark.database_role("worker")
def test_what_the_index_lost_is_found_again(
    alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = channel_of(alice)
    message = say(alice, channel, "The hamster has escaped")
    scope = Scope(channels=frozenset({channel.id}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'search'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM search."{table}"')
    assert not search(scope, parse("hamster")).hits

    call_command("rebuild_search")
    assert [hit.message.id for hit in search(scope, parse("hamster")).hits] == [message.id]
    assert capsys.readouterr().out.startswith("indexed 1 texts")


class Ended(Exception):
    """As if the process had been killed."""


@pytest.fixture
def written(alice: User) -> Scene:
    """Five months, a hamster in each; one is edited, one deleted."""
    scene = Scene()
    channel = channel_of(alice)
    messages = [
        scene.write(alice, channel, days_ago=number * 31, text=f"hamster number {number}")
        for number in range(5)
    ]
    settings.EDIT_WINDOW_MINUTES, kept = 60 * 24 * 10_000, settings.EDIT_WINDOW_MINUTES
    scene.edit(alice, messages[1], "hamster, caught")
    scene.delete(alice, messages[2])
    settings.EDIT_WINDOW_MINUTES = kept
    return scene


@pytest.mark.database_role("worker")
def test_a_rebuild_that_was_ended_in_a_month_goes_on_with_that_month(
    written: Scene,
    alice: User,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    as_role: AsRole,
) -> None:
    finish = Bulk.finish
    done: list[Bulk] = []

    def end(self: Bulk) -> None:
        if len(done) == 2:
            raise Ended
        done.append(self)
        finish(self)

    before = _keys()
    with monkeypatch.context() as patched:
        patched.setattr(Bulk, "finish", end)
        with pytest.raises(Ended):
            call_command("rebuild_search")
    between = _keys()
    assert len(between - before) == 2
    assert every_hit(DESK, parse("hamster")) == written.scan(DESK, parse("hamster"))

    # A month that is not done yet loses its key, and who posts into it makes another.
    with as_role("owner"):
        Vocabulary.objects.filter(key__month=JULY).delete()
        IndexKey.objects.filter(month=JULY).delete()
    channel = Channel.objects.get()
    more = written.write(alice, channel, days_ago=124, text="one more hamster")
    assert month_of(more.sent_at) == JULY
    assert every_hit(DESK, parse("hamster")) != written.scan(DESK, parse("hamster"))

    call_command("rebuild_search")
    assert "going on with the rebuild" in capsys.readouterr().out
    assert len(_keys() & before) == 0
    assert between - before <= _keys()
    assert every_hit(DESK, parse("hamster")) == written.scan(DESK, parse("hamster"))

    call_command("rebuild_search")
    assert "going on" not in capsys.readouterr().out


@pytest.mark.database_role("worker")
@pytest.mark.parametrize(
    "fault",
    [
        "DELETE FROM search.t_routine_channel_202610 WHERE version = 1",
        "DROP TABLE search.t_routine_channel_202610",
        """DELETE FROM messaging_vocabulary;
           DELETE FROM messaging_indexkey WHERE month = '2026-10-01'""",
    ],
)
def test_a_month_that_lacks_anything_is_found_and_built_anew(
    written: Scene, capsys: pytest.CaptureFixture[str], fault: str, as_role: AsRole
) -> None:
    assert lacking() == []
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute(fault)
    assert [month for _, month in lacking()] == [date(2026, 10, 1)]

    call_command("rebuild_search", lacking=True)
    assert capsys.readouterr().out.startswith("indexed 2 texts in 1 places")
    assert lacking() == []
    assert every_hit(DESK, parse("hamster")) == written.scan(DESK, parse("hamster"))


def _keys() -> set[UUID]:
    return set(IndexKey.objects.filter(domain__versions=False).values_list("id", flat=True))


@pytest.mark.database_role("worker")
@pytest.mark.parametrize("by", ["command", "job"])
def test_a_month_of_an_earlier_analyser_is_analysed_anew(
    by: str, alice: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = channel_of(alice)
    with monkeypatch.context() as earlier:
        earlier.setattr("messaging.search.domains.ANALYSER", 1)
        earlier.setattr(
            "messaging.search.index.Indexed.of", lambda text: Indexed(set(text.lower().split()), [])
        )
        message = say(alice, channel, "The hamster escaped at 9.30pm")
    month = month_of(message.sent_at)
    scope = Scope(channels=frozenset({channel.id}))
    outdated = search(scope, parse("21:30"))
    assert outdated == Page(hits=[], next=None, partial=False, unread=(month,), renewing=(month,))
    assert not count(scope, parse("hamster")).exact
    shown = client_of(alice).get("/search/", {"q": "21:30"}).content.decode()
    assert f"Not everything could be searched: {month:%B %Y}." in shown
    assert "The search is catching up on this month." in shown
    assert "A key is missing" not in shown
    assert "Nothing was found in what could be searched." in shown

    if by == "command":
        call_command("rebuild_search", "--outdated")
        assert capsys.readouterr().out.startswith("indexed 1 texts")
    else:
        assert renew_month()

    renewed = search(scope, parse("21:30"))
    assert [hit.message.id for hit in renewed.hits] == [message.id]
    assert renewed.unread == ()
    assert count(scope, parse("hamster")).exact
    assert set(IndexKey.objects.values_list("analyser", flat=True)) == {ANALYSER}
    assert not renew_month()
