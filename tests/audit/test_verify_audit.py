"""Whatever is altered past the product is found and named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Checkpoint, Entry
from audit.services import record
from audit.signing import sign_checkpoint
from messaging.models import Channel, Message
from messaging.services.messages import edit_message
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    made = channel_of(alice, bob)
    edited = say(alice, made, "Bus at three")
    say(bob, made, "Thank you")
    edit_message(author=alice, message_id=edited.id, body="Bus at four")
    with acting_as("sealer"):
        sign_checkpoint()
    return made


@contextmanager
def past_the_product() -> Iterator[None]:
    """As the owner, with the triggers off: what somebody with the server can do."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def refusal() -> str:
    with pytest.raises(CommandError) as found:
        call_command("verify_audit")
    return str(found.value)


def test_an_unaltered_record_verifies(channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    assert capsys.readouterr().out.startswith("ok: ")


def test_one_changed_byte_of_an_entry_is_named(channel: Channel) -> None:
    entry = Entry.objects.earliest("id")
    with past_the_product():
        Entry.objects.filter(id=entry.id).update(actor=None)
    assert f"Entry {entry.id} " in refusal()


def test_an_entry_rewritten_with_its_hash_is_still_found(channel: Channel) -> None:
    first, second = Entry.objects.order_by("id")[:2]
    with past_the_product():
        Entry.objects.filter(id=first.id).update(hash=second.hash)
    assert "checkpoint" in refusal() or f"Entry {first.id} " in refusal()


def test_a_removed_entry_is_found(channel: Channel) -> None:
    with past_the_product(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_leaf WHERE number = 1")
        cursor.execute("DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_leaf)")
    assert "Leaf 1 is missing" in refusal()


def test_an_entry_that_was_kept_out_of_the_tree_is_named(channel: Channel, alice: User) -> None:
    say(alice, channel, "Never sealed")
    entry = Entry.objects.latest("id")
    call_command("verify_audit")  # it waits for the sealer, as every new entry does
    with past_the_product(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_unsealed")
    assert f"Entry {entry.id} ({entry.uid}) is in the log, but was kept out" in refusal()


def test_an_entry_that_was_removed_before_it_was_sealed_is_named(
    channel: Channel, alice: User
) -> None:
    with transaction.atomic():
        entry = record(Action.SIGNED_IN, actor=alice.id, method="password")
    with past_the_product():
        Entry.objects.filter(id=entry.id).delete()
    assert f"Entry {entry.id} waited for the sealer, but is missing" in refusal()
    with acting_as("sealer"):
        sign_checkpoint()
    assert f"Entry {entry.id} waited" in refusal()


@pytest.mark.parametrize(
    "change",
    [{"author": None}, {"sent_at": timedelta(seconds=1)}, {"kind": "system", "ref": None}],
    ids=["author", "time", "kind"],
)
def test_a_changed_author_time_or_kind_is_named(
    channel: Channel, bob: User, change: dict[str, object]
) -> None:
    message = Message.objects.filter(kind="text").earliest("seq")
    values = {
        "author": bob,
        "sent_at": message.sent_at + timedelta(seconds=1),
        "kind": "system",
        "ref": None,
    }
    with past_the_product():
        Message.objects.filter(id=message.id).update(**{name: values[name] for name in change})
    assert str(message.id) in refusal()


def test_two_swapped_bodies_are_both_named(channel: Channel) -> None:
    one, other = Message.objects.filter(kind="text").order_by("seq")
    a, b = one.versions.get(number=1), other.versions.get(number=1)
    with past_the_product():
        one.versions.filter(id=a.id).update(sealed=b.sealed, key=b.key)
        other.versions.filter(id=b.id).update(sealed=a.sealed, key=a.key)
    said = refusal()
    assert str(one.id) in said
    assert str(other.id) in said


def test_a_message_removed_without_a_disposal_is_named(channel: Channel) -> None:
    message = Message.objects.filter(kind="text").latest("seq")
    with past_the_product():
        message.versions.all().delete()
        Message.objects.filter(id=message.id).delete()
    assert f"Message {message.id}, version 1, was removed" in refusal()


def test_a_checkpoint_signed_with_another_key_is_found(channel: Channel) -> None:
    checkpoint = Checkpoint.objects.latest("size")
    with past_the_product():
        Checkpoint.objects.filter(id=checkpoint.id).update(signature=b"x" * 64)
    assert "is not signed by this school's key" in refusal()


@pytest.mark.parametrize(
    "change", [{"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"version": 1}], ids=str
)
def test_a_message_hidden_past_the_product_is_named(
    channel: Channel, change: dict[str, Any]
) -> None:
    message = Message.objects.filter(kind="text").earliest("seq")
    with past_the_product():
        Message.objects.filter(id=message.id).update(**change)
    assert f"Message {message.id} is marked as" in refusal()
