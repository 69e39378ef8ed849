"""An objection takes out all that was due of a disposal: whoever a hold is on sees it end."""

import pytest

from accounts.models import User
from audit.models import Entry
from messaging.models import Channel
from oversight.queries.access import own_cases, secret_from
from retention.exceptions import NotOpen
from retention.models import Disposal
from retention.queries.disposals import certificates_for, disposal_for, open_for
from retention.services.disposals import approve_disposal, propose_disposals
from retention.services.objections import decide_objection, object_to_disposal
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, WORDS, held, let_days_pass, past_channel
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def _emptied(channel: Channel, *, by: User, decided_by: User) -> Disposal:
    """What was due of it is taken out, whether anything is held besides or not."""
    (disposal,) = propose_disposals(by=decided_by)
    assert disposal.due == len(WORDS)
    made = object_to_disposal(by=by, channel_id=channel.pk, number=disposal.number, reason=REASON)
    decide_objection(
        by=decided_by, number=disposal.number, objection_id=made.pk, upheld=True, reason=REASON
    )
    disposal.refresh_from_db()
    return disposal


def _page(viewer: User, disposal: Disposal) -> str:
    """Without what differs from disposal to disposal."""
    page = client_of(viewer).get(f"/records/disposals/{disposal.number}/").content.decode()
    return page.replace(f"Disposal {disposal.number}", "Disposal")


def _entries(viewer: User, disposal: Disposal) -> list[str]:
    found = Entry.objects.filter(subject=disposal.uid).exclude(secret_from(viewer))
    return list(found.order_by("id").values_list("action", flat=True))


def test_to_whom_a_hold_is_on_it_looks_as_if_nothing_were_left(
    at: Clock, alice: User, bob: User, dana: User, hari: User, helen: User, priya: User
) -> None:
    kiln = past_channel(at, alice)
    former = _emptied(kiln, by=alice, decided_by=hari)
    shown, entries = _page(helen, former), _entries(helen, former)
    assert former.state == Disposal.State.WITHDRAWN

    past_channel(at, helen, name="Held")
    held(dana, person=helen)
    later = _emptied(kiln, by=alice, decided_by=hari)
    assert (later.state, later.due, later.held) == (Disposal.State.PROPOSED, 0, len(WORDS))
    for disposal in (former, later):
        assert disposal_for(helen, disposal.number).state == Disposal.State.WITHDRAWN
        assert _entries(helen, disposal) == entries
        assert "Withdrawn by Hari Hussain" in _page(helen, disposal)
        assert "held" not in _page(helen, disposal)
        with pytest.raises(NotOpen):
            approve_disposal(by=helen, number=disposal.number)
    assert "Withdrawn by Hari Hussain" in shown
    assert list(open_for(helen)) == []
    assert later.uid not in own_cases(helen)
    # Whoever may know of the hold carries on.
    assert list(open_for(hari)) == [later]
    assert "all of it is held" in _page(hari, later)


def test_a_hold_that_is_placed_later_changes_nothing_that_somebody_has_seen(
    at: Clock, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    past_channel(at, bob, name="Held")
    held(dana, person=bob)
    disposal = _emptied(past_channel(at, alice), by=alice, decided_by=hari)
    seen, entries = _page(helen, disposal), _entries(helen, disposal)
    assert "all of it is held" in seen
    held(dana, person=helen)
    assert disposal_for(helen, disposal.number).state == Disposal.State.PROPOSED
    assert "all of it is held" in _page(helen, disposal)
    assert _entries(helen, disposal) == entries
    assert list(open_for(helen)) == [disposal]


def test_what_becomes_of_it_is_kept_from_them(
    at: Clock, alice: User, bob: User, dana: User, hari: User, helen: User, chris: User
) -> None:
    kiln = past_channel(at, alice)
    past_channel(at, helen, name="Held")
    held(dana, person=helen)
    disposal = _emptied(kiln, by=alice, decided_by=hari)
    entries = _entries(helen, disposal)
    let_days_pass(disposal, 60)
    approve_disposal(by=chris, number=disposal.number)
    let_days_pass(disposal, 20)
    with acting_as("disposer"):
        (certificate,) = carry_out_approved()
    assert list(certificates_for(hari)) == [certificate]
    assert not certificates_for(helen).exists()
    assert _entries(helen, disposal) == entries
    assert len(_entries(hari, disposal)) > len(entries)
    page = _page(helen, disposal)
    assert "Withdrawn by Hari Hussain" in page
    assert "Chris" not in page
