"""What is known of attempts to sign in: by every process, for minutes, and not by name."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.accounts.scenes import Cast


def _table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(c::text, '\n'), '') FROM accounts_cache AS c")
        return str(cursor.fetchone()[0])


def _rows() -> int:
    return len(_table().splitlines())


def test_a_value_is_known_until_it_expires(db: None) -> None:
    cache.set("times", [1795395392.9394178, 1.5], 60)
    cache.set("soon over", True, 0.05)
    assert cache.get("times") == [1795395392.9394178, 1.5]
    assert cache.get("soon over") is True
    assert cache.touch("times", 30)
    time.sleep(0.06)
    assert cache.get("soon over", "gone") == "gone"
    assert not cache.touch("soon over", 60)
    assert not cache.delete("soon over")
    assert cache.delete("times")
    assert cache.get("times") is None


def test_what_has_expired_goes_with_the_next_that_is_kept(db: None) -> None:
    for number in range(5):
        cache.set(f"attempt {number}", [1.0], 0.01)
    time.sleep(0.02)
    cache.set("another", [2.0], 60)
    assert _rows() == 1


def test_what_has_expired_can_be_added_again(db: None) -> None:
    assert cache.add("code", "y", 0.01)
    assert cache.add("lock", True, None)
    assert not cache.add("lock", True, 60)
    time.sleep(0.02)
    assert cache.add("code", "y", 60)
    assert not cache.add("code", "y", 60)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_at_once_one_does() -> None:
    def add(_: int) -> bool:
        try:
            return cache.add("lock", True, 10)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(40))) == 1


def test_no_address_stands_in_it_nor_what_one_could_try_addresses_against(cast: Cast) -> None:
    email, address = cast.alice.email, "127.0.0.1"
    Client().post("/accounts/login/", {"login": email, "password": "wrong horse"})
    found = _table()
    assert _rows() >= 3
    for plain in (email, address):
        assert plain not in found
        assert hashlib.sha256(plain.encode()).hexdigest() not in found


def test_what_is_no_data_is_not_kept(db: None) -> None:
    """Pickles are not read from the database."""
    with pytest.raises(TypeError):
        cache.set("thing", object())


def test_the_write_ahead_log_knows_nothing_of_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname LIKE 'accounts_cache%'")
        assert set(cursor.fetchall()) == {("u",)}
