"""Time stamps over checkpoints, by an authority that openssl plays."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from audit.checkpoints import note_of
from oversight.models import Publication
from oversight.stamps import NotAStamp
from oversight.workers.stamping import stamp_over, stamp_published
from tests.cast import client_of
from tests.oversight.outside import Authority, authority, published, verified, web_server
from tests.roles import acting_as


@pytest.fixture
def tsa(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """The authority that the settings name."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with authority(tmp_path) as site:
        settings.TSA_URL = site.address
        yield site


@pytest.fixture
def publication(gwen: User) -> Publication:
    return published(gwen)


def _stamp() -> None:
    with acting_as("worker"):
        stamp_published()


def test_a_stamp_is_kept_and_openssl_accepts_it(
    tsa: Authority, publication: Publication, gwen: User
) -> None:
    _stamp()

    browser, address = client_of(gwen), f"/audit/checkpoints/{publication.uid}/"
    note = browser.get(f"{address}checkpoint.txt").content
    answer = browser.get(f"{address}checkpoint.tsr")
    assert answer["Content-Type"] == "application/timestamp-reply"
    assert verified(tsa.folder, answer.content, note)
    assert not verified(tsa.folder, answer.content, note + b" ")
    assert "Download the time stamp" in browser.get(address).content.decode()


def test_the_authority_gets_a_hash_and_nothing_else(
    tsa: Authority, publication: Publication
) -> None:
    _stamp()
    ((_, headers, query),) = tsa.posted
    note = note_of(publication.checkpoint).encode()
    assert headers["Content-Type"] == "application/timestamp-query"
    assert hashlib.sha256(note).digest() in query
    assert len(query) < 100
    _stamp()
    assert len(tsa.posted) == 1


def test_without_an_authority_none_is_asked(publication: Publication, gwen: User) -> None:
    _stamp()
    publication.refresh_from_db()
    assert publication.stamp is None
    assert (
        client_of(gwen).get(f"/audit/checkpoints/{publication.uid}/checkpoint.tsr").status_code
        == 404
    )


def test_an_authority_that_is_away_is_asked_again(tsa: Authority, publication: Publication) -> None:
    tsa.status = 503
    _stamp()
    publication.refresh_from_db()
    assert publication.stamp is None
    tsa.status = 200
    _stamp()
    publication.refresh_from_db()
    assert publication.stamp is not None


def test_a_stamp_over_something_else_is_none(
    tsa: Authority, publication: Publication, settings: Settings
) -> None:
    _stamp()
    publication.refresh_from_db()
    kept = bytes(publication.stamp or b"")
    for reply in (kept, b"", b"<html>", kept[:-20]):
        with web_server(_Parrot, reply=reply, status=200) as parrot:
            settings.TSA_URL = parrot.address
            with pytest.raises(NotAStamp):
                stamp_over(note_of(publication.checkpoint).encode())


class _Parrot(Authority):
    """Says the same whatever it is asked."""

    def __init__(self, *, reply: bytes, **more: object) -> None:
        super().__init__(folder=Path(), **more)  # type: ignore[arg-type]
        self._reply = reply

    def answer(self, _body: bytes) -> bytes:
        return self._reply
