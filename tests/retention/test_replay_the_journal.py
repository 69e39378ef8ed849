"""A restored database is told by the journal what has happened since."""

from dataclasses import asdict

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import deactivate_person, reactivate_person
from accounts.services.roles import end_role, grant_role, request_role
from audit.actions import Action
from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from audit.models import Entry
from audit.restores import declare_restore
from audit.signing import sign_checkpoint
from audit.verification.items import wrong_items
from messaging.models import Message
from messaging.verify import wrong_content
from retention.models import Certificate, Disposal, Hold, Replay
from retention.services.disposals import (
    approve_disposal,
    propose_disposals,
    withdraw_disposal,
)
from retention.services.holds import release_hold
from retention.verify import wrong_disposals
from retention.workers import destroying
from retention.workers.destroying import carry_out_approved
from retention.workers.matching import match_open_holds
from tests.retention.conftest import Clock
from tests.retention.journal import acts
from tests.retention.older import Restored
from tests.retention.replays import disposed, replayed
from tests.retention.scenes import (
    REASON,
    WORDS,
    approved,
    held,
    past_channel,
    without_waiting,
    words_in,
)
from tests.roles import acting_as
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True)]

PASSWORD = "copper kettle on the hob"
NOTHING = {
    "holds": 0, "unheld": (), "unplaced": (), "released": 0, "matters": 0, "accounts": 0,
    "roles": 0, "chunks": 0, "messages": 0, "unclear": 0,
}  # fmt: skip


