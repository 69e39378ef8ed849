"""A copy from before a disposal opens no file with today's keyring, whatever it holds."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

import pytest

from accounts.models import PersonalKey, User
from audit import keyring
from audit.keyring import Keyring, UnknownGeneration
from messaging.files.attached import attachments_in
from messaging.files.details import details_of
from messaging.files.places import place
from messaging.files.sealing import open_chunks
from messaging.models import MessageVersion, Upload
from messaging.vault.keys import forget_ciphers
from messaging.vault.versions import open_version
from retention.keyring_move import move_keyring
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import approved
from tests.scenes import channel_of, say
from tests.uploads import NOTE, ids, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


@contextmanager
def _with(ring: Keyring) -> Iterator[None]:
    forget_ciphers()
    with patch.object(keyring, "ring", lambda **_: ring):
        yield
    forget_ciphers()


@pytest.mark.shows("file-sealed")
def test_neither_the_message_nor_the_upload_that_it_was_gives_the_key(
    at: Clock, as_role: AsRole, alice: User, hari: User, helen: User
) -> None:
    """The personal key lives on: it alone would open the upload as a backup has it."""
    with as_role("disposer"):
        move_keyring()
    channel = channel_of(alice)
    upload = uploaded(alice, channel)
    copied = Upload.objects.select_related("own_key").get()
    sealed = b"".join(place().get(str(upload.id)))
    with at(PAST):
        message = say(alice, channel, "", uploads=ids(upload))
    version = MessageVersion.objects.select_related("message", "key").get(message=message)
    former = keyring.read(keyring.keyring_file())

    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()
    today = keyring.read(keyring.keyring_file())

    with _with(former):
        (file,) = attachments_in(open_version(version).details)
        assert file == details_of(copied).found
        key = bytes.fromhex(file.key)
        plain = open_chunks(key, str(file.id), file.size, lambda start, end: [sealed[start:end]])
        assert b"".join(plain) == NOTE
    copied.own_key = PersonalKey.objects.get(person=alice)
    with _with(today):
        with pytest.raises(UnknownGeneration):
            open_version(version)
        with pytest.raises(UnknownGeneration):
            details_of(copied)
