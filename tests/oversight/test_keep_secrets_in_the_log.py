"""What the log keeps from the person whom it is about, and that others looked at it."""

from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.entries import ItemOfAct
from audit.models import Entry
from audit.services import record, record_bulk
from oversight.models import AlertKind
from oversight.services.alerts import raise_alert
from oversight.services.concerns import open_concern, raise_concern
from retention.models import Disposal, Hold, Policy
from retention.queries.steps import objections_end
from retention.services.exports import approve_export
from tests.cast import client_of
from tests.oversight.logs import asked_by, hold_by, ids_of, seen_by
from tests.roles import acting_as
from tests.scenes import channel_of, say


@transaction.atomic
def _proposed(due: int) -> Entry:
    """A disposal as retention proposes it: its row, and the entry that names it."""
    rule = Policy.objects.earliest("id")
    disposal = Disposal.objects.create(
        record_class="routine", policy=rule, cut_off="2030-01-01", due=due, held=3, digest="00",
        object_before=objections_end(now()),
    )  # fmt: skip
    return record(Action.DISPOSAL_PROPOSED, actor=None, subject=disposal.uid, due=due)


def test_a_disposal_of_nothing_but_held_messages_is_kept_from_whom_the_hold_is_on(
    hari: User, priya: User, gwen: User
) -> None:
    hold_by(hari, person=priya)
    entry = _proposed(due=0)

    assert entry.id not in seen_by(priya, group="retention")
    assert entry.id in seen_by(gwen, group="retention")


def test_a_part_of_a_disposal_that_destroyed_nothing_is_kept_from_whom_the_hold_is_on(
    hari: User, priya: User, gwen: User
) -> None:
    hold_by(hari, person=priya)
    disposal = _proposed(due=3).subject
    with acting_as("owner"), transaction.atomic():
        parts = [_done(disposal, some) for some in ([], [uuid4()])]

    assert [part.id in seen_by(gwen, group="retention") for part in parts] == [True, True]
    assert [part.id in seen_by(priya, group="retention") for part in parts] == [False, True]
    assert client_of(priya).get(f"/audit/entries/{parts[0].id}/").status_code == 404


def _done(disposal: UUID | None, destroyed: list[UUID]) -> Entry:
    items = [ItemOfAct(subject=one, version=1, commitment=b"c" * 32) for one in destroyed]
    return record_bulk(
        Action.DISPOSAL_CHUNK_DONE, actor=None, subject=disposal, items=items, number=1
    )


def test_a_hold_does_not_give_itself_away_to_its_subject(
    hari: User, priya: User, gwen: User, alice: User
) -> None:
    on_her = hold_by(hari, person=priya)
    on_alice = hold_by(hari, person=alice)

    seen = seen_by(priya, group="retention")

    assert on_alice.id in seen
    assert on_her.id not in seen
    assert client_of(priya).get(f"/audit/entries/{on_her.id}/").status_code == 404
    assert on_her.id in seen_by(gwen, group="retention")


def test_nobody_learns_that_others_looked_at_what_is_secret_from_them(
    hari: User, priya: User, gwen: User, alice: User
) -> None:
    on_her, on_alice = hold_by(hari, person=priya), hold_by(hari, person=alice)
    number = str(Hold.objects.get(people__person=priya).number)
    looking = client_of(gwen)
    for hold in (on_her, on_alice):
        looking.get(f"/audit/entries/{hold.id}/")
    for filters in (
        {"case": "hold", "number": number},
        {"actor": str(priya.id)},
        {"subject": str(priya.id)},
    ):
        looking.get("/audit/", filters)
    client_of(priya).get("/audit/", {"subject": str(priya.id)})

    seen = seen_by(priya, action="log.viewed")

    at_her = Entry.objects.get(action="log.viewed", subject=on_her.uid).id
    at_alice = Entry.objects.get(action="log.viewed", subject=on_alice.uid).id
    for_her = ids_of(actor=gwen.id, action="log.viewed", subject=None)
    assert len(for_her) == 3
    assert at_alice in seen
    assert at_her not in seen
    assert seen.isdisjoint(for_her)
    assert ids_of(actor=priya.id) <= seen | {max(ids_of(actor=priya.id))}
    assert for_her | {at_her} <= seen_by(gwen, action="log.viewed")


def test_an_alert_about_the_reader_is_kept_from_them(priya: User, gwen: User) -> None:
    alert = raise_alert(kind=AlertKind.MASS_SEARCH, about=priya.id)
    assert alert is not None
    (entry,) = ids_of(subject=alert.uid)

    assert entry not in seen_by(priya)
    assert entry in seen_by(gwen)


def test_what_was_passed_on_or_opened_of_the_reader_is_kept_from_them(
    alice: User, priya: User, gwen: User, dana: User
) -> None:
    channel = channel_of(alice, priya)
    concern = raise_concern(by=alice, message_id=say(priya, channel, "Never mind the rules").id)
    open_concern(by=dana, concern=concern)
    ids = ids_of(action__in=["concern.raised", "message.opened"])

    assert len(ids) == 2
    assert ids <= seen_by(gwen, group="authority")
    assert ids.isdisjoint(seen_by(priya, group="authority"))
    assert not seen_by(priya, case="concern", number=str(concern.number))
    assert seen_by(gwen, case="concern", number=str(concern.number)) == ids


def test_a_channel_about_the_reader_is_kept_from_them(
    alice: User, bob: User, priya: User, gwen: User
) -> None:
    channel = channel_of(alice, bob, about=[priya])
    message = say(bob, channel, "What shall we do")
    other = Entry.objects.get(subject=say(bob, channel_of(bob), "Elsewhere").id)
    with transaction.atomic():
        by_the_machine = record(Action.KEYRING_MOVED, actor=None, generation=2)
    entries = ids_of(subject__in=[channel.id, message.id])

    seen = seen_by(priya)
    assert entries <= seen_by(gwen)
    assert entries.isdisjoint(seen)
    assert other.id in seen
    assert by_the_machine.id in seen


def test_whom_an_export_concerns_does_not_read_of_it_as_their_own_case(
    alice: User, hari: User, helen: User, chris: User
) -> None:
    export = asked_by(hari, channel_of(alice, name="Rota"), subjects=[helen])
    approve_export(by=chris, number=export.number)

    assert ids_of(subject=export.uid).isdisjoint(seen_by(helen))
    assert ids_of(subject=export.uid) <= seen_by(chris)
