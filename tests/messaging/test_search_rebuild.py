"""The index anew under fresh keys, in bulk, and months that go."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import batched
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from messaging.models import Channel, IndexKey, Message, SearchDomain, Vocabulary
from messaging.search.bulk import Bulk
from messaging.search.domains import Place, open_month, place_of
from messaging.search.index import index_versions, text_of, unindex
from messaging.search.query import parse
from messaging.search.rebuild import drop_month, every_month, flush_months, rebuild, rebuild_all
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.services.channels import create_channel, open_direct
from messaging.vault.bodies import Body
from tests.messaging.search_scene import Scene, every_hit
from tests.statements import every_statement

type AsRole = Callable[[str], AbstractContextManager[None]]

DESK = Scope(channels=None, versions=True)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def written(scene: Scene, channel: Channel, alice: User, bob: User, settings: object) -> Scene:
    settings.EDIT_WINDOW_MINUTES = 60 * 24 * 10_000  # type: ignore[attr-defined]
    direct = open_direct(by=alice, people=[bob])
    for number in range(40):
        message = scene.write(alice, (channel, direct)[number % 2], days_ago=number * 2)
        if number % 5 == 0:
            scene.edit(alice, message, f"zoo planning {number}")
        elif number % 5 == 1:
            scene.delete(alice, message)
    return scene


def tokens_of(month: date = NOVEMBER) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tok::text FROM search.t_routine_channel_{month:%Y%m}")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_a_rebuild_finds_the_same_under_keys_of_its_own(written: Scene, as_role: AsRole) -> None:
    before, old = tokens_of(), set(IndexKey.objects.values_list("id", flat=True))
    with as_role("worker"):
        assert sum(count for _, _, count in rebuild_all()) == len(written.texts)
    assert not before & tokens_of()
    assert not old & set(IndexKey.objects.values_list("id", flat=True))
    assert Vocabulary.objects.count() == IndexKey.objects.count()
    for text in ("trip", "plan*", '"zoo planning"', "the"):
        assert every_hit(DESK, parse(text)) == written.scan(DESK, parse(text))


@pytest.mark.django_db
def test_an_undone_import_leaves_no_word_in_the_vocabulary(
    scene: Scene, channel: Channel, alice: User
) -> None:
    message = scene.write(alice, channel, days_ago=1, text="needleword once")
    unindex([text_of(message, Body(text="needleword once"))])
    assert search(DESK, parse("needle*")).hits == []
    assert tokens_of() == set()


@pytest.mark.django_db
def test_a_dropped_month_goes_with_its_keys_and_words(written: Scene, as_role: AsRole) -> None:
    with as_role("disposer"):
        drop_month(record_class="routine", kind="channel", month=NOVEMBER)
        drop_month(record_class="routine", kind="channel", month=NOVEMBER)
    assert not IndexKey.objects.filter(month=NOVEMBER, domain__kind="channel").exists()
    assert IndexKey.objects.filter(month=NOVEMBER, domain__kind="direct").exists()
    found = every_hit(DESK, parse("the OR plan*"))
    kept = [
        position
        for position in written.scan(DESK, parse("the OR plan*"))
        if position.sent_at < datetime(2026, 11, 1, tzinfo=UTC)
        or Message.objects.get(id=position.message).channel.kind == "direct"
    ]
    assert found == kept


@pytest.mark.django_db
def test_a_bulk_finds_the_same_as_single_messages(
    written: Scene, channel: Channel, as_role: AsRole
) -> None:
    with as_role("worker"):
        for place, month in every_month():
            drop_month(record_class=place.record_class, kind=place.kind, month=month)
        with transaction.atomic(), Bulk() as bulk:
            for batch in batched(written.texts.items(), 7):
                for is_present in (True, False):
                    bulk.add(
                        [
                            text_of(message, Body(text=text), version=version)
                            for (_, version), (message, text, present) in batch
                            if present is is_present
                        ],
                        earlier=not is_present,
                    )
        flush_months()
    assert Vocabulary.objects.count() == IndexKey.objects.count()
    for text in ("trip", "plan*", '"zoo planning"', "the"):
        assert every_hit(DESK, parse(text)) == written.scan(DESK, parse(text))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT search.drop_month('routine', 'channel', '2026-11-01')",
        "SELECT search.retire_key(1::smallint, '2026-11-01')",
        "SELECT search.flush_month('routine', 'channel', '2026-11-01')",
        "CREATE TABLE search.mine (a int)",
        "DROP TABLE search.t_routine_channel_202611",
        "TRUNCATE search.t_routine_channel_202611",
    ],
)
def test_the_web_role_takes_no_month_away(
    scene: Scene, channel: Channel, alice: User, statement: str
) -> None:
    scene.write(alice, channel, days_ago=1)
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        _execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("record_class", "kind", "month"),
    [
        ("x; DROP TABLE a", "channel", "2026-11-01"),
        ("Routine", "channel", "2026-11-01"),
        ("", "channel", "2026-11-01"),
        ("x" * 41, "channel", "2026-11-01"),
        ("routine", "group", "2026-11-01"),
        ("routine", "channel", "2026-11-02"),
        ("routine", "channel", "1890-11-01"),
    ],
)
def test_a_month_of_nothing_known_is_not_made(record_class: str, kind: str, month: str) -> None:
    with pytest.raises(DatabaseError, match=r"^not "):
        _execute("SELECT search.make_month(%s, %s, %s)", [record_class, kind, month])


def _execute(statement: str, values: list[str] | None = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_a_sensitive_channel_has_a_domain_of_its_own(
    scene: Scene, channel: Channel, alice: User, bob: User
) -> None:
    apart = create_channel(by=alice, kind="private", name="Concerns", members=[bob], sensitive=True)
    scene.write(alice, channel, days_ago=1, text="same words")
    scene.write(alice, apart, days_ago=1, text="same words")
    assert place_of(apart).channel == apart.id
    names = set(SearchDomain.objects.values_list("name", flat=True))
    assert names == {"routine:channel", f"routine:channel:{apart.id}"}
    assert len(tokens_of()) == 2


@pytest.mark.django_db(transaction=True)
def test_who_posts_during_a_rebuild_waits_and_is_found(
    scene: Scene, channel: Channel, alice: User, as_role: AsRole
) -> None:
    scene.write(alice, channel, days_ago=1, text="first message")
    place = Place(record_class="routine", kind="channel")
    done = threading.Event()

    def post() -> None:
        try:
            scene.write(alice, channel, days_ago=1, text="second message")
        finally:
            connection.close()
            done.set()

    with as_role("worker"):
        with transaction.atomic():
            rebuild([(place, NOVEMBER)])
            poster = threading.Thread(target=post)
            poster.start()
            assert not done.wait(0.5)
        poster.join(10)
    assert len(every_hit(DESK, parse("message"))) == 2
    assert len(every_hit(DESK, parse("mess*"))) == 2


@pytest.mark.django_db(transaction=True)
def test_two_first_messages_of_a_month_make_it_once(
    scene: Scene, channel: Channel, alice: User, bob: User
) -> None:
    other = create_channel(by=alice, kind="private", name="Year 5", members=[bob])
    started = threading.Barrier(2, timeout=10)
    ids: list[UUID] = []

    def post(where: Channel) -> None:
        try:
            started.wait()
            ids.append(scene.write(alice, where, days_ago=200, text="first of all").id)
        finally:
            connection.close()

    posters = [threading.Thread(target=post, args=[where]) for where in (channel, other)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join(20)
    assert {position.message for position in every_hit(DESK, parse("first"))} == set(ids)
    assert len(ids) == 2
    keys = IndexKey.objects.filter(month__lt=NOVEMBER)
    assert keys.count() == 1


@pytest.mark.django_db
def test_a_message_out_of_view_is_not_indexed_anew(
    scene: Scene, channel: Channel, alice: User, as_role: AsRole
) -> None:
    message = scene.write(alice, channel, days_ago=1, text="heldword")
    with as_role("owner"):
        Message.objects.filter(id=message.id).update(out_of_view=True)
    assert search(DESK, parse("heldword")).hits == []
    with as_role("worker"):
        rebuild([(place_of(channel), NOVEMBER)])
    assert tokens_of() == set()


@pytest.mark.django_db
def test_a_whole_import_is_indexed_in_few_statements(
    scene: Scene, channel: Channel, alice: User
) -> None:
    messages = [scene.write(alice, channel, days_ago=1) for _ in range(3)]
    opened = open_month(place_of(channel), NOVEMBER)
    texts = [text_of(message, Body(text="again"), version=9) for message in messages]
    with every_statement() as statements:
        index_versions(texts)
    assert len(statements) == 2
    assert opened.domain == open_month(place_of(channel), NOVEMBER).domain
