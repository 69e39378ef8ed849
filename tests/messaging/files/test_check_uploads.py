"""What is harmful comes in by no way, and what comes in has lost what nobody else should know."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from structlog.testing import capture_logs

from accounts.models import User
from accounts.services.tokens import create_token
from messaging.exceptions import MessagingError
from messaging.files import checking, storing
from messaging.files.checking import check_waiting
from messaging.files.details import Details, details_of
from messaging.files.places import place
from messaging.files.scanner import OFF
from messaging.models import Channel, Upload
from schoolchat import attachments
from tests.cast import client_of
from tests.messaging.files import samples
from tests.messaging.files.clamav import Clamd, clamd
from tests.messaging.files.s3 import BUCKET, KEY_ID, SECRET, s3
from tests.messaging.files.test_make_pictures_anew import png_that_says, with_a_past
from tests.promises import told
from tests.scenes import channel_of, say
from tests.storage import names_there
from tests.uploads import NOTE, begin, go_on, ids, state_of, uploaded

pytestmark = pytest.mark.django_db

Decide = Callable[..., None]
READY, REFUSED, WAITING = "ready", "refused", "waiting"


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def sent(browser: Client, channel: Channel, data: bytes, name: str) -> dict[str, Any]:
    """What the page is told of a file, once its bytes have come."""
    where = begin(browser, channel, len(data), name=name)["Location"]
    answer = go_on(browser, where, 0, data)
    told = state_of(browser, where)
    if told["state"] == REFUSED:
        assert answer.status_code == 422
        assert answer.json()["detail"] == told["detail"]  # type: ignore[attr-defined]
    return told


def opened(by: User, url: str) -> bytes:
    answer = client_of(by).get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.shows("gps")
def test_a_photo_with_a_place_in_it_comes_out_without(
    alice: User, bob: User, channel: Channel
) -> None:
    data = with_a_past()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
    message = say(alice, channel, "The pond", uploads=ids(uploaded(alice, channel, data, "p.jpg")))
    url = f"/messages/files/{message.id}/{message.attachments.get().file_id}/"
    for there in (url, f"{url}thumbnail/"):
        got = opened(bob, there)
        assert not Image.open(io.BytesIO(got)).getexif()
        assert b"Phone of Alice" not in got


@pytest.mark.shows("scan")
def test_the_eicar_string_is_refused_everywhere(
    alice: User,
    channel: Channel,
    scanner: Clamd,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    browser, before = client_of(alice), names_there()
    hidden = {
        "eicar.txt": samples.EICAR,
        "table.csv": samples.EICAR + b"\n",
        "plan.docx": samples.openxml(word__notes=samples.EICAR.decode()),
        "notes.odt": samples.opendocument("text", notes=samples.EICAR.decode()),
        "letter.pdf": samples.pdf() + samples.EICAR,
        "photo.jpg": samples.picture() + samples.EICAR,
    }
    for name, data in hidden.items():
        with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
            told = sent(browser, channel, data, name)
        assert (told["state"], told["type"]) == (REFUSED, None), name
        assert "harmful" in told["detail"]
        (line,) = [line for line in lines if line["event"] == "file_infected"]
        assert (line["person"], line["found"]) == (str(alice.pk), "Eicar-Test.UNOFFICIAL")
        with pytest.raises(MessagingError):
            say(alice, channel, "Look", uploads=[Upload.objects.get(id=told["id"]).id])
    assert names_there() == before  # not even sealed


def test_a_program_with_a_token_is_told_the_same(
    alice: User, channel: Channel, scanner: Clamd
) -> None:
    token = create_token(by=alice, person=alice, name="Bell").secret
    browser = Client(headers={"Authorization": f"Bearer {token}"})
    assert sent(browser, channel, samples.EICAR, "a.txt")["state"] == REFUSED
    assert sent(browser, channel, NOTE, "a.txt")["state"] == READY


@pytest.mark.shows("scanner-away", "scanner-down")
def test_while_the_scanner_is_away_files_wait_and_nobody_opens_them(
    alice: User, channel: Channel, decide: Decide
) -> None:
    browser = client_of(alice)
    with clamd() as daemon:
        decide(scanner=daemon.unix)
        daemon.stop()
        told = [sent(browser, channel, data, "a.txt") for data in (NOTE, samples.EICAR)]
        assert [one["state"] for one in told] == [WAITING, WAITING]
        waiting = Upload.objects.get(id=told[0]["id"])
        assert details_of(waiting).found is None
        with pytest.raises(MessagingError):
            say(alice, channel, "Look", uploads=ids(waiting))
        check_waiting()
        assert Upload.objects.filter(state=WAITING).count() == 2
        daemon.start()
        check_waiting()
    states = {str(one.id): one.state for one in Upload.objects.all()}
    assert [states[one["id"]] for one in told] == [READY, REFUSED]
    assert say(alice, channel, "Look", uploads=ids(waiting)).attachments.count() == 1


@pytest.fixture
def waiting(alice: User, channel: Channel, decide: Decide, tmp_path: Path) -> list[Upload]:
    """Three whole files that came while the scanner was away; now there is none."""
    decide(scanner=f"unix://{tmp_path}/nobody")
    found = [uploaded(alice, channel) for _ in range(3)]
    assert {one.state for one in found} == {WAITING}
    return found


def test_damaged_files_are_refused_and_hold_up_no_other(
    alice: User, waiting: list[Upload], decide: Decide
) -> None:
    pieces, known, whole = waiting
    place().put(storing.piece_name(pieces.id, pieces.pieces[0]), [b"something else"])
    Upload.objects.filter(id=known.id).update(sealed=b"something else")
    decide(scanner=OFF)
    check_waiting()
    for damaged in (pieces, known):
        told = state_of(client_of(alice), f"/messages/uploads/{damaged.id}/")
        assert (told["state"], told["code"]) == (REFUSED, "refused")
        assert "damaged" in told["detail"]
    assert Upload.objects.get(id=whole.id).state == READY


def test_what_cannot_be_checked_is_in_the_log_refused_and_holds_up_no_other(
    alice: User, waiting: list[Upload], decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = waiting[0].id

    def fails_once(upload: Upload) -> Details:
        if upload.id == first:
            raise ZeroDivisionError
        return details_of(upload)

    monkeypatch.setattr(checking, "details_of", fails_once)
    decide(scanner=OFF)
    with capture_logs() as lines:
        check_waiting()
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("file cannot be checked", "critical")
    assert (line["id"], line["error"]) == (str(first), "ZeroDivisionError")
    states = Upload.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [REFUSED, READY, READY]
    told = state_of(client_of(alice), f"/messages/uploads/{first}/")
    assert "could not be checked" in told["detail"]


@pytest.mark.parametrize("error", [ZeroDivisionError, OSError])
def test_a_fault_while_it_is_checked_at_once_is_no_fault_of_the_upload(
    alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(upload: Upload) -> Details:
        raise error

    browser = client_of(alice)
    where = begin(browser, channel, len(NOTE))["Location"]
    with monkeypatch.context() as patched, capture_logs() as lines:
        patched.setattr(checking, "details_of", fails)
        answer = go_on(browser, where, 0, NOTE)
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(len(NOTE)))
    (line,) = (one for one in lines if one["log_level"] == "critical")
    assert (line["event"], line["error"]) == ("file not checked at once", error.__name__)
    assert state_of(browser, where)["state"] == "checking"
    check_waiting()
    assert state_of(browser, where)["state"] == READY


def test_a_fault_of_the_machine_refuses_no_file(
    waiting: list[Upload], decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(upload: Upload) -> Details:
        raise OSError

    decide(scanner=OFF)
    with monkeypatch.context() as patched, capture_logs():
        patched.setattr(checking, "details_of", fails)
        check_waiting()
    assert {one.state for one in Upload.objects.all()} == {WAITING}
    check_waiting()
    assert {one.state for one in Upload.objects.all()} == {READY}


def test_a_scanner_that_is_away_is_asked_once_a_round(waiting: list[Upload]) -> None:
    with capture_logs() as lines:
        check_waiting()
    assert [line["event"] for line in lines] == ["the virus scanner is away"]
    assert Upload.objects.filter(state=WAITING).count() == len(waiting)


def test_a_school_that_does_not_let_files_wait_refuses_them(
    alice: User, channel: Channel, decide: Decide, tmp_path: Path
) -> None:
    decide(scanner=f"unix://{tmp_path}/nobody", when_away="refuse")
    told = sent(client_of(alice), channel, NOTE, "a.txt")
    assert (told["state"], told["code"]) == (REFUSED, "unavailable")
    assert "scanner cannot be reached" in told["detail"]


@pytest.mark.says("bomb", "svg", "disguised")
@pytest.mark.shows("bomb", "svg", "disguised")
@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (png_that_says(8001, 5000), "huge.png", told("bomb")),
        (b"<svg><script>alert(1)</script></svg>", "drawing.svg", told("svg")),
        (b"<svg><script>alert(1)</script></svg>", "photo.jpg", told("svg")),
        (samples.archive({"a": b"b"}), "photo.jpg", told("disguised")),
        (samples.macro_document(), "plan.docx", "macros"),
        (b"#!/bin/sh\n", "notes.txt", "scripts"),
        (samples.picture()[:50], "cut.jpg", "cannot be read"),
    ],
)
def test_what_could_do_harm_is_refused_in_a_sentence(
    alice: User, channel: Channel, data: bytes, name: str, said: str
) -> None:
    told = sent(client_of(alice), channel, data, name)
    assert told["state"] == REFUSED
    assert said in told["detail"]


@pytest.mark.says("polyglot")
@pytest.mark.shows("polyglot")
def test_what_is_two_kinds_at_once_is_refused_or_made_harmless(
    alice: User, bob: User, channel: Channel
) -> None:
    browser, jar = client_of(alice), samples.archive({"a.class": b"\xca\xfe\xba\xbe"})
    refused = sent(browser, channel, samples.pdf() + jar, "a.pdf")
    assert (refused["state"], refused["detail"]) == (REFUSED, told("polyglot"))
    page = b"<html><script>alert(1)</script>"
    for kind in ("JPEG", "GIF", "PNG"):
        kept = sent(browser, channel, samples.picture(kind) + page + jar, "two.html")
        assert kept["name"] == f"two.{kept['type'].removeprefix('image/').replace('jpeg', 'jpg')}"
        message = say(alice, channel, "", uploads=ids(Upload.objects.get(id=kept["id"])))
        got = opened(bob, f"/messages/files/{message.id}/{message.attachments.get().file_id}/")
        assert b"script" not in got
        assert b"PK\x03\x04" not in got


@pytest.mark.shows("file-places")
def test_files_stand_in_storage_of_the_s3_kind_where_the_school_wants_it(
    alice: User, bob: User, channel: Channel, decide: Decide
) -> None:
    with s3() as server:
        told = {"prefix": "chat", "region": "", "key_id": KEY_ID, "secret": SECRET}
        decide(place=attachments.S3(bucket=BUCKET, endpoint=server.address, **told))
        upload = uploaded(alice, channel, NOTE * 10_000)
        message = say(alice, channel, "Look", uploads=ids(upload))
        assert f"chat/{upload.id}" in server.objects
        assert not any(NOTE in kept for kept in server.objects.values())
        assert opened(bob, f"/messages/files/{message.id}/{upload.id}/") == NOTE * 10_000
        away = uuid4()
        assert client_of(bob).get(f"/messages/files/{message.id}/{away}/").status_code == 404
