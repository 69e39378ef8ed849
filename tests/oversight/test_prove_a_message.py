"""The safeguarding lead takes away the proof of a message that a search found."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit import keyring
from audit.checkpoints import log_name
from audit.models import Entry
from audit.signing import sign_checkpoint
from audit.tree.proof_file import check, parse
from messaging.models import Message
from oversight.errors import HitNotFound, NotYetSealed
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.desk import inquiry_of
from oversight.services.proofs import prove_message
from oversight.services.searches import open_search
from tests.cast import client_of
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def found(alice: User, bob: User, dana: User) -> tuple[SearchRecord, Message, Message]:
    """A search, a message that it found, and one that it did not."""
    channel = channel_of(alice, bob)
    message = say(alice, channel, "The zebrafinch escaped")
    other = say(bob, channel, "What a pity")
    inquiry = Inquiry(reason="A pupil's pet, for the test's sake", words="zebrafinch")
    return open_search(by=dana, inquiry=inquiry), message, other


def sealed() -> None:
    with acting_as("sealer"):
        sign_checkpoint()


def prove(by: User, search: SearchRecord, message: Message, version: int = 1) -> str:
    return prove_message(
        by=by,
        search=search,
        inquiry=inquiry_of(search),
        message_id=message.id,
        version=version,
    )


def test_the_proof_holds_the_words_and_is_on_record(
    found: tuple[SearchRecord, Message, Message], dana: User
) -> None:
    search, message, _ = found
    sealed()
    proof = parse(prove(dana, search, message))
    check(proof, name=log_name(), public_key=keyring.ring().public_key)
    assert json.loads(proof.extra or b"")["message"]["body"] == "The zebrafinch escaped"
    entry = Entry.objects.get(action="proof.downloaded")
    assert (entry.actor, entry.subject, entry.facts["version"]) == (dana.id, message.id, 1)


def test_what_the_search_did_not_find_is_not_proved(
    found: tuple[SearchRecord, Message, Message], dana: User
) -> None:
    search, message, other = found
    sealed()
    for some, version in ((other, 1), (message, 2)):
        with pytest.raises(HitNotFound):
            prove(dana, search, some, version)
    assert not Entry.objects.filter(action="proof.downloaded").exists()


def test_before_it_is_sealed_one_is_told_to_try_again(
    found: tuple[SearchRecord, Message, Message], dana: User
) -> None:
    search, message, _ = found
    with pytest.raises(NotYetSealed):
        prove(dana, search, message)
    page = client_of(dana).get(_address(search, message), follow=True)
    assert "Not yet under a signed checkpoint" in page.content.decode()


def test_the_page_offers_it_and_nobody_else_gets_it(
    found: tuple[SearchRecord, Message, Message], dana: User, carol: User, theo: User, alice: User
) -> None:
    search, message, _ = found
    sealed()
    address = _address(search, message)
    page = client_of(dana).get(reverse("desk-message", args=[search.number, message.id]))
    assert address in page.content.decode()
    answer = client_of(dana).get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.decode().startswith("c2sp.org/tlog-proof@v1\n")
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    for person in (carol, theo, alice):
        assert client_of(person).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def _address(search: SearchRecord, message: Message) -> str:
    return reverse("desk-proof", args=[search.number, message.id, 1])
