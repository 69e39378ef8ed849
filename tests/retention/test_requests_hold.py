"""Requests for information hold what they concern by themselves."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from audit.actions import Action
from audit.journal.lines import Act
from audit.models import Entry, JournalLine
from messaging.models import Channel
from retention.exceptions import NeedsAnother
from retention.models import Export, Hold
from retention.queries.holds import holds_for
from retention.services.exports import refuse_export, request_export
from retention.services.holds import release_hold
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, WORDS, approved, past_channel, words_in
from tests.roles import acting_as
from tests.scenes import channel_of


def _asked(by: User, channel: Channel, **more: Any) -> Export:
    fields: dict[str, Any] = {
        "since": date(2024, 1, 1),
        "until": date(2024, 12, 31),
        "purpose": "access",
        "reason": REASON,
        "recipient": "Who asked for it",
    }
    return request_export(by=by, channel=channel, **(fields | more))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
@pytest.mark.parametrize("purpose", ["access", "information"])
def test_what_a_request_concerns_outlives_a_disposal_until_two_people_close_it(
    purpose: str, at: Clock, alice: User, priya: User, hari: User, helen: User
) -> None:
    channel, other = past_channel(at, alice), past_channel(at, alice, name="Other")
    export = _asked(priya, channel, purpose=purpose)
    _asked(priya, other, purpose="complaint")
    refuse_export(by=helen, number=export.number)  # whoever asked may ask again, for less
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert (words_in(channel), words_in(other)) == (len(WORDS), 0)
    hold = Hold.objects.get()
    with pytest.raises(NeedsAnother):
        release_hold(by=priya, number=hold.number, reason=REASON)
    release_hold(by=helen, number=hold.number, reason=REASON)
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert words_in(channel) == 0


@pytest.mark.django_db
def test_it_is_a_hold_among_the_others_and_hidden_from_whom_the_request_concerns(
    alice: User, priya: User, helen: User, dana: User, carol: User
) -> None:
    export = _asked(priya, channel_of(alice), subjects=[dana])
    hold = Hold.objects.get(export=export)
    assert (hold.kind, hold.owner, hold.placed_by) == ("request", priya, priya)
    assert (hold.since, hold.until) == (date(2023, 12, 31), date(2025, 1, 1))
    page = f"/records/holds/{hold.number}/"
    assert f"Hold {hold.number}".encode() in client_of(helen).get("/records/holds/").content
    assert f"Export {export.number}".encode() in client_of(helen).get(page).content
    of_export = client_of(helen).get(f"/records/exports/{export.number}/").content
    assert f"Hold {hold.number}".encode() in of_export
    assert not holds_for(dana).exists()
    for person in (dana, carol):
        assert client_of(person).get(page).status_code == 404


@pytest.mark.django_db
def test_the_entry_of_the_request_names_the_hold_and_the_journal_carries_it(
    alice: User, priya: User
) -> None:
    export = _asked(priya, channel_of(alice))
    hold = Hold.objects.get()
    entry = Entry.objects.get(subject=export.uid)
    assert (entry.action, entry.facts["hold"]) == (Action.EXPORT_REQUESTED, str(hold.uid))
    assert JournalLine.objects.filter(act=Act.HOLD_PLACED).exists()
