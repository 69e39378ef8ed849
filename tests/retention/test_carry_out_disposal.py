"""A disposal is carried out: through the one door, with the move of the keyring, certified."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.models import Entry, Generation
from audit.sealed import open_record
from audit.verification.items import wrong_items
from audit.verification.log import wrong_log
from messaging.models import ContentKey, Message, MessageVersion
from messaging.rendering import messages_json
from messaging.services.messages import delete_message
from messaging.services.positions import lock_channel
from retention.exceptions import NotGone
from retention.models import Disposal, DisposalChunk
from retention.services.disposals import propose_disposals
from retention.services.holds import release_hold
from retention.workers import destroying
from retention.workers.destroying import carry_out_approved, destroy_chunk
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import WORDS, approved, held, past_channel, words_in
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_what_was_approved_is_gone_and_certified(
    at: Clock, as_role: AsRole, alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    delete_message(by=alice, message_id=Message.objects.filter(channel=channel, kind="text")[0].id)
    recent = say(bob, channel, "This is new")
    disposal = approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()

    assert words_in(channel) == 1
    assert messages_json([recent])[0]["body"] == "This is new"
    assert certificate.document["messages"] == len(WORDS)
    assert certificate.document["versions"] == len(WORDS)
    assert certificate.document["approved"]["name"] == helen.display_name
    assert certificate.signed.holds(keyring.ring().public_key)
    disposal.refresh_from_db()
    assert disposal.state == Disposal.State.DONE
    channel.refresh_from_db()
    assert channel.floor == channel.head
    assert Generation.objects.get().number == 2
    assert list(keyring.ring().generations) == [2]
    assert not list(wrong_log())
    assert not list(wrong_items())
    chunk_entries = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE)
    assert [entry.facts["count"] for entry in chunk_entries] == [len(WORDS)]


def test_a_held_channel_is_untouched_and_leaves_the_conversation(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    kept = past_channel(at, alice, bob, name="Kept")
    past_channel(at, alice, bob, name="Going")
    held(dana, channel=kept)
    versions = MessageVersion.objects.filter(message__channel=kept).order_by("pk")
    before = list(versions.values_list("pk", "sealed"))
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()

    assert certificate.document["messages"] == len(WORDS)
    entry = Entry.objects.get(action=Action.DISPOSAL_CERTIFIED)
    assert open_record(UUID(entry.facts["record"])) == {"held": len(WORDS), "not_due_any_more": 0}
    after = list(versions.values_list("pk", "sealed"))
    assert [(pk, bytes(s)) for pk, s in after] == [(pk, bytes(s)) for pk, s in before]
    assert Message.objects.filter(channel=kept, kind="text", out_of_view=True).count() == 3


def test_neither_certificate_nor_log_says_that_something_is_held(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    past_channel(at, alice, bob, name="Going")
    held(dana, channel=past_channel(at, alice, bob, name="Kept"))
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert "held" not in str(certificate.document)
    assert certificate.document["spared"] == 0
    facts = Entry.objects.filter(action__startswith="disposal.p").values_list("facts", flat=True)
    assert [set(one) for one in facts] == [{"record", "commitment", "number", "due", "digest"}]


def test_a_survivor_is_sealed_anew_under_a_fresh_key_and_still_opens(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    with at(PAST):
        survivor = say(bob, channel, "Held words")
    held(dana, person=bob)
    old = ContentKey.objects.get(channel=channel, month=PAST.date().replace(day=1))
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()

    survivor.refresh_from_db()
    assert survivor.out_of_view
    assert messages_json([survivor])[0]["body"] == "Held words"
    assert not ContentKey.objects.filter(pk=old.pk).exists()
    assert words_in(channel) == 1


def test_a_hold_that_comes_after_the_approval_still_counts(
    at: Clock, as_role: AsRole, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    approved(hari, helen)
    held(dana, channel=channel)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["messages"] == 0
    assert words_in(channel) == len(WORDS)


def test_nothing_is_disposed_of_that_nobody_approved(
    at: Clock, as_role: AsRole, alice: User, hari: User
) -> None:
    channel = past_channel(at, alice)
    (proposed,) = [one for one in propose_disposals(by=hari) if one.record_class == "routine"]
    with as_role("disposer"):
        assert carry_out_approved() == []
        with pytest.raises(DatabaseError, match="not approved"):
            _door(proposed.number)
    assert words_in(channel) == len(WORDS)


def test_a_batch_that_was_changed_after_the_approval_is_refused(
    at: Clock, as_role: AsRole, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    disposal = approved(hari, helen)
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO retention_disposalitem (chunk_id, message, held)"
            " SELECT id, gen_random_uuid(), false FROM retention_disposalchunk"
        )
    with as_role("disposer"), pytest.raises(DatabaseError, match="not what was approved"):
        _door(disposal.number)


def test_no_certificate_while_a_half_written_keyring_lies_about(
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    past_channel(at, alice)
    approved(hari, helen)
    file = keyring.keyring_file()
    left = file.with_name(f".{file.name}.4711")
    with as_role("disposer"):
        with monkeypatch.context() as patch:
            patch.setattr(keyring, "sweep", left.touch)
            with pytest.raises(NotGone, match="half-written"):
                carry_out_approved()
        assert len(carry_out_approved()) == 1


@pytest.mark.parametrize("role", ["web", "worker", "sealer", "backup"])
def test_only_the_disposer_opens_the_door(
    at: Clock, as_role: AsRole, role: str, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    disposal = approved(hari, helen)
    with as_role(role), pytest.raises(DatabaseError, match="permission denied"):
        _door(disposal.number)


def test_a_released_hold_lets_the_next_disposal_take_what_was_out_of_view(
    at: Clock,
    as_role: AsRole,
    alice: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    hold = held(dana, channel=channel)
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()
    assert propose_disposals(by=hari) == []
    release_hold(by=helen, number=hold.number, reason="The allegation has been dealt with.")
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()
    assert words_in(channel) == 0


def test_who_deletes_meanwhile_and_the_disposal_take_their_locks_in_one_order(
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    message = Message.objects.filter(channel=channel, kind="text")[0]
    approved(hari, helen)
    locked, tries, deleted = threading.Event(), [], []

    def delete() -> None:
        with transaction.atomic():
            lock_channel(channel.id)
            locked.set()
            _wait_for_a_waiter()
            deleted.append(delete_message(by=alice, message_id=message.id))
        connection.close()

    def counted(disposal: Disposal, chunk: DisposalChunk, intended: UUID) -> None:
        tries.append(chunk.number)
        destroy_chunk(disposal, chunk, intended)

    thread = threading.Thread(target=delete)
    thread.start()
    locked.wait(10)
    monkeypatch.setattr(destroying, "destroy_chunk", counted)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    thread.join(10)
    assert (len(deleted), tries) == (1, [1])
    assert certificate.document["messages"] == len(WORDS)


def _wait_for_a_waiter() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid()"
                " = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def test_a_chunk_that_ends_a_deadlock_is_tried_again(
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    past_channel(at, alice)
    approved(hari, helen)
    chosen = iter([True, False])

    def unlucky(disposal: Disposal, chunk: DisposalChunk, intended: UUID) -> None:
        if next(chosen):
            raise OperationalError("deadlock detected") from DeadlockDetected()
        destroy_chunk(disposal, chunk, intended)

    monkeypatch.setattr(destroying, "destroy_chunk", unlucky)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["messages"] == len(WORDS)


def _door(number: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT retention_destroy(%s, 1)", [number])
