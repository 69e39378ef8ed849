"""Nothing is destroyed before the journal says so; afterwards it says what became of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from psycopg.errors import RaiseException

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import deactivate_person, reactivate_person
from accounts.services.roles import end_role, grant_role, request_role
from audit.journal.lines import Act, unpacked
from audit.journal.shipping import ship
from messaging.models import Message
from retention.exceptions import DisposalRefused, NoJournal
from retention.models import DisposalChunk
from retention.proposing import due
from retention.services.holds import release_hold
from retention.workers import destroying
from retention.workers.destroying import carry_out_approved
from tests.faults.storage import room_for
from tests.retention.conftest import PAST, Clock
from tests.retention.journal import acts, outside
from tests.retention.scenes import REASON, WORDS, approved, held, past_channel, words_in
from tests.roles import acting_as
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_a_chunk_stands_outside_with_its_ids_before_and_after_it_is_destroyed(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    with at(PAST):
        say(bob, channel, "This one is held")
    kept = Message.objects.get(channel=channel, author=bob, kind="text").id
    disposal = approved(hari, helen)
    hold = held(dana, people=[bob])
    due = set(Message.objects.filter(channel=channel, kind="text").values_list("id", flat=True))
    with as_role("disposer"):
        carry_out_approved()
    assert acts() == [Act.HOLD_PLACED, Act.DISPOSAL_INTENDED, Act.DISPOSAL_DONE]
    placed, intended, done = (line.said for line in outside())
    assert (placed.subject, placed.facts["people"]) == (hold.uid, [str(bob.pk)])
    assert (intended.subject, done.subject) == (disposal.uid, disposal.uid)
    assert set(unpacked(intended.facts["due"])) == due
    assert intended.facts["digest"] == DisposalChunk.objects.get().digest
    assert done.ends == intended.uid
    assert unpacked(done.facts["out_of_view"]) == [kept]
    assert done.facts["destroyed"] == len(due) - 1


def test_there_are_no_words_and_no_names_in_it(
    at: Clock, as_role: AsRole, alice: User, dana: User, hari: User, helen: User, theo: User
) -> None:
    past_channel(at, alice)
    hold = held(dana, channels=[past_channel(at, alice, name="Kept")])
    release_hold(by=helen, number=hold.number, reason=REASON)
    approved(hari, helen)
    deactivate_person(by=theo, person_id=alice.pk, reason=REASON)
    with as_role("disposer"):
        carry_out_approved()
    said = b"".join(line.raw for line in outside()).decode()
    for word in (*WORDS, REASON, "Kept", "Kiln", alice.display_name, alice.email):
        assert word not in said


@pytest.mark.parametrize("fault", ["missing", "not a folder", "full"])
def test_without_a_journal_that_can_be_written_nothing_is_destroyed(
    fault: str,
    at: Clock,
    as_role: AsRole,
    settings: Any,
    tmp_path: Path,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    approved(hari, helen)
    settings.JOURNAL = tmp_path / "mount"
    if fault == "not a folder":
        settings.JOURNAL.write_bytes(b"")
    elif fault == "full":
        settings.JOURNAL.mkdir()
    said = "Nothing is destroyed until this is put right. .*" + (
        "room" if fault == "full" else "SCHOOLCHAT_JOURNAL"
    )
    with as_role("disposer"), room_for(100 if fault == "full" else -1):
        with pytest.raises(NoJournal, match=said):
            carry_out_approved()
        with pytest.raises(CommandError, match=said):
            call_command("apply_retention")
    assert words_in(channel) == len(WORDS)
    assert DisposalChunk.objects.get().done_at is None

    if fault == "not a folder":
        settings.JOURNAL.unlink()
    settings.JOURNAL.mkdir(exist_ok=True)
    with as_role("disposer"):
        carry_out_approved()
    assert words_in(channel) == 0
    assert acts()[-2:] == [Act.DISPOSAL_INTENDED, Act.DISPOSAL_DONE]
    assert set(acts()[:-2]) == {Act.DISPOSAL_INTENDED, Act.DISPOSAL_WITHDRAWN}


def test_a_journal_that_is_lost_between_two_chunks_stops_before_the_second(
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    monkeypatch.setattr(due, "CHUNK", 2)
    monkeypatch.setattr(destroying, "AHEAD", 1)
    channel = past_channel(at, alice)
    approved(hari, helen)
    assert DisposalChunk.objects.count() == 2
    real = destroying.destroy_chunk

    def unmounted(*args: Any) -> None:
        real(*args)
        settings.JOURNAL = tmp_path / "mount"

    kept = settings.JOURNAL
    monkeypatch.setattr(destroying, "destroy_chunk", unmounted)
    with as_role("disposer"):
        with pytest.raises(NoJournal):
            carry_out_approved()
        assert DisposalChunk.objects.filter(done_at=None).count() == 1
        assert words_in(channel) > 0
        settings.JOURNAL = kept
        monkeypatch.setattr(destroying, "destroy_chunk", real)
        carry_out_approved()
    assert acts() == [
        Act.DISPOSAL_INTENDED,
        Act.DISPOSAL_DONE,
        Act.DISPOSAL_INTENDED,
        Act.DISPOSAL_WITHDRAWN,
        Act.DISPOSAL_INTENDED,
        Act.DISPOSAL_DONE,
    ]


def test_some_chunks_stand_outside_at_once_before_the_first_of_them_is_destroyed(
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    monkeypatch.setattr(due, "CHUNK", 1)
    monkeypatch.setattr(destroying, "AHEAD", 2)
    past_channel(at, alice)
    approved(hari, helen)
    assert DisposalChunk.objects.count() == len(WORDS) == 3
    real, before = destroying.destroy_chunk, []

    def watched(*args: Any) -> None:
        before.append(acts())
        real(*args)

    monkeypatch.setattr(destroying, "destroy_chunk", watched)
    with as_role("disposer"):
        carry_out_approved()
    two, end = [Act.DISPOSAL_INTENDED] * 2, Act.DISPOSAL_DONE
    assert before == [two, two, [*two, end, end, Act.DISPOSAL_INTENDED]]
    said = [line.said for line in outside()]
    intended = [one.uid for one in said if one.act == Act.DISPOSAL_INTENDED]
    assert [one.ends for one in said if one.act == end] == intended


def test_where_one_is_refused_none_of_those_that_were_said_stays_open(
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    hari: User,
    helen: User,
) -> None:
    monkeypatch.setattr(due, "CHUNK", 1)
    channel = past_channel(at, alice)
    approved(hari, helen)
    real, seen = destroying.destroy_chunk, []

    def refused(*args: Any) -> None:
        seen.append(args)
        if len(seen) > 1:
            raise DatabaseError("not what was approved") from RaiseException()
        real(*args)

    monkeypatch.setattr(destroying, "destroy_chunk", refused)
    with as_role("disposer"), pytest.raises(DisposalRefused):
        carry_out_approved()
    assert words_in(channel) == 2
    assert acts() == [
        *[Act.DISPOSAL_INTENDED] * 3,
        Act.DISPOSAL_DONE,
        *[Act.DISPOSAL_WITHDRAWN] * 2,
    ]


def test_releases_deactivations_and_ends_of_roles_go_out_too(
    dana: User, helen: User, theo: User, bob: User
) -> None:
    hold = held(dana, people=[bob])
    release_hold(by=helen, number=hold.number, reason=REASON)
    grant = request_role(by=theo, person_id=bob.pk, role=Role.DSL, reason=REASON)
    grant_role(by=helen, grant_id=grant.pk)
    end_role(by=helen, grant_id=grant.pk)
    deactivate_person(by=theo, person_id=bob.pk, reason=REASON)
    reactivate_person(by=theo, person_id=bob.pk, reason=REASON)
    _ship()
    assert [(line.said.act, line.said.subject) for line in outside()] == [
        (Act.HOLD_PLACED, hold.uid),
        (Act.HOLD_RELEASED, hold.uid),
        (Act.ROLE_ENDED, bob.pk),
        (Act.PERSON_DEACTIVATED, bob.pk),
        (Act.PERSON_REACTIVATED, bob.pk),
    ]
    assert outside()[2].said.facts == {"grant": str(grant.pk), "role": "dsl"}


def _ship() -> None:
    """What waits is shipped as the worker does it."""
    with acting_as("worker"):
        ship()
