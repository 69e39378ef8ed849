"""Uploads that are cut off, killed and sent twice at once; and the storage full or away."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import NamedTuple
from unittest.mock import patch

import pytest
from django.db import connection

from accounts.models import User
from audit.clock import now
from messaging.exceptions import MessagingError, TooManyUploads
from messaging.files import checking
from messaging.files.details import Details
from messaging.models import Channel, Upload
from messaging.services import uploads
from messaging.services.uploads import begin_upload, drop_expired, take_piece
from tests.cast import client_of
from tests.faults.scenes import elsewhere
from tests.faults.storage import away, room_for
from tests.faults.web import Web, web_processes
from tests.promises import told
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.sockets import cookie_of
from tests.storage import names_there
from tests.uploads import NOTE, begin, begun, go_on, ids, metadata, state_of

pytestmark = pytest.mark.django_db(transaction=True)

_FORGED_BY_NOBODY = "a" * 32
LONG = b"".join(b"line %07d\n" % number for number in range(50_000))


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


class _Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


class Phone:
    """A signed-in client that speaks HTTP byte by byte."""

    def __init__(self, web: Web, person: User) -> None:
        self._port = web.processes[0].port
        self._headers = {
            "Cookie": f"{cookie_of(person)}; csrftoken={_FORGED_BY_NOBODY}",
            "X-CSRFToken": _FORGED_BY_NOBODY,
            "Tus-Resumable": "1.0.0",
        }

    def ask(self, method: str, path: str, body: bytes = b"", **more: str) -> _Answer:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=20)) as line:
            line.request(method, path, body or None, {**self._headers, **named})
            answer = line.getresponse()
            return _Answer(answer.status, answer.headers, answer.read())

    def begin(self, channel: Channel, size: int) -> str:
        answer = self.ask(
            "POST",
            "/messages/uploads/",
            Upload_Length=str(size),
            Upload_Metadata=metadata(channel, "lines.txt"),
        )
        assert answer.status == 201
        return str(answer.headers["Location"])

    def go_on(self, where: str, offset: int, body: bytes) -> _Answer:
        return self.ask(
            "PATCH",
            where,
            body,
            Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream",
        )

    def is_cut_off(self, where: str, offset: int, body: bytes, after: int) -> None:
        """The connection breaks when so many bytes of the body are out."""
        headers = {
            **self._headers,
            "Host": "127.0.0.1",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", self._port)) as line:
            line.sendall(f"PATCH {where} HTTP/1.1\r\n{lines}\r\n".encode() + body[:after])

    def offset(self, where: str) -> int:
        return int(self.ask("HEAD", where).headers["Upload-Offset"])


@pytest.mark.shows("cut-upload")
def test_an_upload_cut_off_and_killed_goes_on_and_is_whole(alice: User, channel: Channel) -> None:
    half = len(LONG) // 2
    with web_processes("uvicorn") as web:
        phone = Phone(web, alice)
        where = phone.begin(channel, len(LONG))
        for after in (0, 1, half - 1):
            phone.is_cut_off(where, 0, LONG[:half], after)
            assert phone.offset(where) == 0
        assert phone.go_on(where, 0, LONG[:half]).status == 204
        web.processes[0].kill()
    with web_processes("daphne") as web:
        phone = Phone(web, alice)
        assert phone.offset(where) == half
        phone.is_cut_off(where, half, LONG[half:], 1_000)
        assert phone.go_on(where, 0, LONG[:half]).status == 409
        assert phone.go_on(where, half, LONG[half:]).status == 204
        upload = Upload.objects.get()
        assert (upload.state, upload.pieces) == ("ready", [])
        message = say(alice, channel, "", uploads=ids(upload))
        file = f"/messages/files/{message.id}/{upload.id}/"
        assert phone.ask("GET", file).body == LONG
        part = phone.ask("GET", file, Range="bytes=65530-65540")
        assert (part.status, part.body) == (206, LONG[65530:65541])


def test_two_pieces_at_once_are_one(alice: User, channel: Channel) -> None:
    """While one is being taken in, its row is locked."""
    where = begin(client_of(alice), channel, len(NOTE))["Location"]
    with _held(where):
        assert go_on(client_of(alice), where, 0, NOTE).status_code == 423
        assert client_of(alice).delete(where, HTTP_TUS_RESUMABLE="1.0.0").status_code == 423
    assert go_on(client_of(alice), where, 0, NOTE).status_code == 204


def test_many_begun_at_once_do_not_pass_the_limit(
    alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 2)
    together = Barrier(6)

    def begun(_number: int) -> bool:
        together.wait()
        try:
            begin_upload(by=alice, channel_id=channel.id, size=9, details=Details(name="x"))
        except TooManyUploads:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(begun, range(6))) == 2
    assert Upload.objects.count() == 2


@contextmanager
def _held(where: str) -> Iterator[None]:
    """Another process has the row."""
    with elsewhere() as other:
        other.execute(
            "SELECT FROM messaging_upload WHERE id = %s FOR UPDATE", [where.split("/")[-2]]
        )
        yield


def test_killed_between_piece_and_row_the_piece_comes_again(alice: User, channel: Channel) -> None:
    upload = begun(alice, channel)
    with patch.object(Upload, "save", side_effect=_Killed), pytest.raises(_Killed):
        take_piece(by=alice, upload_id=upload.id, offset=0, data=NOTE)
    assert len(_kept_of(upload)) == 1
    assert Upload.objects.get().received == 0
    assert take_piece(by=alice, upload_id=upload.id, offset=0, data=NOTE).state == "ready"


def test_killed_while_it_is_checked_it_is_checked_later(alice: User, channel: Channel) -> None:
    upload = begun(alice, channel)
    with patch.object(checking, "seal_details", side_effect=_Killed), pytest.raises(_Killed):
        take_piece(by=alice, upload_id=upload.id, offset=0, data=NOTE)
    assert Upload.objects.get().state == "checking"
    with acting_as("worker"):
        checking.check_waiting()
        assert Upload.objects.get().state == "checking"  # for all that is known it still goes on
        Upload.objects.update(checking_since=now() - checking.LONGEST_CHECK)
        checking.check_waiting()
    assert Upload.objects.get().state == "ready"
    assert _kept_of(upload) == [str(upload.id)]


def _kept_of(upload: Upload) -> list[str]:
    """What stands of it in the storage."""
    return [name for name in names_there() if name.startswith(str(upload.id))]


class _Killed(BaseException):
    """The process is gone."""


@pytest.mark.says("full-disk")
@pytest.mark.shows("full-disk")
def test_a_full_disk_is_said_and_nothing_is_half_done(alice: User, channel: Channel) -> None:
    browser = client_of(alice)
    where = begin(browser, channel, len(LONG), name="lines.txt")["Location"]
    with room_for(1_000):
        full = go_on(browser, where, 0, LONG)
    assert full.status_code == 507
    assert full.json() == {"code": "unavailable", "detail": told("full-disk")}  # type: ignore[attr-defined]
    assert state_of(browser, where)["state"] == "receiving"
    assert Upload.objects.get().received == 0
    assert go_on(browser, where, 0, LONG).status_code == 204
    assert state_of(browser, where)["state"] == "ready"


@pytest.mark.says("storage-down")
@pytest.mark.shows("storage-down")
def test_without_the_storage_nothing_is_lost_and_nothing_is_said_to_be_there(
    alice: User, channel: Channel, tmp_path: Path
) -> None:
    browser = client_of(alice)
    where = begin(browser, channel, len(NOTE))["Location"]
    with away(tmp_path):
        answer = go_on(browser, where, 0, NOTE)
        assert answer.status_code == 503
        assert answer.json()["detail"] == told("storage-down")  # type: ignore[attr-defined]
    assert go_on(browser, where, 0, NOTE).status_code == 204
    message = say(alice, channel, "", uploads=ids(Upload.objects.get()))
    file = f"/messages/files/{message.id}/{message.attachments.get().file_id}/"
    with away(tmp_path):
        assert browser.get(file).status_code == 503
    assert browser.get(file).status_code == 200


def test_given_up_or_expired_while_the_storage_is_away_nobody_can_open_or_send_it(
    alice: User, channel: Channel, tmp_path: Path
) -> None:
    browser = client_of(alice)
    first, second = (begin(browser, channel, len(NOTE))["Location"] for _ in range(2))
    for where in (first, second):
        go_on(browser, where, 0, NOTE)
    Upload.objects.filter(id=second.split("/")[-2]).update(expires_at=now())
    with away(tmp_path):
        assert browser.delete(first, HTTP_TUS_RESUMABLE="1.0.0").status_code == 503
        assert drop_expired() == 0
        closed = list(Upload.objects.all())
        assert {(one.own_key_id, bytes(one.sealed)) for one in closed} == {(None, b"")}
        assert browser.get(first).status_code == 404
    with pytest.raises(MessagingError):
        say(alice, channel, "", uploads=ids(*closed))
    assert drop_expired() == 2
    assert [name for one in closed for name in _kept_of(one)] == []
