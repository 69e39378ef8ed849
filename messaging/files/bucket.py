"""Files in S3-compatible storage, through obstore.

An upload of several parts is put together by the storage when the last one is there, so nobody ever
reads a part of an object. Requests that fail are tried again for some seconds.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from messaging.files.lost_ways import PlaceAway, PlaceFull

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

_PART_BYTES: Final = 5 * 1024 * 1024  # the least that S3 takes, but for the last part
#: Sealed bytes that wait for their last ones; longer ones wait on the disk, in a nameless file.
_IN_MEMORY_BYTES: Final = 8 * 1024 * 1024
_READ_BYTES: Final = 256 * 1024
_CLIENT: Final["ClientConfig"] = {
    "connect_timeout": timedelta(seconds=5),
    "read_timeout": timedelta(seconds=20),
    "timeout": timedelta(minutes=5),
}
_RETRY: Final["RetryConfig"] = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
_HEALTH_CLIENT: Final["ClientConfig"] = {"timeout": timedelta(seconds=2)}
_HEALTH_RETRY: Final["RetryConfig"] = {"max_retries": 0, "retry_timeout": timedelta(seconds=2)}
#: As AWS, Ceph, MinIO and proxies say that there is no room.
_NO_ROOM: Final = ("QuotaExceeded", "StorageFull", "EntityTooLarge", "507 ", "InsufficientStorage")
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"

_log = structlog.get_logger("schoolchat.files")


class Bucket:
    """An ObjectStore (places.py) in a bucket, perhaps below a prefix.

    Without `key_id` and `secret` the credentials are those that the machine has (AWS roles).
    """

    def __init__(
        self, *, bucket: str, prefix: str, endpoint: str, region: str, key_id: str, secret: str
    ) -> None:
        config: S3Config = {"region": region or "us-east-1"}
        if endpoint:
            config["endpoint"] = endpoint
        if key_id:
            config |= {"access_key_id": key_id, "secret_access_key": secret}
        plain: ClientConfig = {"allow_http": endpoint.startswith("http://")}

        def store(client: "ClientConfig", retry: "RetryConfig") -> S3Store:
            return S3Store(
                bucket,
                prefix=prefix or None,
                config=config,
                client_options=client | plain,
                retry_config=retry,
            )

        self._store = store(_CLIENT, _RETRY)
        self._asked_after = store(_HEALTH_CLIENT, _HEALTH_RETRY)

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Keep an object.

        Its bytes are gathered first: the chunks may come out of this very storage, and obstore
        cannot be asked for something while it waits for something.
        """
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as gathered:
            gathered.writelines(chunks)
            gathered.seek(0)
            with _told_apart():
                obstore.put(self._store, name, gathered, chunk_size=_PART_BYTES)

    def get(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes, as they come."""
        if end is not None and end <= start:
            return
        span: Any = {"offset": start} if end is None else (start, end)
        with _told_apart():
            options: Any = {"range": span} if start or end is not None else None
            got = obstore.get(self._store, name, options=options)
            for chunk in got.stream(min_chunk_size=_READ_BYTES):
                yield bytes(chunk)

    def delete(self, name: str) -> None:
        """Take it out."""
        try:
            with _told_apart():
                obstore.delete(self._store, name)
        except FileNotFoundError:
            pass

    def exists(self, name: str) -> bool:
        """Whether it is there."""
        try:
            with _told_apart():
                obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True

    def ready(self) -> bool:
        """Whether the bucket answers, within two seconds."""
        try:
            obstore.head(self._asked_after, _NOBODY)
        except FileNotFoundError:
            return True
        except (BaseError, OSError) as error:
            _log.warning("the storage of files is away", error=str(error)[:300])
            return False
        return True


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        said = str(error)
        _log.warning("the storage of files does not answer as it should", error=said[:300])
        full = any(mark in said for mark in _NO_ROOM)
        raise (PlaceFull if full else PlaceAway) from error
