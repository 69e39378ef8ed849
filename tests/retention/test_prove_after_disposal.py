"""What was disposed of takes no other proof with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import User
from audit import keyring
from audit.checkpoints import log_name
from audit.models import Entry, Item
from audit.proofs import proof_of_entry, proof_of_item
from audit.signing import sign_checkpoint
from audit.tree.proof_file import Proved, check, parse
from messaging.models import Message, MessageVersion
from messaging.proofs import proof_of_version
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import Clock
from tests.retention.scenes import approved, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def checked(proof: str | None) -> Proved:
    assert proof is not None
    return check(parse(proof), name=log_name(), public_key=keyring.ring().public_key)


def test_every_other_proof_still_verifies(
    at: Clock, as_role: AsRole, alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    gone = list(Message.objects.filter(channel=channel, kind="text").values_list("id", flat=True))
    say(bob, channel, "This stays")
    with as_role("sealer"):
        sign_checkpoint()
    before = {entry.pk: proof_of_entry(entry) for entry in Entry.objects.all()}
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()
    with as_role("sealer"):
        sign_checkpoint()

    assert [checked(proof).entry["id"] for proof in before.values()]  # those taken away earlier
    entries = list(Entry.objects.order_by("id"))
    assert [checked(proof_of_entry(one)).entry["id"] for one in entries] == [
        str(one.uid) for one in entries
    ]
    disposed = [checked(proof_of_item(item)).item for item in Item.objects.all()]
    assert {one.item.subject for one in disposed if one} == set(gone)
    kept = MessageVersion.objects.select_related("message", "key")
    said = [checked(proof_of_version(one)).message for one in kept]
    assert "This stays" in [one["body"] for one in said if one]
    assert not kept.filter(message__in=gone).exists()
