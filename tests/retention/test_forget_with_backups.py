"""What is disposed of is gone from WAL, dead rows and older copies, too: the harvester's test."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.conf import settings

from accounts.models import User
from audit import keyring
from messaging.models import MessageVersion
from messaging.vault.versions import open_version
from retention.keyring_move import move_keyring
from retention.workers.destroying import carry_out_approved
from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.place import find_place
from tests.retention.conftest import Clock
from tests.retention.harvester import Disk, files_below
from tests.retention.scenes import WORDS, approved, held, past_channel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

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
    began = time.time() - 1  # a file's time may be a tick behind
    with as_role("disposer"):
        move_keyring()  # a generation of its own, under which no other test has wrapped a key
    kept_copy = keyring.read(keyring.keyring_file())
    going = past_channel(at, alice, bob, name="Kiln club")
    kept = past_channel(at, bob, name="Kept", words=("The pelican stays",))
    held(dana, channel=kept)
    salts = [
        open_version(version).salt
        for version in MessageVersion.objects.filter(message__channel=going).select_related(
            "key", "message"
        )
    ]
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["messages"] == len(WORDS)

    disk = Disk(_everything_on_disk(began))
    before = disk.harvest(kept_copy.generations)
    after = disk.harvest(keyring.read(keyring.keyring_file()).generations)

    for words in WORDS:
        assert before.holds(words)
        assert not after.holds(words)
    assert before.holds("The pelican stays")
    assert after.holds("The pelican stays")
    assert any(b"marmalade" in words for words in before.vocabulary)
    assert not any(b"marmalade" in words for words in after.vocabulary)
    assert disk.confirms(before.keys, WORDS[2])
    assert not disk.confirms(after.keys, WORDS[2])
    assert not any(salt in disk.data or salt.hex().encode() in disk.data for salt in salts)


def _everything_on_disk(since: float) -> bytes:
    """The journal as it was, and everything after what was only in memory has been written."""
    folder = find_place(settings.DATA_DIR).data
    journal = files_below(folder / "pg_wal", since=since)
    conninfo = EmbeddedPostgres(settings.DATA_DIR).superuser_conninfo()
    with psycopg.connect(conninfo, autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
    return journal + files_below(folder, since=since)
