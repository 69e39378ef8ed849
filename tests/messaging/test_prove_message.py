"""The proof of a message's words, which lays open that version and nothing else."""

import json
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from accounts.models import User
from audit import keyring
from audit.checkpoints import log_name
from audit.signing import sign_checkpoint
from audit.tree.proof_file import check, parse
from audit.tree.proofs import ProofError
from messaging.imports.whatsapp.parse import parse as read
from messaging.models import Message, MessageVersion
from messaging.proofs import proof_of_version
from messaging.services.channels import add_member
from messaging.services.imports import import_whatsapp
from messaging.services.messages import edit_message
from tests.house.acts import SAMPLE
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


def version_of(message: Message, number: int) -> MessageVersion:
    return MessageVersion.objects.select_related("message", "key").get(
        message=message, number=number
    )


def proof_of(message: Message, number: int = 1) -> str:
    with acting_as("sealer"):
        sign_checkpoint()
    proof = proof_of_version(version_of(message, number))
    assert proof is not None
    check(parse(proof), name=log_name(), public_key=keyring.ring().public_key)
    return proof


def test_each_version_has_a_proof_of_its_own_words(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    message = say(alice, channel, "Bus at three")
    edit_message(author=alice, message_id=message.id, body="Bus at four")
    first, second = (parse(proof_of(message, number)).extra or b"" for number in (1, 2))
    assert json.loads(first)["message"]["body"] == "Bus at three"
    assert json.loads(second)["message"]["body"] == "Bus at four"
    assert b"four" not in first


def test_a_line_that_another_act_wrote_is_proved_by_that_act(
    alice: User, bob: User, carol: User
) -> None:
    channel = channel_of(alice, bob)
    add_member(by=alice, channel_id=channel.id, person=carol)
    joined = Message.objects.filter(channel=channel, kind="system").latest("seq")
    document = json.loads(parse(proof_of(joined)).extra or b"")
    assert document["entry"]["action"] == "member.added"


def test_an_imported_message_is_proved_inside_its_import(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    import_whatsapp(
        read(SAMPLE.read_bytes(), file_name=SAMPLE.name, date_order=None),
        channel=channel,
        by=alice,
        timezone=ZoneInfo(settings.TIME_ZONE),
    )
    imported = Message.objects.filter(channel=channel, kind="imported").latest("seq")
    document = json.loads(parse(proof_of(imported)).extra or b"")
    assert document["item"]["count"] == document["entry"]["facts"]["count"]


def test_other_words_are_not_proved(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    proof = parse(proof_of(say(alice, channel, "Bus at three")))
    document = json.loads(proof.extra or b"")
    document["message"]["body"] = "Bus at nine"
    forged = proof.__class__(
        index=proof.index,
        path=proof.path,
        note=proof.note,
        extra=json.dumps(document).encode(),
    )
    with pytest.raises(ProofError):
        check(forged, name=log_name(), public_key=keyring.ring().public_key)


def test_what_is_not_sealed_yet_has_no_proof(alice: User, bob: User) -> None:
    message = say(alice, channel_of(alice, bob), "Just now")
    assert proof_of_version(version_of(message, 1)) is None
