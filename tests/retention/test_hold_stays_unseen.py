"""A hold does not give itself away, and nobody gets round the lock that makes it sure."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.exceptions import ChannelNotFound
from messaging.models import Channel, Membership, Message
from messaging.search.query import parse
from messaging.search.scope import Position, Scope
from messaging.services.channels import open_direct
from messaging.services.messages import post_message
from retention.locks import DESTROYING
from retention.models import Disposal
from retention.queries.rules import policies
from retention.services.disposals import propose_disposals
from retention.services.holds import release_hold
from retention.verify import wrong_disposals
from retention.workers.destroying import carry_out_approved
from retention.workers.reindexing import reindex_months
from tests.cast import client_of
from tests.messaging.search_scene import every_hit
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, WORDS, approved, held, past_channel
from tests.roles import acting_as
from tests.scenes import channel_of, say


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
def test_what_is_sent_once_more_is_posted_anew_whether_it_was_held_or_destroyed(
    at: Clock, alice: User, bob: User, carol: User, dana: User, hari: User, helen: User
) -> None:
    ref = uuid4()
    channels = [past_channel(at, alice, bob, name=name, words=("A",)) for name in ("One", "Two")]
    with at(PAST):
        for channel in channels:
            post_message(author=bob, channel_id=channel.id, ref=ref, body="Once")
    held(dana, person=bob, channels=[channels[0]])
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert Message.objects.filter(author=bob, out_of_view=True).count() == 1
    for channel in channels:
        assert Message.objects.filter(channel=channel, author=bob, out_of_view=False).count() == 0
        first = post_message(author=bob, channel_id=channel.id, ref=ref, body="Once more")
        again = post_message(author=bob, channel_id=channel.id, ref=ref, body="Once more")
        assert first.id == again.id
        with pytest.raises(ChannelNotFound):
            post_message(author=carol, channel_id=channel.id, ref=ref, body="Once more")


@pytest.mark.django_db
def test_nobody_who_serves_takes_a_member_out_of_what_a_hold_covers(alice: User, bob: User) -> None:
    direct = open_direct(by=alice, people=[bob])
    member = Membership.objects.filter(channel=direct, person=bob)
    for role in ("web", "worker"):
        for change in (
            member.delete,
            lambda: member.update(person=alice),
            lambda: Channel.objects.filter(pk=direct.pk).update(kind="private"),
        ):
            with acting_as(role), pytest.raises(ProgrammingError), transaction.atomic():
                change()


@pytest.mark.django_db(transaction=True)
def test_another_class_waits_for_the_chunk_under_way_by_whatever_statement(alice: User) -> None:
    channel, changed = channel_of(alice), threading.Event()

    def change() -> None:
        try:
            Channel.objects.filter(pk=channel.pk).update(record_class="slt")
            changed.set()
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [DESTROYING])
        thread = threading.Thread(target=change)
        thread.start()
        assert not changed.wait(0.3)
    thread.join(10)
    assert changed.is_set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
def test_what_is_not_due_any_more_comes_back_with_the_release_of_its_last_hold(
    at: Clock, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    holds = [held(dana, person=alice), held(dana, channel=channel)]
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert Message.objects.filter(channel=channel, out_of_view=True).count() >= len(WORDS)

    Channel.objects.filter(pk=channel.pk).update(record_class=_kept_longer())
    release_hold(by=helen, number=holds[0].number, reason=REASON)
    assert not _found("marmalade")
    before = Channel.objects.get(pk=channel.pk).head
    release_hold(by=helen, number=holds[1].number, reason=REASON)

    assert not Message.objects.filter(channel=channel, out_of_view=True).exists()
    channel.refresh_from_db()
    assert (channel.head, channel.floor) == (before + 1, before + 1)
    with acting_as("worker"):
        reindex_months(channel.pk, [date(2024, 3, 1)])
    assert len(_found("marmalade")) == 1
    entries = Entry.objects.filter(action=Action.HOLD_RELEASED).order_by("id")
    assert [entry.facts["shown"] == 0 for entry in entries] == [True, False]
    assert list(wrong_disposals()) == []


def _found(words: str) -> list[Position]:
    return every_hit(Scope(channels=None), parse(words))


def _kept_longer() -> str:
    return next(rule.record_class for rule in policies() if rule.action != "dispose")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
def test_what_is_still_due_stays_out_of_view_after_the_release(
    at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    hold = held(dana, channel=channel)
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    release_hold(by=helen, number=hold.number, reason=REASON)
    assert Message.objects.filter(channel=channel, out_of_view=True).count() >= len(WORDS)
    assert Entry.objects.get(action=Action.HOLD_RELEASED).facts["shown"] == 0


@pytest.mark.django_db
def test_a_batch_of_nothing_but_what_is_held_stands_in_no_others_way(
    at: Clock, alice: User, bob: User, dana: User, hari: User
) -> None:
    for person in (alice, hari):
        held(dana, person=person)
    past_channel(at, alice)
    assert [one.due for one in propose_disposals(by=hari)] == [0]
    past_channel(at, bob, name="Two")
    page = client_of(hari).post("/records/disposals/propose/", follow=True).content.decode()
    assert "What is due has been proposed." in page
    later = Disposal.objects.latest("number")
    assert (later.due, f"/records/disposals/{later.number}/" in page) == (len(WORDS), True)
    assert propose_disposals(by=hari) == []


@pytest.mark.django_db
def test_parts_of_nothing_but_what_is_held_have_the_last_numbers(
    at: Clock, alice: User, bob: User, dana: User, hari: User
) -> None:
    held(dana, channel=past_channel(at, alice, name="One"))
    with at(PAST + timedelta(days=40)):
        say(bob, channel_of(bob, name="Two"), "What nobody holds")
    (proposed,) = propose_disposals(by=hari)
    channels = proposed.chunks.order_by("number").values_list("channel__name", flat=True)
    assert list(channels) == ["Two", "One"]
