"""A replay that is killed, at whatever step, is taken up by the next: all of it once."""

import pytest

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import deactivate_person
from accounts.services.roles import end_role, grant_role, request_role
from audit.actions import Action
from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from audit.models import Entry
from messaging.models import Message
from oversight.services.concerns import raise_concern
from retention.models import Hold, Matter, Replay
from retention.proposing import due
from retention.services.holds import release_hold
from tests.retention.conftest import Clock
from tests.retention.dying import dying
from tests.retention.journal import acts
from tests.retention.older import Restored
from tests.retention.replays import disposed
from tests.retention.scenes import REASON, WORDS, held, past_channel, words_in

FEWEST = 90


@pytest.mark.django_db(transaction=True)
def test_killed_at_every_step_it_ends_as_if_it_had_not_been(
    restored: Restored,
    at: Clock,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
    theo: User,
) -> None:
    monkeypatch.setattr(due, "CHUNK", 2)
    going, kept = past_channel(at, alice), past_channel(at, alice, name="Kept")
    former = held(dana, channels=[going])
    asked = request_role(by=theo, person_id=dana.pk, role=Role.AUDITOR, reason=REASON)
    grant = grant_role(by=helen, grant_id=asked.pk)
    worrying = Message.objects.filter(channel=kept, kind="text").earliest("seq")
    with restored():
        release_hold(by=helen, number=former.number, reason=REASON)
        hold = held(dana, channels=[kept])
        raised = raise_concern(by=alice, message_id=worrying.pk)
        end_role(by=helen, grant_id=grant.pk)
        deactivate_person(by=theo, person_id=bob.pk, reason=REASON)
        disposed(hari, helen)

    died: list[str] = []
    with dying("tests.retention.killed_replayer") as replay:
        while (where := replay()) != "done":
            assert "failed" not in where
            died.append(where)

    assert len(died) >= FEWEST
    assert words_in(going) == 0
    assert set(
        Message.objects.filter(channel=kept, kind="text").values_list("out_of_view", flat=True)
    ) == {True}
    assert Hold.objects.filter(released_at=None).get().uid == hold.uid
    for person in (bob, dana):
        person.refresh_from_db()
    assert (bob.is_active, dana.is_active) == (False, True)
    assert Role.AUDITOR not in dana.groups.values_list("name", flat=True)
    chunks = Replay.objects.filter(kind="replay", replayed_at__isnull=False)
    assert sum(chunk.destroyed for chunk in chunks) == len(WORDS)
    assert _count(Action.HOLD_REPLAYED) == 3
    assert Matter.objects.get(ended_at=None).uid == raised.uid
    assert _count(Action.ROLE_ENDED) == _count(Action.PERSON_DEACTIVATED) == 1
    again = Entry.objects.filter(action=Action.DISPOSAL_REPLAYED)
    assert sum(entry.facts["count"] for entry in again) == len(WORDS)
    # Once for each that died when it was through.
    assert acts().count(Act.RESTORED) >= 1
    assert journal_problems(whole=True) == []


def _count(action: Action) -> int:
    return Entry.objects.filter(action=action).count()
