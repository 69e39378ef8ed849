"""`/records/corrections/`: the officer's page; and corrections in what leaves the record."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from messaging.models import Channel, Correction, Message
from messaging.services.corrections import correct_own, correct_record
from messaging.services.messages import delete_message
from retention.exports.items import item_json
from retention.services.exports import request_export
from retention.workers.writing import items_of
from tests.cast import client_of
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

PAGE = "/records/corrections/"
REASON = "The solicitor wrote to us about the minutes."


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(channel: Channel, alice: User) -> Message:
    return say(alice, channel, "Sam was late on Monday")


def link(message: Message) -> str:
    return f"https://chat.school.example/?channel={message.channel_id}&message={message.id}"


def fields(of: Message, **more: str) -> dict[str, str]:
    given = {"message": link(of), "body": "Sam was on time.", "reason": "request"}
    return {**given, "reference": "SAR 2026-004", **more}


def test_the_officer_corrects_a_message_by_its_link_without_reading_it(
    message: Message, priya: User, alice: User
) -> None:
    client = client_of(priya)
    entries = Entry.objects.count()
    asked = client.get(f"{PAGE}new/", {"message": str(message.id)}).content.decode()
    assert alice.display_name in asked
    assert "late on Monday" not in asked
    answer = client.post(f"{PAGE}new/", fields(message), follow=True)
    page = answer.content.decode()
    assert "The correction stands under the message" in page
    assert "SAR 2026-004" in page
    assert "Sam was" not in page
    assert Correction.objects.get().reason == "request"
    assert Entry.objects.count() == entries + 1


def test_what_cannot_be_corrected_is_said_at_the_field(
    message: Message, priya: User, alice: User, bob: User
) -> None:
    client = client_of(priya)
    about = say(alice, channel_of(alice, bob, name="About her", about=[priya]), "Priya was late")
    for wrong, words in (
        (fields(about), "There is no such message that you can correct"),
        (fields(message, message="the one of Monday"), "This is no link to a message"),
        (fields(message, body=" "), "This field is required"),
        (fields(message, reason="own"), "not one of the available choices"),
    ):
        assert words in client.post(f"{PAGE}new/", wrong).content.decode()
    assert alice.display_name not in client.get(
        f"{PAGE}new/", {"message": str(about.id)}
    ).content.decode().replace(REASON, "")
    assert not Correction.objects.exists()


@pytest.mark.parametrize("name", ["alice", "carol", "dana", "hari", "helen", "theo", "gwen"])
def test_the_page_is_nobody_else_s(
    name: str, message: Message, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(name))
    for path in (PAGE, f"{PAGE}new/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{PAGE}new/", fields(message)).status_code == 404
    assert not Correction.objects.exists()


def test_one_that_was_altered_does_not_take_the_list_with_it(message: Message, priya: User) -> None:
    client = client_of(priya)
    for reference in ("SAR 1", "SAR 2"):
        client.post(f"{PAGE}new/", fields(message, reference=reference))
    with acting_as("disposer"):
        Correction.objects.filter(number=1).update(sealed=b"altered, and long enough for a nonce")
    page = client.get(PAGE).content.decode()
    assert ("SAR 1" in page, "SAR 2" in page) == (False, True)


def test_an_export_has_every_correction_with_its_reason_and_commitment(
    message: Message, channel: Channel, alice: User, priya: User, hari: User
) -> None:
    correct_own(author=alice, message_id=message.id, body="It was Tuesday")
    forwarded = say(alice, channel, "", forward=message.id)
    delete_message(by=alice, message_id=message.id)
    correct_record(
        by=priya, message_id=message.id, body="On time", reason="request", reference="R 4"
    )
    day = timezone.localdate()
    export = request_export(
        by=hari, channel=channel, since=day, until=day, purpose="access", reason=REASON,
        recipient="Sam",
    )  # fmt: skip
    items: dict[UUID, Any] = {item.id: item_json(item) for item in items_of(export)}

    own, official = items[message.id]["corrections"]
    assert (own["body"], own["reason"], own["reference"]) == ("It was Tuesday", "own", None)
    assert (official["by"]["name"], official["reference"]) == (priya.display_name, "R 4")
    entered = Entry.objects.filter(action="message.corrected").order_by("id")
    assert [one["commitment"] for one in (own, official)] == [
        entry.facts["message_commitment"] for entry in entered
    ]
    (brought,) = items[forwarded.id]["forwarded"]["corrections"]
    assert brought["body"] == "It was Tuesday"
    assert items[forwarded.id]["corrections"] == []
