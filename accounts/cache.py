"""Django's cache in the database: what every process has to know for some minutes.

That is how often somebody has tried to sign in, and which one-time codes were used. It is shared
by all processes on all machines, and needs nothing that could be away while people can sign in.
Keys stand there as keyed hashes, since allauth makes them of addresses; values as JSON, since what
comes out of Django's own database cache is unpickled. The table is in no write-ahead log.
"""

import json
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

_GET: Final = "SELECT value FROM accounts_cache WHERE key = %s AND expires > clock_timestamp()"
_SET: Final = """
INSERT INTO accounts_cache AS there (key, value, expires)
VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
_ADD: Final = f"{_SET} WHERE there.expires <= clock_timestamp()"
_TOUCH: Final = """
UPDATE accounts_cache SET expires = clock_timestamp() + make_interval(secs => %s)
WHERE key = %s AND expires > clock_timestamp()
"""
_DELETE: Final = "DELETE FROM accounts_cache WHERE key = %s AND expires > clock_timestamp()"
#: Nobody waits for another process that is at it.
_FORGET: Final = """
DELETE FROM accounts_cache WHERE key IN (
    SELECT key FROM accounts_cache WHERE expires <= clock_timestamp()
    LIMIT 1000 FOR UPDATE SKIP LOCKED)
"""
_NEVER_SECONDS: Final = 10 * 365 * 86_400


class DatabaseCache(BaseCache):
    """Values that JSON can hold, until they expire by the database's clock."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def make_key(self, key: Any, version: int | None = None) -> str:
        """The key as it stands in the table: 64 hex digits that tell nobody an address."""
        return salted_hmac(
            "accounts.cache", super().make_key(key, version), algorithm="sha256"
        ).hexdigest()

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default`."""
        with connection.cursor() as cursor:
            cursor.execute(_GET, [self.make_key(key, version)])
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep a value; what has expired meanwhile goes."""
        _changed(_FORGET)
        _changed(_SET, self.make_key(key, version), json.dumps(value), self._seconds(timeout))

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep a value unless there is one; of many who try at once, one hears True."""
        seconds = self._seconds(timeout)
        return _changed(_ADD, self.make_key(key, version), json.dumps(value), seconds)

    def touch(
        self,
        key: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Let a value live as long again."""
        return _changed(_TOUCH, self._seconds(timeout), self.make_key(key, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value; whether there was one."""
        return _changed(_DELETE, self.make_key(key, version))

    def clear(self) -> None:
        """Forget everything."""
        _changed("DELETE FROM accounts_cache")

    def _seconds(self, timeout: float | object | None) -> float:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return float(timeout) if isinstance(timeout, int | float) else _NEVER_SECONDS


def _changed(statement: str, *values: str | float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)
