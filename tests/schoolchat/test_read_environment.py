"""How the addresses of the database and of Redis are read from the environment."""

from pathlib import Path
from typing import Any

import pytest
from channels_redis.core import RedisChannelLayer
from django.core.exceptions import ImproperlyConfigured
from redis.asyncio.connection import SSLConnection, UnixDomainSocketConnection
from redis.asyncio.sentinel import SentinelConnectionPool, SentinelManagedSSLConnection

from schoolchat.environment import channel_layers, database


def test_the_encryption_of_the_connection_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.school:6432/chat?sslmode=verify-full")
    found = database(tmp_path, "worker")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.school", "6432", "chat")
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["OPTIONS"]["tcp_user_timeout"] == 15_000
    assert found["USER"] == "schoolchat_worker"


@pytest.mark.parametrize(
    "url", ["postgresql://root:secret@db/chat", "postgresql://db/chat?target_session_attrs=any"]
)
def test_what_would_be_ignored_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured):
        database(tmp_path, "web")


def _pool() -> Any:
    """The connections that the layer would make; nothing is connected yet."""
    layer = RedisChannelLayer(**channel_layers("a secret")["default"]["CONFIG"])
    return layer.connection(0).connection_pool


async def _connection(pool: Any) -> Any:
    return pool.connection_class(**pool.connection_kwargs)


@pytest.mark.parametrize("url", ["redis://r/1", "rediss://r/1", "unix:///run/r.sock?db=1"])
async def test_no_idle_socket_of_the_layer_is_lost(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """redis-py 8 by itself reads with a time-out and opens at most 100 connections."""
    monkeypatch.setenv("REDIS_URL", url)
    pool = _pool()
    connection = await _connection(pool)
    assert connection.socket_timeout is None
    assert pool.max_connections == 10_000
    assert connection.db == 1
    assert isinstance(connection, SSLConnection) == url.startswith("rediss")
    assert isinstance(connection, UnixDomainSocketConnection) == url.startswith("unix")


async def test_the_password_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("kept apart\n")
    monkeypatch.setenv("REDIS_URL", "redis://r:6379")
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(tmp_path / "password"))
    assert _pool().connection_kwargs["password"] == "kept apart"


async def test_sentinels_are_asked_quickly_and_the_master_without_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_SENTINELS", "one:26379, [fd00::2]:26380")
    monkeypatch.setenv("REDIS_MASTER", "school")
    monkeypatch.setenv("REDIS_TLS", "on")
    pool = _pool()
    assert isinstance(pool, SentinelConnectionPool)
    assert (pool.service_name, pool.max_connections) == ("school", 10_000)
    master = await _connection(pool)
    assert isinstance(master, SentinelManagedSSLConnection)
    assert master.socket_timeout is None
    asked = [await _connection(one.connection_pool) for one in pool.sentinel_manager.sentinels]
    assert [(one.host, one.port) for one in asked] == [("one", 26379), ("fd00::2", 26380)]
    for one in asked:
        assert isinstance(one, SSLConnection)
        assert one.socket_timeout == one.socket_connect_timeout == 1
        assert one.retry.get_retries() == 0


@pytest.mark.parametrize(
    "given",
    [
        {"REDIS_URL": "redis://r", "REDIS_SENTINELS": "s:26379", "REDIS_MASTER": "school"},
        {"REDIS_SENTINELS": "s:26379"},
        {"REDIS_SENTINELS": "s", "REDIS_MASTER": "school"},
    ],
    ids=["both", "no master", "no port"],
)
def test_a_redis_that_is_named_by_halves_is_refused(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured):
        channel_layers("a secret")
