"""What is disposed of is gone from WAL, dead rows and older copies, too: the harvester's test."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from accounts.models import User
from audit import keyring
from audit.clock import now
from messaging.files.storing import names_of
from messaging.models import Channel, Correction, Message, MessageVersion
from messaging.own_words import OwnWords
from messaging.services.corrections import correct_own
from messaging.services.kept_drafts import keep_draft
from messaging.services.waiting import send_later, send_waiting
from messaging.vault.notes import open_correction
from messaging.vault.versions import open_version
from retention.keyring_move import move_keyring
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import PAST, Clock
from tests.retention.disk import everything_on_disk, swept
from tests.retention.harvester import Disk
from tests.retention.scenes import WORDS, approved, held, past_channel
from tests.retention.stored import everything_stored, opening
from tests.scenes import say
from tests.uploads import ids, picture, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

CORRECTION = "The kiln was never broken"

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_only_the_generation_of_before_opens_what_was_disposed_of(
    at: Clock,
    as_role: AsRole,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    began = swept()
    with as_role("disposer"):
        move_keyring()  # a generation of its own, under which no other test has wrapped a key
    kept_copy = keyring.read(keyring.keyring_file())
    going = past_channel(at, alice, bob, name="Kiln club")
    kept = past_channel(at, bob, name="Kept", words=("The pelican stays",))
    draft = "The kettle club is for the deputies"
    _drafted_and_sent(at, alice, going, draft)
    lost, staying = _picture_of_long_ago(at, alice, going), _picture_of_long_ago(at, bob, kept)
    stored = everything_stored()
    held(dana, channel=kept)
    for author, channel, body in ((alice, going, CORRECTION), (bob, kept, "The pelican flew")):
        said = Message.objects.filter(channel=channel, kind="text").latest("seq")
        correct_own(author=author, message_id=said.id, body=body)
    salts = [
        open_version(version).salt
        for version in MessageVersion.objects.filter(message__channel=going).select_related(
            "key", "message"
        )
    ]
    note = Correction.objects.select_related("message", "key").get(message__channel=going)
    salts.append(open_correction(note).salt)
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["messages"] == len(WORDS) + 2

    disk = Disk(everything_on_disk(began))
    before = disk.harvest(kept_copy.generations)
    after = disk.harvest(keyring.read(keyring.keyring_file()).generations)

    assert before.own_holds(draft)
    for words in (*WORDS, CORRECTION, draft):
        assert before.holds(words)
        assert not after.holds(words)
    assert before.holds("The pelican stays")
    assert after.holds("The pelican stays")
    assert after.holds("The pelican flew")
    assert any(b"marmalade" in words for words in before.vocabulary)
    assert not any(b"marmalade" in words for words in after.vocabulary)
    assert disk.confirms(before.keys, WORDS[2])
    assert not disk.confirms(after.keys, WORDS[2])
    assert opening(stored, before) >= lost | staying
    # Neither what is in the storage now, nor a copy of it from before.
    assert lost.isdisjoint(everything_stored())
    assert opening(stored | everything_stored(), after) & (lost | staying) == staying
    assert not any(salt in disk.data or salt.hex().encode() in disk.data for salt in salts)


def _drafted_and_sent(at: Clock, by: User, channel: Channel, text: str) -> None:
    """Kept as a draft while it was written, put on the list of later, and sent long ago."""
    keep_draft(person=by, channel_id=channel.pk, words=OwnWords(text=text), written_at=now())
    waiting = send_later(
        person=by,
        channel_id=channel.pk,
        words=OwnWords(text=text),
        due_at=now() + timedelta(days=1),
    )
    with at(PAST):
        send_waiting(person=by, waiting=waiting.id)
    keep_draft(person=by, channel_id=channel.pk, words=OwnWords(text=""), written_at=now())


def _picture_of_long_ago(at: Clock, by: User, channel: Channel) -> set[str]:
    """The objects of a picture in a message that is due."""
    upload = uploaded(by, channel, picture(), "pond.png")
    with at(PAST):
        say(by, channel, "How it looks", uploads=ids(upload))
    return set(names_of(upload.id))
