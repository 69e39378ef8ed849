"""A request's hold that a restore placed again stays hidden from whom the request concerns."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from audit.journal.lines import Act
from audit.models import JournalLine
from messaging.models import Channel
from retention.exceptions import BadOwner, NotFound
from retention.models import Hold
from retention.queries.holds import holds_for, may_own, may_release
from retention.replaying.holds import _Concerned
from retention.services.exports import request_export
from retention.services.holds import release_hold, review_hold
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.older import Restored, shipped
from tests.retention.replays import replayed
from tests.retention.scenes import REASON, past_channel
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True)]


def _requested(channel: Channel, by: User, subject: User) -> Hold:
    export = request_export(
        by=by,
        channel=channel,
        since=date(2024, 1, 1),
        until=date(2024, 12, 31),
        purpose="access",
        reason=REASON,
        recipient="Who asked for it",
        subjects=[subject],
    )
    return Hold.objects.get(export=export)


def _said_by_an_earlier_version() -> None:
    """The line does not say whom the request is about."""
    with acting_as("owner"):
        for line in JournalLine.objects.filter(act=Act.HOLD_PLACED):
            facts: dict[str, Any] = {**line.facts}
            facts.pop("about")
            JournalLine.objects.filter(pk=line.pk).update(facts=facts)


def test_whom_it_concerns_neither_sees_owns_nor_releases_it(
    restored: Restored, at: Clock, alice: User, dana: User, hari: User, priya: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        number = _requested(channel, priya, helen).number
        shipped()
    assert replayed().holds == 1
    hold = Hold.objects.get(number=number)
    assert hold.export is None
    assert not holds_for(helen).exists()
    assert not may_own(helen, hold)
    assert not may_release(helen, hold)
    assert client_of(helen).get(f"/records/holds/{number}/").status_code == 404
    with pytest.raises(NotFound):
        release_hold(by=helen, number=number, reason=REASON)
    with pytest.raises(BadOwner):
        review_hold(by=priya, number=number, owner=helen, review_on=hold.review_on, reason=REASON)
    for person in (dana, hari, priya):
        assert holds_for(person).get() == hold


def test_where_the_journal_does_not_say_whom_it_concerns_the_dpo_says_who_may_know(
    restored: Restored, at: Clock, alice: User, dana: User, hari: User, priya: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        number = _requested(channel, hari, dana).number
        _said_by_an_earlier_version()
        shipped()
    assert replayed().holds == 1
    hold = Hold.objects.get(number=number)
    for person in (dana, helen):
        assert not holds_for(person).exists()
        assert not may_release(person, hold)
    assert holds_for(priya).get() == holds_for(hari).get() == hold
    page = f"/records/holds/{number}/"
    assert "Not known since the restore" in client_of(priya).get(page).content.decode()
    review_hold(by=priya, number=number, owner=helen, review_on=hold.review_on, reason=REASON)
    release_hold(by=helen, number=number, reason=REASON)
    hold.refresh_from_db()
    assert hold.released_by == helen


def test_it_is_placed_in_somebodys_name_where_there_is_no_dpo(hari: User, helen: User) -> None:
    """And whoever placed it joined after the backup."""
    concerned = _Concerned(channels=[], people=[helen], subjects=[], unknown=True)
    assert concerned.somebody(str(uuid4())) == hari
