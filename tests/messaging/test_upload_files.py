"""Taking in files that somebody is about to send, by the tus protocol."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from audit.models import Entry
from messaging.exceptions import (
    ChannelNotFound,
    FileTooLarge,
    PieceTooLarge,
    TooManyUploads,
    UploadNotFound,
    WrongOffset,
)
from messaging.files.details import Details, details_of
from messaging.models import Channel, Upload
from messaging.services import uploads
from messaging.services.uploads import begin_upload, drop_expired, drop_upload, take_piece
from tests.cast import client_of
from tests.scenes import channel_of
from tests.uploads import NOTE, begin, go_on, state_of, uploaded

#: In two pieces, the first as small as one may be.
FIRST = uploads.LEAST_PIECE_BYTES
LONG = NOTE * (FIRST // len(NOTE) + 2)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def browser(alice: User) -> Client:
    return client_of(alice)


def test_a_file_comes_piece_by_piece_and_is_ready(browser: Client, channel: Channel) -> None:
    begun = begin(browser, channel, len(LONG), name="Année 5.txt")
    assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
    where = begun["Location"]
    assert state_of(browser, where)["state"] == "receiving"

    first = go_on(browser, where, 0, LONG[:FIRST])
    assert (first.status_code, first["Upload-Offset"]) == (204, str(FIRST))
    assert go_on(browser, where, FIRST, LONG[FIRST:]).status_code == 204

    found = state_of(browser, where)
    assert (found["state"], found["name"], found["type"]) == ("ready", "Année 5.txt", "text/plain")
    assert found["size"] == len(LONG)


@pytest.mark.shows("upload-resume")
def test_it_goes_on_where_it_was_cut_off(browser: Client, channel: Channel) -> None:
    where = begin(browser, channel, len(LONG))["Location"]
    assert go_on(browser, where, 0, LONG[:FIRST]).status_code == 204
    at = browser.head(where, HTTP_TUS_RESUMABLE="1.0.0")
    assert (at["Upload-Offset"], at["Upload-Length"]) == (str(FIRST), str(len(LONG)))
    assert "no-store" in at["Cache-Control"]
    assert go_on(browser, where, 0, LONG).status_code == 409
    assert go_on(browser, where, FIRST, LONG[FIRST:]).status_code == 204
    assert state_of(browser, where)["state"] == "ready"


@pytest.mark.shows("file-size")
def test_what_the_protocol_demands_is_said(browser: Client, channel: Channel) -> None:
    offer = browser.options("/messages/uploads/")
    assert offer["Tus-Extension"] == "creation,termination,expiration"
    assert browser.post("/messages/uploads/").status_code == 412
    where = begin(browser, channel, len(NOTE))["Location"]
    plain = browser.patch(
        where, NOTE, content_type="text/plain", HTTP_TUS_RESUMABLE="1.0.0", HTTP_UPLOAD_OFFSET="0"
    )
    assert plain.status_code == 415
    assert begin(browser, channel, 0).status_code == 422
    too_large = begin(browser, channel, 10**12)
    assert too_large.status_code == 413
    assert "too large" in too_large.json()["detail"]  # type: ignore[attr-defined]
    assert begin(browser, channel, 10, waveform="[1, 200]").status_code == 400


def test_given_up_it_is_gone(browser: Client, channel: Channel) -> None:
    where = begin(browser, channel, len(LONG))["Location"]
    assert go_on(browser, where, 0, LONG[:FIRST]).status_code == 204
    assert browser.delete(where, HTTP_TUS_RESUMABLE="1.0.0").status_code == 204
    assert browser.head(where, HTTP_TUS_RESUMABLE="1.0.0").status_code == 404
    assert not Upload.objects.exists()


def test_nobody_else_finds_an_upload(
    alice: User, bob: User, carol: User, theo: User, channel: Channel
) -> None:
    upload = uploaded(alice, channel)
    where = f"/messages/uploads/{upload.id}/"
    for other in (bob, carol, theo):
        client = client_of(other)
        assert client.get(where).status_code == 404
        assert go_on(client, where, 0, b"x").status_code == 404
        assert client.delete(where, HTTP_TUS_RESUMABLE="1.0.0").status_code == 404
    assert Client().get(where).status_code == 401
    assert Upload.objects.filter(id=upload.id).exists()


def test_an_outsider_cannot_begin_one(carol: User, channel: Channel) -> None:
    assert begin(client_of(carol), channel, 10).status_code == 404
    with pytest.raises(ChannelNotFound):
        begin_upload(by=carol, channel_id=uuid4(), size=1, details=Details(name="x"))


def test_sizes_are_kept_to(alice: User, channel: Channel) -> None:
    with pytest.raises(FileTooLarge):
        begin_upload(by=alice, channel_id=channel.id, size=10**12, details=Details(name="x"))
    upload = begin_upload(by=alice, channel_id=channel.id, size=3, details=Details(name="x"))
    with pytest.raises(PieceTooLarge):
        take_piece(by=alice, upload_id=upload.id, offset=0, data=b"four")
    with pytest.raises(PieceTooLarge):
        take_piece(
            by=alice,
            upload_id=upload.id,
            offset=0,
            data=bytes(uploads.MOST_PIECE_BYTES + 1),
        )
    with pytest.raises(WrongOffset):
        take_piece(by=alice, upload_id=upload.id, offset=1, data=b"x")


def test_only_the_last_piece_may_be_small(browser: Client, channel: Channel) -> None:
    where = begin(browser, channel, len(LONG))["Location"]
    for few in (1, FIRST - 1):
        small = go_on(browser, where, 0, LONG[:few])
        assert small.status_code == 400
        assert "at least 256 KiB" in small.json()["detail"]  # type: ignore[attr-defined]
    assert Upload.objects.get().pieces == []
    assert go_on(browser, where, 0, LONG[:-1]).status_code == 204
    assert go_on(browser, where, len(LONG) - 1, LONG[-1:]).status_code == 204
    assert state_of(browser, where)["state"] == "ready"


def test_nobody_fills_the_storage_with_what_is_never_sent(
    alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 1)
    begin_upload(by=alice, channel_id=channel.id, size=3, details=Details(name="x"))
    with pytest.raises(TooManyUploads):
        begin_upload(by=alice, channel_id=channel.id, size=3, details=Details(name="x"))


@pytest.mark.shows("file-kinds")
def test_what_is_not_what_it_says_is_refused(browser: Client, channel: Channel) -> None:
    program = b"MZ" + bytes(100)
    where = begin(browser, channel, len(program), name="holiday.jpg")["Location"]
    refused = go_on(browser, where, 0, program)
    assert refused.status_code == 422
    assert "Programs" in refused.json()["detail"]  # type: ignore[attr-defined]
    assert state_of(browser, where)["state"] == "refused"


@pytest.mark.shows("file-sealed")
def test_its_name_and_its_bytes_stand_nowhere_in_clear(alice: User, channel: Channel) -> None:
    upload = uploaded(alice, channel, name="Zebrafinch report.txt")
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging_upload::text FROM messaging_upload")
        row = cursor.fetchone()[0]
    assert "ebrafinch" not in row
    assert b"ebrafinch".hex() not in row
    assert details_of(upload).name == "Zebrafinch report.txt"


@pytest.mark.shows("file-names")
def test_names_are_cleaned(alice: User, channel: Channel) -> None:
    names = {
        "../../etc/pass\u202etxt.doc.txt": ".txt",
        "a" * 300 + ".txt": ".txt",
        "": ".txt",
    }
    for name, ending in names.items():
        found = details_of(uploaded(alice, channel, name=name)).found
        assert found is not None
        assert found.name.endswith(ending)
        assert len(found.name) <= 120
        assert not {"/", "\\", "\u202e"} & set(found.name)


@pytest.mark.shows("file-unsent")
def test_after_a_day_it_is_gone(
    alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploaded(alice, channel)
    assert drop_expired() == 0
    Upload.objects.filter(id=upload.id).update(expires_at=upload.begun_at)
    with pytest.raises(UploadNotFound):
        drop_upload(by=alice, upload_id=upload.id)
    assert drop_expired() == 1
    assert not Upload.objects.exists()


def test_an_upload_is_no_act_of_the_record(alice: User, channel: Channel) -> None:
    before = Entry.objects.count()
    drop_upload(by=alice, upload_id=uploaded(alice, channel).id)
    assert Entry.objects.count() == before
