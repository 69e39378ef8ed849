"""A backup under load, a disposal, and a restore onto a clean installation."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.actions import Action
from audit.journal.places import Folder
from audit.models import Entry
from audit.signing import sign_checkpoint
from messaging.models import Membership, Message
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.services.channels import mark_read_many
from oversight.verification import verify
from schoolchat.backup.making import make_backup
from schoolchat.backup.models import Drill, Restore
from schoolchat.database.errors import SetUpError
from schoolchat.restore.checking import mark
from schoolchat.restore.drill import drill
from schoolchat.restore.mark import mark_in
from schoolchat.restore.restoring import restore
from schoolchat.serving.product import Order, serve
from tests.backup.conftest import Elsewhere, Places, everything_in
from tests.retention.conftest import Clock
from tests.retention.scenes import WORDS, past_channel
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_a_backup_comes_back_whole(
    elsewhere: Elsewhere, places: Places, at: Clock, as_role: AsRole, alice: User, bob: User
) -> None:
    past = past_channel(at, alice, bob)
    channel = channel_of(alice, bob)
    say(alice, channel, "How it looks", uploads=ids(uploaded(alice, channel, picture(), "p.png")))
    last = say(bob, channel, "The pelican stays")
    mark_read_many(positions={(alice.pk, channel.id): last.seq})
    with as_role("sealer"):
        sign_checkpoint()
    with as_role("backup"):
        made = make_backup(places.rows, keyring_place=places.keys)
    counts = _counts()
    with as_role("owner"), elsewhere():
        restored = restore(places.rows, keyring_place=places.keys, journal=Folder(places.journal))
        assert restored.problems == ()
        assert not Restore.objects.filter(ended_at=None).exists()
        assert not mark().exists()
        assert restored.messages == made.backup.messages
        assert _counts() == counts
        assert Message.objects.filter(channel=past.id, kind="text").count() == len(WORDS)
        found = search(Scope(channels=None, versions=True), parse("pelican")).hits
        assert [hit.message.id for hit in found] == [last.id]
        assert verify().problems == ()


def _counts() -> dict[object, int]:
    """How far everybody has read, and how many messages there are."""
    read = Membership.objects.values_list("channel_id", "person_id", "read_seq")
    return {"messages": Message.objects.count()} | {
        (channel, person): seq for channel, person, seq in read
    }


def test_a_drill_touches_nothing_and_is_entered(
    places: Places, as_role: AsRole, alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    say(alice, channel, "How it looks", uploads=ids(uploaded(alice, channel, picture(), "p.png")))
    with as_role("sealer"):
        sign_checkpoint()
    with as_role("backup"):
        made = make_backup(places.rows, keyring_place=places.keys)
    before, entries = everything_in(places.rows, places.keys), Entry.objects.count()
    with as_role("owner"):
        found = drill(places.rows, keyring_place=places.keys, journal=Folder(places.journal))
    assert found.problems == ()
    assert (found.messages, found.files) == (made.backup.messages, 2)
    assert everything_in(places.rows, places.keys) == before
    assert Entry.objects.count() == entries + 1
    entry = Entry.objects.get(action=Action.BACKUP_DRILLED)
    assert entry.subject == Drill.objects.get().uid
    assert entry.facts["versions"] == found.versions


def test_nothing_is_served_while_a_restore_is_not_over(tmp_path: Path) -> None:
    order = Order(data_dir=tmp_path, host="127.0.0.1", port=0, workers=1, demo=False)
    mark_in(tmp_path).write_text("2026-11-30T020000.000Z")
    with pytest.raises(SetUpError, match="A restore was begun here and has not ended"):
        serve(order)


def test_a_school_is_not_restored_over(places: Places, as_role: AsRole, alice: User) -> None:
    say(alice, channel_of(alice), "Here")
    with as_role("backup"):
        call_command("backup", str(places.rows), keyring=places.keys, stdout=io.StringIO())
    with as_role("owner"), pytest.raises(CommandError, match="There is something in this database"):
        call_command("restore", str(places.rows), keyring=places.keys, journal=str(places.journal))
    assert not mark_in(Path(settings.DATA_DIR)).exists()
