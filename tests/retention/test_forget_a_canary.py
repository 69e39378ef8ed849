"""A canary, to which all was done that can be done to a message, and what a thief finds of it after
it was disposed of: alone in its month, and as one of many.

What the desk searched for stands on record by itself and for its own term, so that here a member
searches. Of an export the passphrase is forgotten; the bundle is its recipient's.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.models import User
from audit import keyring
from audit.clock import now
from messaging.files.storing import names_of
from messaging.models import Channel, Message
from messaging.own_words import OwnWords
from messaging.rendering import messages_json
from messaging.services.kept_drafts import keep_draft
from messaging.services.messages import edit_message
from messaging.services.pins import pin
from messaging.services.reactions import react
from messaging.services.saved import save_message
from retention.exports.opening import passphrase_of
from retention.keyring_move import move_keyring
from retention.models import Export
from retention.services.exports import approve_export, request_export, show_passphrase
from retention.workers.destroying import carry_out_approved
from retention.workers.writing import write_export
from tests.cast import client_of
from tests.retention.conftest import PAST, Clock
from tests.retention.disk import everything_on_disk, swept
from tests.retention.harvester import Disk, files_below
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.retention.stored import everything_stored, opening
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

FIRST = "The canarywort was given to Jack Merriweather"
EDITED = "The canarywort was given to Jill Merriweather"
SURVIVOR = "The pelican stays"

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.mark.parametrize("many", [False, True], ids=["alone", "one of many"])
def test_nothing_of_a_canary_opens_or_is_confirmed(
    many: bool,
    at: Clock,
    as_role: AsRole,
    tmp_path: Path,
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
    going = past_channel(at, alice, bob, words=("Something else",) if many else ())
    canary, lost = _canary(at, alice, bob, going)
    if many:
        with at(PAST):
            survivor = say(bob, going, SURVIVOR)
        held(dana, person=bob)
    export = _exported(going, as_role, tmp_path / "bundle.zip", hari, helen)
    approved(hari, helen)
    stored = everything_stored()
    with as_role("disposer"):
        carry_out_approved()

    assert not Message.objects.filter(id=canary.id).exists()
    disk = Disk(everything_on_disk(began) + files_below(tmp_path))
    before = disk.harvest(kept_copy.generations)
    after = disk.harvest(keyring.read(keyring.keyring_file()).generations)
    for words in (FIRST, EDITED, "canarywort"):
        assert before.holds(words)
        assert not after.holds(words)
    assert before.own_holds(FIRST)
    assert any(b"canarywort" in words for words in before.vocabulary)
    assert not any(b"canarywort" in words for words in after.vocabulary)
    assert disk.confirms(before.keys, EDITED)
    # Of whole sentences: four bytes, which is one word, stand somewhere by chance.
    assert not any(disk.confirms(after.keys, words) for words in (FIRST, EDITED))
    assert opening(stored, before) >= lost
    assert not opening(stored | everything_stored(), after) & lost
    assert b"canarywort" not in disk.data
    _check_passphrase(export, kept_copy.generations)
    if many:
        survivor.refresh_from_db()
        assert messages_json([survivor])[0]["body"] == SURVIVOR
        assert after.holds(SURVIVOR)


def _canary(at: Clock, by: User, other: User, channel: Channel) -> tuple[Message, set[str]]:
    """Drafted, posted with a picture, edited, reacted to, pinned, kept, forwarded, and searched
    for; and the names of its files in the storage."""
    upload = uploaded(by, channel, picture(), "canary.png")
    keep_draft(person=by, channel_id=channel.pk, words=OwnWords(text=FIRST), written_at=now())
    elsewhere = channel_of(by, other, name="Elsewhere")
    with at(PAST):
        canary = say(by, channel, FIRST, uploads=ids(upload))
        keep_draft(person=by, channel_id=channel.pk, words=OwnWords(text=""), written_at=now())
        say(by, elsewhere, "", forward=canary.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("messaging.services.messages.now", lambda: PAST)
        edit_message(author=by, message_id=canary.id, body=EDITED)
    react(by=other, message_id=canary.id, emoji="👍", on=True)
    pin(by=by, message_id=canary.id, on=True)
    save_message(person=other, message_id=canary.id)
    found = client_of(other).get("/search/", {"q": "canarywort"}).content.decode()
    assert "Merriweather" in found
    return canary, set(names_of(upload.id))


def _exported(channel: Channel, as_role: AsRole, out: Path, by: User, approver: User) -> Export:
    """Written, and handed over with its passphrase; as its row was then."""
    day = date(PAST.year, PAST.month, 1)
    export = request_export(
        by=by,
        channel=channel,
        since=day,
        until=day + timedelta(days=30),
        purpose="investigation",
        reason=REASON,
        recipient="A solicitor",
    )
    approve_export(by=approver, number=export.number)
    with as_role("worker"):
        write_export(number=export.number, out=out)
    shown = show_passphrase(by=by, number=export.number)
    kept = Export.objects.get(number=export.number)
    assert passphrase_of(kept) == shown
    return kept


def _check_passphrase(export: Export, generations: dict[int, bytes]) -> None:
    """A thief of the row opens its passphrase with the keyring of before, and not with today's."""
    wrapped, sealed = bytes(export.wrapped or b""), bytes(export.sealed or b"")
    former = keyring.Keyring(**{**vars(keyring.ring()), "generations": generations})
    key = former.unwrap(wrapped, export.generation_id or 0)
    assert len(AESGCM(key).decrypt(sealed[:12], sealed[12:], export.uid.bytes)) > 15
    for number in keyring.ring().generations:
        with pytest.raises(keyring.KeyringError):
            keyring.ring().unwrap(wrapped, number)
