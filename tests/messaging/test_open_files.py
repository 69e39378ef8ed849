"""Files that came with messages: who opens them, and how they are served."""

import pytest
from django.test import Client

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.channels import remove_member
from messaging.services.messages import delete_message
from tests.cast import client_of
from tests.scenes import channel_of, say
from tests.uploads import fetched, ids, picture, shown, uploaded


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(alice: User, channel: Channel) -> Message:
    return say(alice, channel, "The list", uploads=ids(uploaded(alice, channel)))


def test_who_may_not_read_the_message_opens_no_file(
    alice: User, bob: User, carol: User, theo: User, channel: Channel, message: Message
) -> None:
    (file,) = shown(message)
    for outsider in (carol, theo):
        assert fetched(outsider, file["url"])[0] == 404
        assert fetched(outsider, f"{file['url']}thumbnail/")[0] == 404
    assert Client().get(str(file["url"])).status_code == 302
    other = say(alice, channel, "Another")
    assert fetched(bob, f"/messages/files/{other.id}/{file['id']}/")[0] == 404
    remove_member(by=alice, channel_id=channel.id, person=bob)
    assert fetched(bob, file["url"])[0] == 404


@pytest.mark.shows("file-serve")
def test_a_range_of_a_file(alice: User, channel: Channel) -> None:
    data = b"".join(b"line %07d\n" % number for number in range(20_000))
    message = say(alice, channel, "", uploads=ids(uploaded(alice, channel, data)))
    (file,) = shown(message)
    asked = {
        "bytes=0-9": (206, data[:10]),
        "bytes=65530-65545": (206, data[65530:65546]),
        "bytes=-5": (206, data[-5:]),
        "bytes=200000-": (206, data[200000:]),
        "bytes=0-1,5-6": (200, data),
        "lines=1-2": (200, data),
        f"bytes=0-{'9' * 18}": (200, data),
        f"bytes={'9' * 5_000}-": (200, data),
        f"bytes=0-{'9' * 5_000}": (200, data),
        f"bytes=-{'9' * 5_000}": (200, data),
    }
    for header, expected in asked.items():
        assert fetched(alice, file["url"], HTTP_RANGE=header) == expected
    beyond = client_of(alice).get(str(file["url"]), HTTP_RANGE=f"bytes={len(data)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    part = client_of(alice).get(str(file["url"]), HTTP_RANGE="bytes=10-19")
    assert part["Content-Range"] == f"bytes 10-19/{len(data)}"
    other = client_of(alice).get(
        str(file["url"]), HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"another"'
    )
    assert other.status_code == 200


@pytest.mark.shows("file-serve", "document")
def test_what_people_send_can_do_nothing(alice: User, channel: Channel) -> None:
    name = "Müll „quote“ ; x=y.txt"
    message = say(alice, channel, "", uploads=ids(uploaded(alice, channel, name=name)))
    answer = client_of(alice).get(str(shown(message)[0]["url"]))
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''M%C3%BCll")
    assert answer["Content-Type"] == "text/plain"


def test_a_picture_has_a_thumbnail_and_is_shown_in_its_place(alice: User, channel: Channel) -> None:
    upload = uploaded(alice, channel, picture(), "pond.png")
    waiting = client_of(alice).get(f"/messages/uploads/{upload.id}/").json()
    assert fetched(alice, waiting["thumbnail"])[0] == 200
    message = say(alice, channel, "", uploads=ids(upload))
    (file,) = shown(message)
    assert (file["width"], file["height"]) == (60, 40)
    answer = client_of(alice).get(str(file["thumbnail"]))
    assert (answer.status_code, answer["Content-Disposition"]) == (200, "inline")
    in_place = client_of(alice).get(str(file["url"]))
    assert in_place["Content-Disposition"].startswith("inline")
    saved = client_of(alice).get(f"{file['url']}?download")
    assert saved["Content-Disposition"].startswith("attachment")


@pytest.mark.shows("channel-files")
def test_the_files_of_a_channel_are_listed_for_its_members(
    alice: User, bob: User, carol: User, channel: Channel, message: Message
) -> None:
    say(alice, channel, "No file")
    later = say(bob, channel, "", uploads=ids(uploaded(bob, channel, name="later.txt")))
    gone = say(bob, channel, "", uploads=ids(uploaded(bob, channel, name="gone.txt")))
    delete_message(by=bob, message_id=gone.id)
    page = f"/channels/{channel.id}/files/"
    told = client_of(alice).get(page).json()
    assert [file["name"] for file in told["files"]] == ["later.txt", "note.txt"]
    assert (told["more"], told["files"][0]["author"]["name"]) == (False, bob.display_name)
    assert told["files"][1] | shown(message)[0] == told["files"][1]
    older = client_of(alice).get(page, {"before": str(later.id)}).json()["files"]
    assert [file["message"] for file in older] == [str(message.id)]
    assert client_of(carol).get(page).status_code == 404
    assert client_of(alice).get(page, {"before": "yesterday"}).status_code == 404
