"""A single message is kept longer than its channel, and never less long."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Message
from messaging.services.channels import create_channel
from retention.exceptions import (
    BadReason,
    ConcernsYou,
    NotAllowed,
    NotFound,
    NotLonger,
    UnknownClass,
)
from retention.models import MessageClass
from retention.queries.messages import kept_longer_for
from retention.services.messages import reclass_message
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import WORDS, approved, past_channel, words_in
from tests.scenes import channel_of, say

REASON = "A parent has written to us about what it says."

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def test_an_approved_disposal_spares_it_with_its_words(
    at: Clock,
    as_role: Callable[[str], AbstractContextManager[None]],
    alice: User,
    hari: User,
    helen: User,
    dana: User,
) -> None:
    channel = past_channel(at, alice)
    approved(hari, helen)
    kept = Message.objects.filter(channel=channel, kind="text").order_by("id")[0]
    reclass_message(by=dana, message_id=kept.id, record_class="safeguarding", reason=REASON)

    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["spared"] == 1
    assert words_in(channel) == 1
    page = client_of(alice).get(f"/api/v1/channels/{channel.id}/messages/")
    assert page.status_code in {200, 404}
    assert Message.objects.get(id=kept.id).versions.count() == 1
    assert MessageClass.objects.get().message_id == kept.id


def test_it_only_goes_upward(alice: User, dana: User, helen: User) -> None:
    message = say(alice, channel_of(alice), WORDS[0])
    for shorter in ("routine", "ephemeral", "warning_oral"):
        with pytest.raises(NotLonger):
            reclass_message(by=helen, message_id=message.id, record_class=shorter, reason=REASON)
    reclass_message(by=helen, message_id=message.id, record_class="slt", reason=REASON)
    reclass_message(by=dana, message_id=message.id, record_class="safeguarding", reason=REASON)
    with pytest.raises(NotLonger):
        reclass_message(by=helen, message_id=message.id, record_class="slt", reason=REASON)
    entries = Entry.objects.filter(action=Action.MESSAGE_RECLASSED, subject=message.id)
    assert [one.actor for one in entries.order_by("id")] == [helen.pk, dana.pk]
    assert "safeguarding" not in str([one.facts for one in entries])


def test_each_office_has_its_own_kinds_and_sees_no_others(
    alice: User, dana: User, hari: User, priya: User
) -> None:
    message = say(alice, channel_of(alice), WORDS[0])
    for person, other in ((dana, "grievances"), (hari, "safeguarding")):
        with pytest.raises(NotAllowed):
            reclass_message(by=person, message_id=message.id, record_class=other, reason=REASON)
    reclass_message(by=hari, message_id=message.id, record_class="grievances", reason=REASON)
    assert [kept_longer_for(person).count() for person in (hari, priya, dana)] == [1, 1, 0]


def test_outsiders_its_author_and_whom_it_is_about_have_no_way(
    alice: User, bob: User, carol: User, theo: User, gwen: User, hari: User, helen: User
) -> None:
    message = say(alice, channel_of(alice, hari), WORDS[0])
    for person in (alice, bob, carol, theo, gwen):
        with pytest.raises(NotFound):
            reclass_message(by=person, message_id=message.id, record_class="slt", reason=REASON)
    own = say(hari, message.channel, WORDS[1])
    with pytest.raises(ConcernsYou):
        reclass_message(by=hari, message_id=own.id, record_class="grievances", reason=REASON)
    reclass_message(by=helen, message_id=own.id, record_class="grievances", reason=REASON)
    assert not kept_longer_for(hari).exists()
    about = create_channel(by=alice, kind="private", name="Case", about=[hari])
    of_case = say(alice, about, WORDS[2])
    with pytest.raises(NotFound):
        reclass_message(by=hari, message_id=of_case.id, record_class="grievances", reason=REASON)


def test_it_wants_a_kind_that_there_is_and_a_reason(alice: User, helen: User) -> None:
    message = say(alice, channel_of(alice), WORDS[0])
    with pytest.raises(UnknownClass):
        reclass_message(by=helen, message_id=message.id, record_class="moon", reason=REASON)
    with pytest.raises(BadReason):
        reclass_message(by=helen, message_id=message.id, record_class="slt", reason="so")
    with pytest.raises(NotFound):
        reclass_message(by=helen, message_id=uuid4(), record_class="slt", reason=REASON)


def test_the_page_takes_a_link_and_lists_no_words(
    alice: User, dana: User, carol: User, theo: User
) -> None:
    message = say(alice, channel_of(alice), "The marmalade is under the stairs")
    link = f"https://chat.example/?channel={message.channel_id}&message={message.id}"
    fields = {"message": link, "record_class": "safeguarding", "reason": REASON}
    for person in (carol, theo, alice):
        assert client_of(person).post("/records/messages/new/", fields).status_code == 404
    wrong = client_of(dana).post("/records/messages/new/", fields | {"message": str(uuid4())})
    assert b"There is no such message." in wrong.content
    answer = client_of(dana).post("/records/messages/new/", fields, follow=True)
    assert b"is kept longer than its channel" in answer.content
    assert REASON.encode() in answer.content
    assert b"marmalade" not in answer.content
    assert client_of(theo).get("/records/messages/").status_code == 404
