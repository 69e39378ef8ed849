"""The lead opens the files of messages that a search found or that were passed on."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from messaging.models import Channel, Message
from messaging.services.channels import create_channel
from messaging.services.messages import delete_message, edit_message
from oversight.models import SearchRecord
from oversight.queries.access import secret_from
from oversight.queries.filters import Wanted, any_of, narrowings
from oversight.services.concerns import raise_concern
from tests.cast import client_of
from tests.roles import acting_as
from tests.scenes import say
from tests.uploads import NOTE, ids, picture, uploaded

type Ask = Callable[..., object]


@pytest.fixture
def message(alice: User, year_5: Channel) -> Message:
    """With a file; beside it another with a picture."""
    photo = uploaded(alice, year_5, picture(), "pond.png")
    say(alice, year_5, "How it looks", uploads=ids(photo))
    return say(alice, year_5, "The marmalade list", uploads=ids(uploaded(alice, year_5)))


def _address(message: Message, of: Message | None = None, number: int | None = None) -> str:
    """Of the file of one message in the place of another."""
    file = (of or message).attachments.get().file_id
    number = number or SearchRecord.objects.latest("number").number
    return f"/safeguarding/searches/{number}/messages/{message.id}/files/{file}/"


def _body(answer: object) -> bytes:
    return b"".join(answer)  # type: ignore[arg-type]


def _opened() -> list[Entry]:
    return list(Entry.objects.filter(action="file.opened").order_by("id"))


def test_it_opens_what_a_search_found_and_what_stands_around_it(
    ask: Ask, desk: Client, dana: User, message: Message
) -> None:
    page = ask("marmalade")
    beside = Message.objects.get(attachments__isnull=False, seq__lt=message.seq)
    own, other = _address(message), _address(message, beside)
    for text in (page.content.decode(), desk.get(own.split("files/")[0]).content.decode()):  # type: ignore[attr-defined]
        assert own in text
        assert other in text
        assert "/messages/files/" not in text

    answer = desk.get(own)
    assert _body(answer) == NOTE
    assert answer.headers["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    shown = desk.get(other)
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline")

    first, second = _opened()
    assert (first.actor, first.subject) == (dana.id, message.id)
    assert first.facts == {
        "file": str(message.attachments.get().file_id),
        "version": 1,
        "channel": str(message.channel_id),
        "search": str(SearchRecord.objects.get().uid),
        "authority": "safeguarding",
    }
    assert second.subject == beside.id


def test_a_player_that_asks_for_parts_has_opened_it_once(
    ask: Ask, desk: Client, message: Message
) -> None:
    ask("marmalade")
    part = desk.get(_address(message), headers={"Range": "bytes=0-4"})
    assert (part.status_code, _body(part)) == (HTTPStatus.PARTIAL_CONTENT, NOTE[:5])
    assert part.headers["Content-Range"] == f"bytes 0-4/{len(NOTE)}"
    assert _body(desk.get(_address(message), headers={"Range": "bytes=5-"})) == NOTE[5:]
    beyond = desk.get(_address(message), headers={"Range": "bytes=999-"})
    assert beyond.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert len(_opened()) == 1
    desk.get(_address(message))
    assert len(_opened()) == 2
    ask("marmalade list")  # another search is another reason
    desk.get(_address(message), headers={"Range": "bytes=5-"})
    assert len(_opened()) == 3


def test_files_of_earlier_and_deleted_versions_open_too(
    ask: Ask, desk: Client, alice: User, message: Message
) -> None:
    edit_message(author=alice, message_id=message.id, body="Another list")
    delete_message(by=alice, message_id=message.id)
    ask("marmalade")
    assert _body(desk.get(_address(message))) == NOTE
    assert _address(message) in desk.get(_address(message).split("files/")[0]).content.decode()
    assert client_of(alice).get(f"/messages/files/{_address(message)[-37:]}").status_code == 404


def test_nobody_else_opens_them_and_the_lead_nothing_else(
    ask: Ask,
    desk: Client,
    message: Message,
    deputy: User,
    bob: User,
    carol: User,
    theo: User,
    hari: User,
    priya: User,
) -> None:
    far = create_channel(by=bob, kind="private", name="Elsewhere")
    other = say(bob, far, "Mine", uploads=ids(uploaded(bob, far)))
    ask("marmalade")
    for person in (bob, carol, theo, hari, priya, deputy):
        assert client_of(person).get(_address(message)).status_code == 404
    assert Client().get(_address(message)).status_code == 302
    for address in (_address(message, other), _address(other), _address(message, number=999)):
        assert desk.get(address).status_code == 404
    assert desk.post(_address(message)).status_code == 405
    assert _opened() == []


def test_they_stay_closed_when_the_search_the_role_or_the_matter_is_not_theirs_any_more(
    ask: Ask, desk: Client, dana: User, alice: User, message: Message
) -> None:
    about = create_channel(by=alice, kind="private", name="About", about=[dana], sensitive=True)
    theirs = say(alice, about, "The marmalade", uploads=ids(uploaded(alice, about)))
    ask("marmalade")
    assert desk.get(_address(theirs)).status_code == 404
    address = _address(message)
    dana.groups.remove(Group.objects.get(name=Role.DSL))
    assert desk.get(address).status_code == 404
    dana.groups.add(Group.objects.get(name=Role.DSL))
    with acting_as("owner"), transaction.atomic():
        SearchRecord.objects.update(record=uuid4())  # as when the term of its reason has ended
    assert desk.get(address).status_code == 410
    assert _opened() == []


def test_a_concern_opens_the_files_of_its_place(
    desk: Client, alice: User, bob: User, priya: User, message: Message
) -> None:
    concern = raise_concern(by=bob, message_id=message.id)
    beside = Message.objects.get(attachments__isnull=False, seq__lt=message.seq)
    addresses = [
        f"/safeguarding/concerns/{concern.number}/files/{one.attachments.get().file_id}/"
        for one in (message, beside)
    ]
    page = desk.get(f"/safeguarding/concerns/{concern.number}/").content.decode()
    assert all(address in page for address in addresses)
    assert _body(desk.get(addresses[0])) == NOTE
    assert desk.get(addresses[1]).status_code == 200
    for person in (alice, bob, priya):
        assert client_of(person).get(addresses[0]).status_code == 404
    entries = _opened()
    assert {entry.facts["concern"] for entry in entries} == {str(concern.uid)}
    (about_it,) = narrowings(Wanted(case="concern", number=concern.number))
    assert set(entries) <= set(Entry.objects.filter(any_of(about_it)))
    assert set(entries) <= set(Entry.objects.filter(secret_from(alice)))
    assert not set(entries) & set(Entry.objects.filter(secret_from(priya)))
