"""While the virus scanner says nothing accounts are closed, keys are moved on, and pages answer."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from accounts.models import User
from accounts.services.people import deactivate_person
from messaging.exceptions import UploadNotFound
from messaging.files.checking import check_waiting
from messaging.files.details import details_of
from messaging.files.places import place
from messaging.models import Channel, Upload
from messaging.services import uploads
from messaging.services.uploads import take_piece
from retention.keyring_move import move_keyring
from tests.faults.test_upload_files import Phone
from tests.faults.web import web_processes
from tests.roles import acting_as
from tests.scenes import channel_of
from tests.storage import names_there
from tests.uploads import NOTE, begun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A scanner that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        yield server


def _address(server: socket.socket) -> str:
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def _taken(by: User, upload: Upload) -> str:
    with closing(connection):
        return take_piece(by=by, upload_id=upload.id, offset=0, data=NOTE).state


@contextmanager
def _while_it_is_scanned(
    by: User, channel: Channel, server: socket.socket
) -> Iterator[tuple[Upload, "Future[str]"]]:
    """In the block nothing is known of the file; behind it, that it is clean."""
    upload = begun(by, channel)
    chosen = replace(settings.FILES, scanner=_address(server), decided=True)
    with override_settings(FILES=chosen), ThreadPoolExecutor(1) as threads:
        ended = threads.submit(_taken, by, upload)
        line, _ = server.accept()
        with line:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            try:
                yield upload, ended
            finally:
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
                with suppress(OSError):  # nobody waits for it any more
                    line.sendall(b"stream: OK\0")


def test_an_account_is_closed_at_once_and_its_file_never_becomes_ready(
    alice: User, theo: User, channel: Channel, silent: socket.socket
) -> None:
    with _while_it_is_scanned(alice, channel, silent) as (upload, ended):
        deactivate_person(by=theo, person_id=alice.pk)
        assert not ended.done()
    with pytest.raises(UploadNotFound):
        ended.result()
    left = Upload.objects.get()
    assert (left.own_key_id, left.state) == (None, "checking")
    assert not place().exists(str(upload.id))


def test_given_up_meanwhile_nothing_is_left_of_it(
    alice: User, channel: Channel, silent: socket.socket
) -> None:
    with _while_it_is_scanned(alice, channel, silent) as (upload, ended):
        uploads.drop_upload(by=alice, upload_id=upload.id)
    with pytest.raises(UploadNotFound):
        ended.result()
    assert not Upload.objects.exists()
    assert not [name for name in names_there() if name.startswith(str(upload.id))]


def test_the_keys_are_moved_on_meanwhile(
    alice: User, channel: Channel, silent: socket.socket
) -> None:
    with _while_it_is_scanned(alice, channel, silent) as (_upload, ended):
        with acting_as("disposer"):
            move_keyring()
    assert ended.result() == "ready"
    assert details_of(Upload.objects.select_related("own_key").get()).found


def test_whoever_sends_the_last_piece_waits_for_some_seconds_only(
    alice: User, channel: Channel, silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SCAN_SECONDS", 0.1)
    with _while_it_is_scanned(alice, channel, silent) as (_upload, ended):
        assert ended.result() == "checking"
    check_waiting()
    assert Upload.objects.get().state == "ready"


def test_six_files_that_are_not_scanned_keep_no_page_waiting(
    alice: User, channel: Channel, silent: socket.socket
) -> None:
    with (
        web_processes("uvicorn", SCHOOLCHAT_SCANNER=_address(silent)) as web,
        ThreadPoolExecutor(6) as threads,
    ):
        phone = Phone(web, alice)
        places = [phone.begin(channel, len(NOTE)) for _ in range(6)]
        sent = [threads.submit(phone.go_on, where, 0, NOTE) for where in places]
        lines = [silent.accept()[0] for _ in range(2)]
        page = phone.ask("GET", "/accounts/profile/")
        assert page.status == 200
        assert not any(one.done() for one in sent)
        silent.close()
        for line in lines:
            line.close()
        assert [one.result().status for one in sent] == [204] * 6
    assert set(Upload.objects.values_list("state", flat=True)) <= {"checking", "waiting"}
