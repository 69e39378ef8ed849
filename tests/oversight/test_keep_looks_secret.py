"""Nobody learns from how others looked at the log that there is a case about themselves."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.services import record
from oversight.models import AlertKind
from oversight.services.concerns import raise_concern
from tests.cast import client_of
from tests.oversight.alerts import raised
from tests.oversight.logs import asked_by, hold_by, seen_by
from tests.oversight.outside import signed
from tests.scenes import channel_of, say

LOOKS = (Action.LOG_VIEWED, Action.LOG_DOWNLOADED, Action.PROOF_DOWNLOADED)

type Thing = Callable[[User], UUID]


@pytest.fixture
def looking(gwen: User) -> Client:
    """The auditor's browser; Priya, who is the DPO and reads all else, sees what it leaves."""
    return client_of(gwen)


def _look(looking: Client, address: str, **filters: str) -> int:
    """The entry of one look of the auditor's."""
    before = set(Entry.objects.values_list("id", flat=True))
    answer = looking.get(address, filters)
    assert answer.status_code == 200
    getattr(answer, "getvalue", bytes)()
    (entry,) = Entry.objects.filter(action__in=LOOKS).exclude(id__in=before)
    return entry.id


def _looks_seen_by(person: User) -> set[int]:
    return {one for action in LOOKS for one in seen_by(person, action=str(action))}


def _entry_of(number: int) -> str:
    return f"/audit/entries/{number}/"


@pytest.fixture
def things(alice: User, bob: User, hari: User, dana: User) -> dict[str, Thing]:
    """What can be about somebody and is kept from them, each with an id of its own."""

    def concern(about: User) -> UUID:
        message = say(about, channel_of(alice, about), "Never mind the rules")
        return raise_concern(by=alice, message_id=message.id).uid

    return {
        "hold": lambda about: hold_by(hari, person=about).subject,
        "entry of a hold": lambda about: hold_by(hari, person=about).uid,
        "export": lambda about: asked_by(hari, channel_of(alice), subjects=[about]).uid,
        "concern": concern,
        "alert": lambda about: raised(AlertKind.MASS_SEARCH, about).uid,
        "channel": lambda about: channel_of(alice, bob, about=[about]).id,
        "message": lambda about: say(about, channel_of(about), "Mine").id,
        "message in a channel": lambda about: (
            say(bob, channel_of(alice, bob, about=[about]), "What shall we do").id
        ),
        "person": lambda about: about.id,
    }


KINDS = [
    "hold",
    "entry of a hold",
    "export",
    "concern",
    "alert",
    "channel",
    "message",
    "message in a channel",
    "person",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_for_what_is_secret_is_hidden_from_its_subject_and_nobody_else(
    kind: str, looking: Client, things: dict[str, Thing], priya: User, gwen: User, chris: User
) -> None:
    hers, another = str(things[kind](priya)), str(things[kind](chris))

    for_her = {_look(looking, one, subject=hers) for one in ("/audit/", "/audit/entries.csv")}
    for_another = {
        _look(looking, one, subject=another) for one in ("/audit/", "/audit/entries.csv")
    }

    seen = _looks_seen_by(priya)
    assert for_another <= seen
    assert seen.isdisjoint(for_her)
    assert for_her | for_another <= _looks_seen_by(gwen)


def test_a_look_at_a_look_is_hidden_however_deep_it_goes(
    looking: Client, hari: User, priya: User, gwen: User
) -> None:
    hold = hold_by(hari, person=priya)
    looks = [_look(looking, _entry_of(hold.id))]
    for _ in range(3):
        looks.append(_look(looking, _entry_of(looks[-1])))

    assert _looks_seen_by(priya).isdisjoint(looks)
    assert set(looks) <= _looks_seen_by(gwen)
    for one in looks:
        assert client_of(priya).get(_entry_of(one)).status_code == 404


def test_so_is_a_proof_of_a_look_and_a_search_for_one(
    looking: Client, hari: User, priya: User
) -> None:
    look = _look(looking, _entry_of(hold_by(hari, person=priya).id))
    signed()
    taken = _look(looking, f"{_entry_of(look)}entry.tlog-proof")
    sought = [_look(looking, "/audit/", subject=str(Entry.objects.get(pk=look).uid))]
    sought.append(_look(looking, "/audit/", subject=str(Entry.objects.get(pk=taken).uid)))

    assert _looks_seen_by(priya).isdisjoint([look, taken, *sought])


def test_a_look_at_what_is_no_secret_is_seen_and_what_looked_at_that_is_not(
    looking: Client, hari: User, alice: User, priya: User
) -> None:
    look = _look(looking, _entry_of(hold_by(hari, person=alice).id))
    at_the_look = _look(looking, _entry_of(look))

    seen = _looks_seen_by(priya)
    assert look in seen
    assert at_the_look not in seen


def test_one_s_own_looks_stay(hari: User, alice: User, priya: User, gwen: User) -> None:
    theirs = _look(client_of(gwen), _entry_of(hold_by(hari, person=alice).id))
    own = _look(client_of(priya), _entry_of(theirs))
    at_own = _look(client_of(gwen), _entry_of(own))

    assert {theirs, own, at_own} <= _looks_seen_by(priya)


def test_the_count_of_a_file_gives_nothing_away_either(
    looking: Client, hari: User, priya: User
) -> None:
    hold = hold_by(hari, person=priya)
    look = _look(looking, _entry_of(hold.id))
    at_the_look = _look(looking, _entry_of(look))
    sought = _look(looking, "/audit/", subject=str(hold.subject))
    signed()

    taken = _look(client_of(priya), "/audit/entries.csv")

    hidden = {hold.id, look, at_the_look, sought}
    sealed = Entry.objects.filter(leaf__isnull=False).exclude(id__in=hidden)
    assert Entry.objects.get(pk=taken).facts["count"] == sealed.count()


def test_a_filter_that_is_no_id_breaks_no_page(gwen: User, priya: User) -> None:
    with transaction.atomic():
        odd = record(
            Action.LOG_VIEWED, actor=gwen.id, page="entries", filters={"subject": "nobody"}
        )
    assert odd.id in seen_by(priya)
