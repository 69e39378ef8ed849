"""The same promise in S3-compatible storage, which may be full, away, or somebody else's."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.checks import run_checks

from messaging.files import bucket as of_bucket
from messaging.files.bucket import Bucket
from messaging.files.places import PlaceAway, PlaceFull, place
from schoolchat import attachments
from tests.messaging.files.s3 import BUCKET, KEY_ID, S3, SECRET, s3

REAL = os.environ.get("SCHOOLCHAT_TEST_S3", "")


@pytest.fixture(scope="module")
def _server() -> Iterator[S3]:
    with s3() as running:
        yield running


@pytest.fixture
def server(_server: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """With so little patience, what fails is tried once and not for a quarter of a minute."""
    quick = {"max_retries": 0, "retry_timeout": timedelta(seconds=1)}
    monkeypatch.setattr(of_bucket, "_RETRY", quick)
    yield _server
    _server.full = _server.away = False
    _server.objects.clear()
    _server.parts.clear()


def bucket(address: str, **others: str) -> Bucket:
    told = {"bucket": BUCKET, "prefix": "chat", "region": "", "key_id": KEY_ID, "secret": SECRET}
    return Bucket(**(told | {"endpoint": address} | others))


@pytest.fixture
def name() -> str:
    return str(uuid4())


def test_an_object_is_kept_and_given_back(server: S3, name: str) -> None:
    kept = bucket(REAL or server.address)
    assert kept.ready()
    kept.put(name, [b"Good ", b"", b"morning"])
    assert b"".join(kept.get(name)) == b"Good morning"
    assert b"".join(kept.get(name, 5)) == b"morning"
    assert b"".join(kept.get(name, 1, 4)) == b"ood"
    assert b"".join(kept.get(name, 8, 99)) == b"ning"
    assert b"".join(kept.get(name, 3, 3)) == b""
    assert kept.exists(name)
    kept.put(name, [b"again"])
    assert b"".join(kept.get(name)) == b"again"
    kept.delete(name)
    kept.delete(name)
    assert not kept.exists(name)
    with pytest.raises(FileNotFoundError):
        next(kept.get(name))


def test_a_large_object_goes_in_parts(server: S3, name: str) -> None:
    kept, chunk = bucket(REAL or server.address), os.urandom(1024 * 1024)
    kept.put(name, [chunk] * 12)
    assert b"".join(kept.get(name, len(chunk) - 1, 3 * len(chunk))) == chunk[-1:] + chunk * 2
    kept.delete(name)


def test_what_breaks_off_leaves_nothing(server: S3, name: str) -> None:
    def breaks_off(good: int) -> Iterator[bytes]:
        for _ in range(good):
            yield bytes(1024 * 1024)
        raise ConnectionResetError("the phone is gone")

    kept = bucket(REAL or server.address)
    for good in (0, 1, 12):
        with pytest.raises(ConnectionResetError, match="phone"):
            kept.put(name, breaks_off(good))
        assert not kept.exists(name)


def test_objects_stand_below_the_prefix(server: S3, name: str) -> None:
    bucket(server.address).put(name, [b"x"])
    assert list(server.objects) == [f"chat/{name}"]
    bucket(server.address, prefix="").put(name, [b"y"])
    assert set(server.objects) == {f"chat/{name}", name}


def test_storage_without_room_is_told_from_storage_that_is_away(server: S3, name: str) -> None:
    kept = bucket(server.address)
    kept.put(name, [b"x"])
    server.full = True
    with pytest.raises(PlaceFull):
        kept.put(str(uuid4()), [b"x"])
    with pytest.raises(PlaceFull):
        kept.put(str(uuid4()), [bytes(1024 * 1024)] * 12)
    server.away = True
    assert not kept.ready()
    for fails in (
        lambda: kept.put(name, [b"x"]),
        lambda: next(kept.get(name)),
        lambda: kept.exists(name),
        lambda: kept.delete(name),
    ):
        with pytest.raises(PlaceAway):
            fails()


def test_storage_that_nobody_answers_for_is_away(server: S3, name: str) -> None:
    kept = bucket("http://127.0.0.1:9")
    assert not kept.ready()
    with pytest.raises(PlaceAway):
        kept.put(name, [b"x"])


def test_with_a_wrong_secret_it_is_away_and_says_so_nowhere_else(
    server: S3, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = bucket(server.address, secret="another")
    assert not kept.ready()
    with pytest.raises(PlaceAway) as away:
        kept.put(name, [b"x"])
    assert "another" not in str(away.value)
    assert str(away.value).startswith("The school's storage cannot be reached")


def test_the_school_chooses_it_by_a_setting(
    server: S3, decide: Callable[..., None], name: str
) -> None:
    told = {"prefix": "", "region": "", "key_id": KEY_ID, "secret": SECRET}
    decide(place=attachments.S3(bucket=BUCKET, endpoint=server.address, **told))
    assert run_checks(tags=["files"]) == [] or place().ready()
    place().put(name, [b"x"])
    assert list(server.objects) == [name]
    assert place() is place()
    decide(place=attachments.S3(bucket="", endpoint="", **told))
    assert "messaging.E006" in [found.id for found in run_checks(tags=["files"])]
