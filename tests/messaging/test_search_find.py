"""A search finds what a plain reading would, no more, and nothing outside its scope."""

from datetime import UTC, datetime
from itertools import batched
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from messaging.models import Channel, MessageVersion, Vocabulary
from messaging.search import run
from messaging.search.analysis import stems
from messaging.search.conditions import MAX_EXPANDED
from messaging.search.query import Is, QueryError, parse
from messaging.search.run import search
from messaging.search.scope import Position, Scope
from messaging.search.words import compact_vocabularies, forget_words
from messaging.services.channels import create_channel, open_direct
from tests.messaging.search_scene import QUERIES, Scene, every_hit
from tests.statements import every_statement

pytestmark = pytest.mark.django_db

DESK = Scope(channels=None, versions=True)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def channels(alice: User, bob: User, carol: User, dana: User) -> list[Channel]:
    """An open channel, two private ones of which one is sensitive, and a conversation."""
    made = [
        create_channel(by=alice, kind="open", name="Staff room", members=[bob, carol]),
        create_channel(by=alice, kind="private", name="Year 6", members=[bob]),
        create_channel(by=alice, kind="private", name="Concerns", members=[bob], sensitive=True),
        open_direct(by=alice, people=[bob]),
    ]
    return list(Channel.objects.filter(id__in=[c.id for c in made]).order_by("id"))


@pytest.fixture
def written(scene: Scene, channels: list[Channel], alice: User, bob: User) -> Scene:
    """Two hundred messages over fifteen months; some edited, some deleted."""
    for number in range(200):
        author = (alice, bob)[number % 2]
        scene.write(author, channels[number % 4], days_ago=number * 2 + 1)
    for number in range(12):
        message = scene.write(alice, channels[number % 4], days_ago=0)
        if number % 3 == 0:
            scene.edit(alice, message, f"zoo trip number {number}")
        elif number % 3 == 1:
            scene.delete(alice, message)
    return scene


@pytest.fixture(autouse=True)
def _recent(settings: object) -> None:
    settings.EDIT_WINDOW_MINUTES = 60 * 24 * 10_000  # type: ignore[attr-defined]


def test_hits_are_those_of_a_plain_reading(written: Scene, channels: list[Channel]) -> None:
    members = Scope(channels=frozenset(channel.id for channel in channels[:2]))
    about = Scope(channels=None, versions=True, excluded=frozenset({channels[2].id}))
    for text in QUERIES.split("\n")[1:-1]:
        query = parse(text)
        for scope in (DESK, members, about):
            assert every_hit(scope, query) == written.scan(scope, query), text


