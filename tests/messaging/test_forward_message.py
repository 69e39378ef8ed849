"""Passing a message on into another channel, with whose words they are."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from audit.canonical import commitment
from audit.models import Entry
from messaging.exceptions import (
    BlockedByPolicy,
    BodyTooLong,
    ChannelNotFound,
    MessageNotFound,
    NotYourWords,
    ReadOnly,
)
from messaging.ingest.drafts import Draft, Posted
from messaging.ingest.store import store
from messaging.models import Channel, Mention, Message, MessageVersion
from messaging.rendering import messages_json
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.services.channels import (
    archive_channel,
    create_channel,
    join_channel,
    open_direct,
    remove_member,
)
from messaging.services.messages import delete_message, edit_message
from messaging.vault.bodies import document_of
from messaging.vault.versions import context_of, open_version
from tests.messaging.reading_scene import counted, imported, put_out_of_view, spoil
from tests.scenes import channel_of, say


@pytest.fixture
def there(alice: User, bob: User) -> Channel:
    """Where it is said."""
    return create_channel(by=bob, kind="open", name="Staff room", members=[alice])


@pytest.fixture
def here(alice: User, dana: User) -> Channel:
    """Where it is passed on to."""
    return channel_of(alice, dana, name="Year 5")


def forward(by: User, to: Channel, message: Message, **more: Any) -> Message:
    return say(by, to, "", forward=message.id, **more)


def shown(message: Message) -> dict[str, Any]:
    message.refresh_from_db()
    return messages_json([message])[0]


def test_the_words_are_copied_with_their_author_time_and_channel(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    said = say(bob, there, "The **kiln** is free")
    message = shown(forward(alice, here, said))
    assert (message["body"], message["html"]) == (
        "The **kiln** is free",
        "<p>The <strong>kiln</strong> is free</p>",
    )
    assert message["author"]["id"] == str(alice.id)
    assert message["kind"] == "text"
    assert message["forwarded"] == {
        "author": bob.display_name,
        "sent_at": shown(said)["sent_at"],
        "channel": "Staff room",
    }
    assert shown(said)["forwarded"] is None


def test_what_goes_on_and_on_keeps_its_first_author(
    there: Channel, here: Channel, alice: User, bob: User, dana: User
) -> None:
    first = forward(alice, here, say(bob, there, "The kiln is free"))
    again = forward(dana, channel_of(dana, name="Deputies"), first)
    assert shown(again)["forwarded"] == shown(first)["forwarded"]


def test_of_a_private_channel_the_name_is_not_told(here: Channel, alice: User, dana: User) -> None:
    said = say(dana, here, "Between us teachers")
    message = shown(forward(alice, channel_of(alice, name="Year 6"), said))
    assert message["forwarded"]["channel"] is None


def test_what_is_said_in_a_direct_or_sensitive_channel_stays_there(
    here: Channel, alice: User, bob: User, dana: User
) -> None:
    direct = open_direct(by=bob, people=[alice])
    matter = channel_of(alice, about=[dana], sensitive=True, name="Matter 7")
    for channel, author in ((direct, bob), (matter, alice)):
        said = say(author, channel, "Not for everybody")
        with pytest.raises(BlockedByPolicy):
            forward(alice, here, said)
        assert shown(forward(alice, channel, said))["body"] == "Not for everybody"
    assert not Message.objects.filter(channel=here, kind="text").exists()


def test_into_a_direct_conversation_anything_goes(there: Channel, alice: User, bob: User) -> None:
    direct = open_direct(by=alice, people=[bob])
    assert shown(forward(alice, direct, say(bob, there, "Look")))["forwarded"]


def test_nobody_forwards_what_they_may_not_read(
    there: Channel, here: Channel, alice: User, bob: User, dana: User, carol: User, theo: User
) -> None:
    said = say(bob, there, "The kiln is free")
    with pytest.raises(MessageNotFound):
        forward(dana, here, said)
    for person in (carol, theo):
        with pytest.raises(MessageNotFound):
            forward(person, channel_of(person, name="Their own"), said)
        with pytest.raises(ChannelNotFound):
            forward(person, here, said)
    with pytest.raises(MessageNotFound):
        say(alice, here, "", forward=uuid4())


def test_who_has_left_the_channel_forwards_nothing_of_it(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    said = say(bob, there, "The kiln is free")
    remove_member(by=bob, channel_id=there.id, person=alice)
    with pytest.raises(MessageNotFound):
        forward(alice, here, said)


def test_what_is_deleted_out_of_view_or_the_product_s_is_not_forwarded(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    deleted, hidden, altered = (say(bob, there, word) for word in ("One", "Two", "Three"))
    delete_message(by=bob, message_id=deleted.id)
    put_out_of_view(hidden)
    spoil(altered)
    system = Message.objects.get(channel=there, kind="system")
    for one in (deleted, hidden, altered, system):
        with pytest.raises(MessageNotFound):
            forward(alice, here, one)


def test_where_one_may_not_post_one_may_not_forward(there: Channel, alice: User, bob: User) -> None:
    said = say(bob, there, "The kiln is free")
    news = create_channel(by=bob, kind="announcement", name="All staff", members=[alice])
    with pytest.raises(ReadOnly):
        forward(alice, news, said)
    closed = channel_of(alice, name="Closed")
    archive_channel(by=alice, channel_id=closed.id)
    with pytest.raises(ReadOnly):
        forward(alice, closed, said)


def test_an_archived_channel_can_be_forwarded_from(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    said = say(bob, there, "The kiln is free")
    archive_channel(by=bob, channel_id=there.id)
    assert shown(forward(alice, here, said))["forwarded"]


def test_the_newest_wording_goes_on_and_later_edits_do_not(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    said = say(bob, there, "At three")
    edit_message(author=bob, message_id=said.id, body="At four")
    message = forward(alice, here, said)
    edit_message(author=bob, message_id=said.id, body="At five")
    delete_message(by=bob, message_id=said.id)
    assert shown(message)["body"] == "At four"


def test_nobody_puts_words_into_the_mouth_of_who_is_forwarded(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    message = forward(alice, here, say(bob, there, "I agree"))
    with pytest.raises(NotYourWords):
        edit_message(author=alice, message_id=message.id, body="I disagree")
    delete_message(by=alice, message_id=message.id)
    assert (shown(message)["forwarded"], shown(message)["body"]) == (None, "")


def test_imported_words_stay_plain_and_keep_their_printed_author(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    imported(there, bob, "2*3*4 <b>")
    said = Message.objects.get(channel=there, kind="imported")
    message = shown(forward(alice, here, said))
    assert message["html"] == "<p>2*3*4 &lt;b&gt;</p>"
    assert message["forwarded"]["author"] == "Nadia"
    again = forward(alice, there, Message.objects.get(id=UUID(message["id"])))
    assert shown(again)["html"] == "<p>2*3*4 &lt;b&gt;</p>"


def test_imported_words_that_are_too_long_for_a_message_are_not_forwarded(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    imported(there, bob, "x" * 8_001)
    said = Message.objects.get(channel=there, kind="imported")
    with pytest.raises(BodyTooLong):
        forward(alice, here, said)


def test_forwarded_words_mention_nobody(
    there: Channel, here: Channel, alice: User, bob: User, dana: User
) -> None:
    said = say(bob, there, f"@everyone, ask @{dana.display_name}")
    Mention.objects.all().delete()
    message = shown(forward(alice, here, said))
    assert (message["mentions"], message["mentions_all"]) == ([], None)
    assert not Mention.objects.exists()


def test_the_log_commits_to_whose_words_they_are(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    message = forward(alice, here, say(bob, there, "The kiln is free"))
    version = MessageVersion.objects.select_related("message", "key").get(message=message)
    body = open_version(version)
    document = document_of(context_of(message, 1), body, None)
    assert document["forwarded"] == shown(message)["forwarded"]
    entry = Entry.objects.get(subject=message.id)
    assert entry.facts["message_commitment"] == commitment(body.salt, document)
    del document["forwarded"]
    assert entry.facts["message_commitment"] != commitment(body.salt, document)


def test_the_same_ref_gives_the_first_answer_also_when_the_origin_is_gone(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    said = say(bob, there, "The kiln is free")
    ref = uuid4()
    draft = Draft(author=alice.id, channel=here.id, ref=ref, body="", forward=said.id)
    (first,) = store([draft])
    delete_message(by=bob, message_id=said.id)
    (again,) = store([draft])
    assert isinstance(first, Posted)
    assert isinstance(again, Posted)
    assert (again.id, again.fresh) == (first.id, False)


def test_drafts_of_a_batch_do_not_fail_each_other(
    there: Channel, here: Channel, alice: User, bob: User, dana: User
) -> None:
    said = say(bob, there, "The kiln is free")
    direct = say(bob, open_direct(by=bob, people=[alice]), "Between us")
    wanted = [(alice, said), (dana, said), (alice, direct), (alice, said)]
    drafts = [
        Draft(author=person.id, channel=here.id, ref=uuid4(), body="", forward=one.id)
        for person, one in wanted
    ]
    drafts.insert(2, Draft(author=dana.id, channel=here.id, ref=uuid4(), body="Hello"))
    with counted() as sent:
        outcomes = store(drafts)
    kinds = [type(one) for one in outcomes]
    assert kinds == [Posted, MessageNotFound, Posted, BlockedByPolicy, Posted]
    assert len([one for one in sent if "would pass on" in one]) == 1
    salts = {
        open_version(version).salt
        for version in MessageVersion.objects.select_related("message", "key").filter(
            message__channel=here
        )
    }
    assert len(salts) == 1 + 3


def test_what_is_forwarded_is_found_where_it_went(
    there: Channel, here: Channel, alice: User, bob: User
) -> None:
    message = forward(alice, here, say(bob, there, "The kiln is free"))
    found = search(Scope(channels=frozenset({here.id})), parse("kiln"))
    assert [hit.message.id for hit in found.hits] == [message.id]


def test_a_member_of_an_open_channel_forwards_as_soon_as_they_are_in(
    there: Channel, here: Channel, bob: User, dana: User
) -> None:
    said = say(bob, there, "The kiln is free")
    join_channel(person=dana, channel_id=there.id)
    assert shown(forward(dana, here, said))["forwarded"]
