"""Fresh tokens wait in a list that the worker empties, no commit; and months open quickly."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from accounts.models import User
from messaging.models import Channel, IndexKey, Message
from messaging.search import pending
from messaging.search.domains import Place, open_month, place_of
from messaging.search.index import Text, index_versions, insert, open_months, text_of
from messaging.search.pending import flush_written
from messaging.search.query import parse
from messaging.search.rebuild import rebuild
from messaging.search.scope import Scope
from messaging.services.channels import create_channel
from messaging.tasks import flush_search
from messaging.vault.bodies import Body
from tests.messaging.search_scene import Scene, every_hit
from tests.statements import every_statement

type AsRole = Callable[[str], AbstractContextManager[None]]

DESK = Scope(channels=None, versions=True)
NOVEMBER = date(2026, 11, 1)
TABLE = "search.t_routine_channel_202611"
SQL = Path(settings.BASE_DIR) / "messaging" / "search" / "sql" / "pending.sql"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    pending._flushed.clear()
    yield
    pending._flushed.clear()


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return create_channel(by=alice, kind="private", name="Year 6", members=[bob])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def many(channel: Channel, count: int, *, month: int = 11) -> list[Text]:
    """Texts of thirty words each."""
    return [
        Text(
            message=uuid4(),
            version=1,
            channel=channel.id,
            author=None if number % 2 else uuid4(),
            sent_at=datetime(2026, month, 20, 9, tzinfo=UTC),
            place=place_of(channel),
            parts=(" ".join(f"word{number * 7 + at}" for at in range(30)),),
        )
        for number in range(count)
    ]


def pages_of(as_role: AsRole, month: date = NOVEMBER) -> int:
    """How many pages a list had, which is empty from now on."""
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT search.flush_month('routine', 'channel', %s)", [month])
        return int(cursor.fetchone()[0])


def index_at_once(texts: list[Text]) -> None:
    """Index in a transaction, and have PostgreSQL count the rows now, not in a second."""
    with transaction.atomic():
        index_versions(texts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")


@pytest.mark.django_db
def test_no_commit_empties_the_list(channel: Channel, as_role: AsRole) -> None:
    index_versions(many(channel, 4_000))
    assert pages_of(as_role) * 8_192 > 2 * 1024 * 1024


@pytest.mark.django_db
def test_a_month_from_before_gets_the_new_limit(channel: Channel, as_role: AsRole) -> None:
    index_versions(many(channel, 1))
    with as_role("owner"), connection.cursor() as cursor:
        assert _limit() == 131_072
        cursor.execute(f"ALTER INDEX {TABLE}_tok SET (gin_pending_list_limit = 256)")
        assert _limit() == 256
        cursor.execute(SQL.read_text())
    assert _limit() == 131_072


def _limit() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT option_value::integer FROM pg_class, pg_options_to_table(reloptions)"
            " WHERE oid = %s::regclass AND option_name = 'gin_pending_list_limit'",
            [f"{TABLE}_tok"],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_worker_empties_what_was_written_to_since(channel: Channel, as_role: AsRole) -> None:
    index_at_once(many(channel, 50))
    index_at_once(many(channel, 50, month=10))
    with as_role("worker"):
        assert flush_written() == 2
        assert flush_written() == 0
    index_at_once(many(channel, 50, month=10))
    with as_role("worker"):
        flush_search(timestamp=0)
    assert pages_of(as_role) == pages_of(as_role, date(2026, 10, 1)) == 0


@pytest.mark.django_db(transaction=True)
def test_what_nobody_flushed_is_pending(channel: Channel, as_role: AsRole) -> None:
    """Else the test before proves nothing."""
    index_at_once(many(channel, 50))
    assert pages_of(as_role) > 0


@pytest.mark.django_db(transaction=True)
def test_a_month_that_is_gone_is_forgotten(channel: Channel, as_role: AsRole) -> None:
    index_at_once(many(channel, 1))
    with as_role("worker"):
        flush_written()
        assert pending._flushed
        with connection.cursor() as cursor:
            cursor.execute("SELECT search.drop_month('routine', 'channel', '2026-11-01')")
        assert flush_written() == 0
    assert not pending._flushed


@pytest.mark.django_db
def test_pending_or_not_the_same_is_found(
    scene: Scene, channel: Channel, alice: User, as_role: AsRole
) -> None:
    for number in range(30):
        scene.write(alice, channel, days_ago=number % 3)
    for text in ("trip", "plan*", "the"):
        assert every_hit(DESK, parse(text)) == scene.scan(DESK, parse(text))
    assert pages_of(as_role)
    for text in ("trip", "plan*", "the"):
        assert every_hit(DESK, parse(text)) == scene.scan(DESK, parse(text))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 501])
def test_the_statement_is_the_same_whatever_the_number_of_texts(
    channel: Channel, count: int
) -> None:
    with every_statement() as once:
        index_versions(many(channel, 1))
    with every_statement() as said:
        index_versions(many(channel, count))
    text = once[-1].split("{")[0]
    assert "INSERT INTO" in text
    assert [one.split("{")[0] for one in said[1:]] == [text] * (1 + count // 501)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(author), min(cardinality(tok)) FROM {TABLE}")
        assert cursor.fetchone() == (count + 1, (count + 1) // 2 + 1, 31 + (count == 1))


@pytest.mark.django_db
def test_texts_without_a_word_that_counts_are_indexed_without_a_vocabulary(
    scene: Scene, channel: Channel, alice: User
) -> None:
    message = scene.write(alice, channel, days_ago=1, text="the and of")
    assert not IndexKey.objects.exclude(vocabularies=None).exists()
    (found,) = every_hit(DESK, parse("the"))
    assert found.message == message.id


@pytest.mark.django_db(transaction=True)
def test_an_error_in_the_index_is_djangos_and_undoes_the_act(channel: Channel) -> None:
    def fail() -> None:
        with transaction.atomic():
            opened = open_months(many(channel, 1))
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            insert(opened)

    with pytest.raises(DatabaseError, match="read-only"):
        fail()
    assert not IndexKey.objects.exists()


@pytest.mark.django_db
def test_a_restored_database_without_tables_gets_them_with_the_next_message(
    scene: Scene, channel: Channel, alice: User, as_role: AsRole
) -> None:
    scene.write(alice, channel, days_ago=1, text="before the fire")
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
    scene.write(alice, channel, days_ago=1, text="after the fire")
    assert len(every_hit(DESK, parse("fire"))) == 1


@pytest.mark.django_db
def test_a_month_stands_open_to_no_other_name(channel: Channel, alice: User, bob: User) -> None:
    """The domain of a sensitive channel has a colon in its name; a class must not."""
    apart = create_channel(by=alice, kind="private", name="Concerns", members=[bob], sensitive=True)
    open_month(place_of(apart), NOVEMBER)
    ours = Place(record_class="routine:channel", kind=str(apart.id))
    with pytest.raises((DatabaseError, ValueError), match="not a"), transaction.atomic():
        open_month(ours, NOVEMBER)


@pytest.mark.django_db(transaction=True)
def test_an_open_month_keeps_its_key_until_the_commit(channel: Channel, as_role: AsRole) -> None:
    place = place_of(channel)
    index_at_once(many(channel, 1))
    failed: list[BaseException | None] = []

    def renew() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            rebuild([(place, NOVEMBER)])
        except OperationalError as error:
            failed.append(error.__cause__)
        finally:
            connection.close()

    with as_role("worker"):
        with transaction.atomic():
            before = open_month(place, NOVEMBER)
            rebuilder = threading.Thread(target=renew)
            rebuilder.start()
            rebuilder.join(10)
            assert open_month(place, NOVEMBER).key_id == before.key_id
        assert [type(error) for error in failed] == [LockNotAvailable]
        rebuild([(place, NOVEMBER)])
        assert open_month(place, NOVEMBER).key_id != before.key_id


@pytest.mark.django_db
def test_a_month_that_stands_is_opened_by_one_statement(
    scene: Scene, channel: Channel, alice: User
) -> None:
    message: Message = scene.write(alice, channel, days_ago=1)
    with every_statement() as said:
        open_months([text_of(message, Body(text="again"))])
    assert len(said) == 1