def test_words_that_stand_for_too_many_are_found_by_reading(
    written: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.search.conditions.MAX_EXPANDED", 1)
    monkeypatch.setattr("messaging.search.vocabulary.MOST_WORDS", 2)
    for text in ("plan*", "*lan*", "*ting", "~planing", "*rie*"):
        found = every_hit(DESK, parse(text))
        assert found == written.scan(DESK, parse(text)), text
        assert found


def test_more_words_than_the_index_is_asked_for_are_read_in_steps_that_say_so(
    scene: Scene, channels: list[Channel], alice: User
) -> None:
    letters = "bcdfghjklmnpqrtvwxz"
    words = {f"qu{one}{two}a{end}" for one in letters for two in letters for end in "mp"}
    assert len(stems(words)) > MAX_EXPANDED
    for number, some in enumerate(batched(words, 15)):
        for text in (" ".join(some), "nothing of the kind"):
            scene.write(alice, channels[0], days_ago=number // 3, text=text)
    scene.write(alice, channels[0], days_ago=60, text="quite another")
    query, wanted = parse("qu*"), scene.scan(DESK, parse("qu*"))
    with every_statement() as said:
        assert every_hit(DESK, query) == wanted
    assert not [each for each in said if "channel_202611" in each and "tok &&" in each]
    pages = [search(DESK, query, limit=40, seconds=0)]
    while (before := pages[-1].next) is not None:
        pages.append(search(DESK, query, limit=40, before=before, seconds=0))
    assert [hit.position for page in pages for hit in page.hits] == wanted
    # Forty-one texts at a time, of which every other one is a hit.
    assert all(page.partial for page in pages[:-1])
    assert 0 < len(pages[0].hits) < 40


def test_filters_narrow_a_search(written: Scene, channels: list[Channel], bob: User) -> None:
    since, until = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 9, 17, 9, tzinfo=UTC)
    for query in (
        parse("trip", author=bob.id),
        parse("", author=bob.id),
        parse("meeting OR the", channel=channels[2].id),
        parse("plan*", since=since, until=until),
        parse("", channel=channels[3].id, since=since),
        parse("", state=Is.EDITED),
        parse("", state=Is.DELETED),
        parse("zoo", state=Is.EDITED),
    ):
        found = every_hit(DESK, query, limit=7)
        assert found == written.scan(DESK, query)
        assert found


def test_carol_finds_nothing_where_she_is_not(
    written: Scene, channels: list[Channel], alice: User
) -> None:
    secret = written.write(alice, channels[1], days_ago=3, text="needleword for two")
    carols = Scope(channels=frozenset({channels[0].id}))
    assert every_hit(carols, parse("needleword")) == []
    assert every_hit(carols, parse("needle*")) == []
    assert every_hit(carols, parse("", channel=channels[1].id)) == []
    assert every_hit(Scope(channels=frozenset()), parse("the")) == []
    assert [p.message for p in every_hit(DESK, parse("needle*"))] == [secret.id]


def test_only_the_desk_finds_what_was_edited_away_or_deleted(
    scene: Scene, channels: list[Channel], alice: User
) -> None:
    edited = scene.write(alice, channels[0], days_ago=1, text="firstword here")
    scene.edit(alice, edited, "secondword here")
    deleted = scene.write(alice, channels[0], days_ago=1, text="goneword here")
    scene.delete(alice, deleted)
    members = Scope(channels=frozenset({channels[0].id}))
    assert [h.body.text for h in search(members, parse("secondword")).hits] == ["secondword here"]
    for text in ("firstword", "goneword", "first*", "gone*"):
        assert search(members, parse(text)).hits == []
        (hit,) = search(DESK, parse(text)).hits
        assert not hit.is_present
        assert "<mark>" in hit.snippet


def test_a_search_out_of_time_says_where_to_go_on(
    scene: Scene, channels: list[Channel], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = scene.write(alice, channels[0], days_ago=400, text="of the people")
    for number in range(60):
        scene.write(alice, channels[0], days_ago=1 + number, text="people of note, the")
    monkeypatch.setattr(run, "_MOST_AT_ONCE", 10)
    pages = [search(DESK, parse('"of the people"'), limit=2, seconds=0)]
    assert pages[0].partial
    while (before := pages[-1].next) is not None:
        pages.append(search(DESK, parse('"of the people"'), limit=2, before=before, seconds=0))
    assert len(pages) > 3
    found = [hit for page in pages for hit in page.hits]
    assert [hit.message.id for hit in found] == [wanted.id]


@pytest.mark.database_role("worker")
@pytest.mark.parametrize("together", [500, 3], ids=["at once", "in steps"])
def test_compacted_vocabularies_find_the_same(
    written: Scene, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.search.words._TOGETHER", together)
    query = parse("pl*")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT key_id) FROM messaging_vocabulary")
        rows, keys = cursor.fetchone()
    assert rows > keys
    compact_vocabularies(rows=2)
    assert Vocabulary.objects.count() == keys
    assert every_hit(DESK, query) == written.scan(DESK, query)
    forget_words()
    assert every_hit(DESK, query) == written.scan(DESK, query)


def test_no_word_reaches_postgresql(scene: Scene, channels: list[Channel], alice: User) -> None:
    with every_statement() as statements:
        scene.write(alice, channels[0], days_ago=1, text="quizzicalword in a message")
        search(DESK, parse("quizzicalword"))
        search(DESK, parse("quizzical*"))
    for what in ("INSERT INTO messaging_vocabulary", "t_routine_channel", "tok @>"):
        assert any(what in statement for statement in statements), what
    assert not any("quizzical" in statement for statement in statements)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM search.t_routine_channel_202611 t")
        (tokens,) = cursor.fetchone()
    assert tokens
    assert "quizzical" not in tokens
    for sealed in (
        *Vocabulary.objects.values_list("sealed", flat=True),
        *MessageVersion.objects.values_list("sealed", flat=True),
    ):
        assert b"quizzical" not in bytes(sealed)


def test_a_position_is_read_as_it_was_written() -> None:
    position = Position(
        sent_at=datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC), message=uuid4(), version=3
    )
    assert Position.read(str(position)) == position
    for text in ("", "x", "1-2-3", f"{position}-4"):
        with pytest.raises(QueryError):
            Position.read(text)
