"""A member passes a message to the safeguarding lead; nobody else learns of it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry, Item, SealedRecord
from audit.sealed import open_record
from messaging.exceptions import MessageNotFound
from messaging.models import Channel, Message
from oversight.errors import AlreadyPassedOn, NobodyAtTheDesk
from oversight.models import Concern
from oversight.services.concerns import acknowledge_concern, raise_concern
from tests.cast import client_of
from tests.scenes import channel_of, say


@pytest.fixture
def message(year_5: Channel, alice: User) -> Message:
    return say(alice, year_5, "He said he sleeps in the car")


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_member_passes_a_message_on_from_its_page(
    desk: Client, message: Message, bob: User
) -> None:
    browser, address = client_of(bob), f"/messages/{message.id}/concern/"
    assert "sleeps in the car" in _text(browser.get(address))

    done = browser.post(address, {"note": "I am worried about Oliver"}, follow=True)

    assert "Passed to the safeguarding lead" in _text(done)
    page = _text(desk.get("/safeguarding/"))
    assert "Bob Brennan" in page
    assert "I am worried about Oliver" in page
    assert "1</b> new" in page


def test_the_note_is_sealed_and_the_entry_holds_the_commitment_to_the_words(
    message: Message, bob: User, dana: User
) -> None:
    concern = raise_concern(by=bob, message_id=message.id, note="I am worried about Oliver")

    entry = Entry.objects.get(action=Action.CONCERN_RAISED)
    posted = Entry.objects.get(action=Action.MESSAGE_POSTED, subject=message.id)
    assert (entry.actor, entry.subject) == (bob.id, concern.uid)
    assert entry.facts["message"] == str(message.id)
    assert entry.facts["message_commitment"] == posted.facts["message_commitment"]
    assert open_record(concern.record) == {"note": "I am worried about Oliver"}
    assert b"Oliver" not in bytes(SealedRecord.objects.get(id=concern.record).sealed)


def test_the_lead_opens_it_in_its_conversation_and_that_is_recorded(
    desk: Client, year_5: Channel, message: Message, bob: User, dana: User
) -> None:
    answer = say(bob, year_5, "Since when?")
    concern = raise_concern(by=bob, message_id=message.id)

    page = _text(desk.get(f"/safeguarding/concerns/{concern.number}/"))

    assert "sleeps in the car" in page
    assert "Since when?" in page
    entry = Entry.objects.get(action=Action.MESSAGE_OPENED)
    assert (entry.actor, entry.subject) == (dana.id, message.id)
    assert entry.facts["authority"] == "concern"
    items = Item.objects.filter(entry=entry)
    assert {message.id, answer.id} <= set(items.values_list("subject", flat=True))


def test_taking_a_concern_is_recorded_once_and_names_who_took_it(
    desk: Client, message: Message, bob: User, dana: User, deputy: User
) -> None:
    concern = raise_concern(by=bob, message_id=message.id)

    answer = desk.post(f"/safeguarding/concerns/{concern.number}/acknowledge/", follow=True)
    later = acknowledge_concern(by=deputy, number=concern.number)

    assert "Taken by Dana Doyle" in _text(answer)
    assert later.acknowledged_by == dana
    entry = Entry.objects.get(action=Action.CONCERN_ACKNOWLEDGED)
    assert (entry.actor, entry.subject) == (dana.id, concern.uid)


def test_its_author_and_the_other_members_see_nothing_of_it(
    message: Message, alice: User, bob: User, dana: User
) -> None:
    raise_concern(by=bob, message_id=message.id)

    assert "Passed to" not in _text(client_of(alice).get(f"/messages/{message.id}/concern/"))
    assert client_of(alice).get("/safeguarding/").status_code == 404


@pytest.mark.parametrize("name", ["carol", "theo", "hari"])
def test_an_outsider_cannot_pass_on_what_they_cannot_read(
    name: str, message: Message, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(name)
    address = f"/messages/{message.id}/concern/"

    assert client_of(person).get(address).status_code == 404
    assert client_of(person).post(address).status_code == 404
    with pytest.raises(MessageNotFound):
        raise_concern(by=person, message_id=message.id)
    assert not Concern.objects.exists()


@pytest.mark.parametrize("name", ["carol", "theo", "hari", "helen"])
def test_only_the_desk_opens_and_takes_concerns(
    name: str, message: Message, bob: User, dana: User, request: pytest.FixtureRequest
) -> None:
    number = raise_concern(by=bob, message_id=message.id).number
    client = client_of(request.getfixturevalue(name))

    assert client.get(f"/safeguarding/concerns/{number}/").status_code == 404
    assert client.post(f"/safeguarding/concerns/{number}/acknowledge/").status_code == 404


def test_a_message_is_passed_on_once_by_a_person(
    message: Message, alice: User, bob: User, dana: User
) -> None:
    raise_concern(by=bob, message_id=message.id)

    with pytest.raises(AlreadyPassedOn):
        raise_concern(by=bob, message_id=message.id)
    again = client_of(bob).post(f"/messages/{message.id}/concern/", follow=True)
    assert "Passed to the safeguarding lead" in _text(again)
    assert raise_concern(by=alice, message_id=message.id)
    assert Concern.objects.count() == 2


def test_nobody_takes_a_concern_about_their_own_message(
    desk: Client, bob: User, dana: User, deputy: User
) -> None:
    channel = channel_of(bob, dana, name="Desk talk")
    concern = raise_concern(by=bob, message_id=say(dana, channel, "Say nothing to anybody").id)

    assert "0</b> new" in _text(desk.get("/safeguarding/"))
    assert desk.get(f"/safeguarding/concerns/{concern.number}/").status_code == 404
    page = _text(client_of(deputy).get(f"/safeguarding/concerns/{concern.number}/"))
    assert "Say nothing to anybody" in page


def test_where_nobody_else_sits_at_the_desk_it_says_whom_to_speak_to(bob: User, dana: User) -> None:
    channel = channel_of(bob, dana, name="Desk talk")
    message = say(dana, channel, "Say nothing to anybody")

    with pytest.raises(NobodyAtTheDesk):
        raise_concern(by=bob, message_id=message.id)
    page = _text(client_of(bob).post(f"/messages/{message.id}/concern/"))
    assert "Speak to the headteacher" in page
    assert not Concern.objects.exists()


def test_a_concern_from_a_channel_about_the_lead_is_kept_from_them(
    desk: Client, alice: User, bob: User, dana: User, deputy: User
) -> None:
    channel = channel_of(alice, bob, name="About D", about=[dana])
    concern = raise_concern(by=bob, message_id=say(alice, channel, "Dana again").id)

    assert "About D" not in _text(desk.get("/safeguarding/"))
    assert desk.get(f"/safeguarding/concerns/{concern.number}/").status_code == 404
    address = f"/safeguarding/concerns/{concern.number}/"
    assert client_of(deputy).get(address).status_code == 200
