"""A channel is put under another rule, and its search follows."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.services.channels import create_channel
from retention.exceptions import (
    AlreadyProposed,
    BadReason,
    ConcernsYou,
    NeedsAnother,
    NotAllowed,
    NotFound,
    NotOpen,
    TakesTwo,
    UnknownClass,
)
from retention.queries.rules import keeping_of
from retention.services.classes import (
    approve_class,
    propose_class,
    set_record_class,
    withdraw_class,
)
from retention.workers.destroying import carry_out_approved
from retention.workers.reindexing import reindex_reclassed
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import WORDS, approved, past_channel, words_in
from tests.scenes import channel_of

REASON = "Minutes of the leadership are kept here."

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def _tokens(record_class: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_regclass('search.t_{record_class}_channel_{PAST:%Y%m}')")
        if cursor.fetchone()[0] is None:
            return 0
        cursor.execute(f"SELECT count(*) FROM search.t_{record_class}_channel_{PAST:%Y%m}")
        return int(cursor.fetchone()[0])


def test_it_is_under_the_other_rule_and_its_search_follows(
    at: Clock,
    as_role: Callable[[str], AbstractContextManager[None]],
    alice: User,
    hari: User,
) -> None:
    channel = past_channel(at, alice)
    set_record_class(by=hari, channel=channel, record_class="slt", reason=REASON)
    assert keeping_of(channel).record_class == "slt"
    assert Entry.objects.get(action=Action.CHANNEL_RECLASSED).subject == channel.pk
    with as_role("worker"):
        assert reindex_reclassed() == 1
        assert reindex_reclassed() == 0
    assert (_tokens("routine"), _tokens("slt")) == (0, len(WORDS))


def test_an_approved_disposal_spares_it(
    at: Clock,
    as_role: Callable[[str], AbstractContextManager[None]],
    alice: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    approved(hari, helen)
    set_record_class(by=hari, channel=channel, record_class="slt", reason=REASON)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert words_in(channel) == len(WORDS)
    assert certificate.document["spared"] == len(WORDS)


def test_to_keep_it_less_long_takes_two_people(alice: User, hari: User, helen: User) -> None:
    channel = channel_of(alice)
    for person in (hari, helen):
        with pytest.raises(TakesTwo):
            set_record_class(by=person, channel=channel, record_class="ephemeral", reason=REASON)
    asked = propose_class(by=helen, channel=channel, record_class="ephemeral", reason=REASON)
    with pytest.raises(AlreadyProposed):
        propose_class(by=hari, channel=channel, record_class="ephemeral", reason=REASON)
    with pytest.raises(NeedsAnother):
        approve_class(by=helen, number=asked.number)
    with pytest.raises(NotAllowed):
        approve_class(by=hari, number=asked.number)
    withdraw_class(by=helen, number=asked.number)
    asked = propose_class(by=hari, channel=channel, record_class="ephemeral", reason=REASON)
    assert approve_class(by=helen, number=asked.number).record_class == "ephemeral"
    with pytest.raises(NotOpen):
        approve_class(by=helen, number=asked.number)


def test_who_it_is_about_and_outsiders_know_nothing_of_it(
    alice: User, carol: User, hari: User, helen: User, theo: User
) -> None:
    about = create_channel(by=alice, kind="private", name="Case", about=[helen])
    asked = propose_class(by=hari, channel=about, record_class="ephemeral", reason=REASON)
    for person in (helen, carol, theo):
        with pytest.raises(NotFound):
            approve_class(by=person, number=asked.number)
        with pytest.raises(NotFound):
            withdraw_class(by=person, number=asked.number)


def test_it_needs_a_class_a_reason_and_somebody_entitled(
    alice: User, hari: User, theo: User
) -> None:
    channel = channel_of(alice)
    with pytest.raises(UnknownClass):
        set_record_class(by=hari, channel=channel, record_class="nonsense", reason=REASON)
    with pytest.raises(BadReason):
        set_record_class(by=hari, channel=channel, record_class="slt", reason="so")
    for person in (alice, theo):
        with pytest.raises(NotAllowed):
            set_record_class(by=person, channel=channel, record_class="slt", reason=REASON)
    about = create_channel(by=alice, kind="private", name="Case", about=[hari])
    with pytest.raises(ConcernsYou):
        set_record_class(by=hari, channel=about, record_class="slt", reason=REASON)