def test_what_was_disposed_of_stays_gone_and_the_log_verifies(
    restored: Restored, at: Clock, alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    recent = say(bob, channel, "This is new")
    with acting_as("sealer"):
        sign_checkpoint()
    with restored():
        disposal = disposed(hari, helen)
    assert words_in(channel) == len(WORDS) + 1

    done = replayed()
    assert (done.chunks, done.messages, done.unclear) == (1, len(WORDS), 0)
    assert list(Message.objects.filter(channel=channel, kind="text")) == [recent]
    row = Replay.objects.get()
    assert (row.batch, row.destroyed, row.kind) == (disposal.uid, len(WORDS), "replay")
    entry = Entry.objects.get(action=Action.DISPOSAL_REPLAYED)
    assert (entry.subject, entry.facts["count"]) == (disposal.uid, len(WORDS))
    assert acts()[-1] == Act.RESTORED
    assert journal_problems(whole=True) == []
    with acting_as("owner"):
        declare_restore()
    assert not list(wrong_disposals())
    assert not list(wrong_items())
    assert not list(wrong_content())


def test_called_again_it_changes_nothing(
    restored: Restored,
    at: Clock,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
    theo: User,
) -> None:
    past_channel(at, alice)
    kept = past_channel(at, alice, name="Kept")
    with restored():
        held(dana, channels=[kept])
        deactivate_person(by=theo, person_id=bob.pk, reason=REASON)
        disposed(hari, helen)
    assert replayed().messages == len(WORDS)
    entries = Entry.objects.count()
    again = asdict(replayed())
    again.pop("lines")
    assert again == NOTHING
    assert Entry.objects.count() == entries


def test_what_was_held_since_stays_held_and_what_was_released_is_released(
    restored: Restored,
    at: Clock,
    alice: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    going, kept = past_channel(at, alice), past_channel(at, alice, name="Kept")
    former = held(dana, channels=[going])
    with restored():
        release_hold(by=helen, number=former.number, reason=REASON)
        hold = held(dana, channels=[kept])
        disposed(hari, helen)
    assert not Hold.objects.filter(uid=hold.uid).exists()

    done = replayed()
    assert (done.holds, done.released, done.messages) == (1, 1, len(WORDS))
    placed = Hold.objects.get(uid=hold.uid)
    assert (placed.number, placed.placed_by, placed.owner) == (hold.number, dana, dana)
    assert placed.placed_at >= hold.placed_at
    former.refresh_from_db()
    assert former.released_by == helen
    # It had left the conversation with its neighbours, and has again.
    assert set(
        Message.objects.filter(channel=kept, kind="text").values_list("out_of_view", flat=True)
    ) == {True}
    assert words_in(going) == 0
    again = Entry.objects.filter(action=Action.HOLD_REPLAYED).order_by("id")
    assert [entry.facts["kind"] for entry in again] == ["hold.placed", "hold.released"]
    # Whoever proposes now does not propose it, and no number is given twice.
    assert propose_disposals(by=hari) == []
    assert held(dana, channels=[kept]).number > hold.number


def test_a_hold_of_after_the_disposal_does_not_bring_back_what_was_gone(
    restored: Restored, at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        disposed(hari, helen)
        held(dana, channels=[channel])
    done = replayed()
    assert (done.holds, done.messages, done.unclear) == (1, len(WORDS), 0)
    assert words_in(channel) == 0


def test_a_hold_by_words_that_are_lost_does_not_bring_back_what_they_did_not_match(
    restored: Restored, at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        held(dana, channels=[channel], words="zebrafinch")
        with acting_as("worker"):
            match_open_holds()
        disposed(hari, helen)
    done = replayed()
    assert (done.holds, done.messages, done.unclear) == (1, len(WORDS), 0)
    assert words_in(channel) == 0


def test_whoever_was_seen_out_since_cannot_sign_in_and_has_no_role(
    restored: Restored, bob: User, dana: User, helen: User, theo: User
) -> None:
    for person in (bob, dana):
        User.objects.filter(pk=person.pk).update(password=make_password(PASSWORD))
    grants = []
    for person in (bob, dana):
        grant = request_role(by=theo, person_id=person.pk, role=Role.AUDITOR, reason=REASON)
        grants.append(grant_role(by=helen, grant_id=grant.pk))
    with restored():
        end_role(by=helen, grant_id=grants[1].pk)
        deactivate_person(by=theo, person_id=bob.pk, reason=REASON)
    assert authenticate(email=bob.email, password=PASSWORD)

    done = replayed()
    assert (done.accounts, done.roles) == (1, 1)
    assert authenticate(email=bob.email, password=PASSWORD) is None
    assert authenticate(email=dana.email, password=PASSWORD) == dana
    assert not bob.groups.exists()
    assert Role.AUDITOR not in dana.groups.values_list("name", flat=True)
    assert Role.DSL in dana.groups.values_list("name", flat=True)


def test_somebody_who_was_let_in_again_stays_in_without_the_former_roles(
    restored: Restored, bob: User, helen: User, theo: User
) -> None:
    grant = request_role(by=theo, person_id=bob.pk, role=Role.AUDITOR, reason=REASON)
    grant_role(by=helen, grant_id=grant.pk)
    with restored():
        deactivate_person(by=theo, person_id=bob.pk, reason=REASON)
        reactivate_person(by=theo, person_id=bob.pk, reason=REASON)
    assert replayed().accounts == 0
    bob.refresh_from_db()
    assert bob.is_active
    assert [group.name for group in bob.groups.all()] == [Role.STAFF]


def test_what_was_about_to_go_when_the_server_was_lost_is_listed_and_blocks_nothing(
    restored: Restored,
    at: Clock,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)

    def lost(*_: object) -> None:
        raise KeyboardInterrupt

    with restored():
        approved(hari, helen)
        with monkeypatch.context() as patch, acting_as("disposer"):
            patch.setattr(destroying, "destroy_chunk", lost)
            with pytest.raises(KeyboardInterrupt):
                carry_out_approved()
    assert acts()[-1] == Act.DISPOSAL_INTENDED
    assert replayed().unclear == 1
    assert words_in(channel) == len(WORDS)
    row = Replay.objects.get()
    assert (row.kind, row.replayed_at, len(row.due)) == ("unclear", None, len(WORDS))
    assert acts()[-2:] == [Act.RESTORED, Act.DISPOSAL_UNCLEAR]
    disposed(hari, helen)
    assert words_in(channel) == 0
    assert Act.DISPOSAL_WITHDRAWN not in acts()
    assert journal_problems(whole=True) == []


def test_one_that_was_approved_and_stopped_since_is_not_carried_out(
    restored: Restored, at: Clock, alice: User, hari: User, helen: User
) -> None:
    without_waiting()
    channel = past_channel(at, alice)
    (proposed,) = propose_disposals(by=hari)
    approve_disposal(by=helen, number=proposed.number)
    with restored():
        withdraw_disposal(by=helen, number=proposed.number)
    assert Disposal.objects.get().state == Disposal.State.APPROVED
    replayed()

    with acting_as("disposer"):
        assert carry_out_approved() == []
    assert Disposal.objects.get().state == Disposal.State.WITHDRAWN
    assert words_in(channel) == len(WORDS)
    (again,) = propose_disposals(by=hari)
    assert again.due == len(WORDS)


def test_a_proposal_that_was_carried_out_since_is_withdrawn_and_its_number_is_not_given_again(
    restored: Restored, at: Clock, alice: User, hari: User, helen: User
) -> None:
    without_waiting()
    past_channel(at, alice)
    (proposed,) = propose_disposals(by=hari)
    with restored():
        approve_disposal(by=helen, number=proposed.number)
        with acting_as("disposer"):
            (certificate,) = carry_out_approved()
    replayed()
    proposed.refresh_from_db()
    assert proposed.state == Disposal.State.WITHDRAWN
    past_channel(at, alice, name="Another")
    again = disposed(hari, helen)
    assert again.number > proposed.number
    assert Certificate.objects.get().number > certificate.number
