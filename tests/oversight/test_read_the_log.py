"""The log's pages: who reads what of them, with names or without."""

from typing import Any

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.signing import sign_checkpoint
from messaging.models import Channel
from oversight.inquiry import Inquiry
from oversight.services.concerns import acknowledge_concern, raise_concern
from oversight.services.searches import open_search
from oversight.wording import GROUPS, SAID, group_of
from retention.services.exports import approve_export
from retention.services.holds import release_hold
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.oversight.logs import asked_by, ids_of, placed_by, seen_by, text_of
from tests.scenes import say


def test_the_data_protection_officer_sees_names(
    year_5: Channel, alice: User, bob: User, priya: User
) -> None:
    say(alice, year_5, "Coach at nine")

    page = text_of(client_of(priya).get("/audit/"))

    assert "Alice Adeyemi" in page
    assert "Posted a message in a channel" in page
    assert "Coach at nine" not in page
    assert "Year 5" not in page.replace("Year 5 teacher", "")


def test_the_auditor_sees_ids_and_no_names_of_others(
    year_5: Channel, alice: User, bob: User, gwen: User
) -> None:
    say(alice, year_5, "Coach at nine")

    page = text_of(client_of(gwen).get("/audit/"))

    assert str(alice.id) in page
    assert "Alice Adeyemi" not in page
    assert "Year 5" not in page
    assert "Coach" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "carol", "theo"])
def test_nobody_without_cases_passes_the_door(name: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(name))

    assert client.get("/audit/").status_code == 404
    assert client.get("/audit/entries/1/").status_code == 404
    assert client.get("/audit/entries.csv").status_code == 404
    assert client.get("/audit/entries/1/entry.tlog-proof").status_code == 404


def test_the_lead_reads_what_was_done_in_their_own_cases(
    year_5: Channel, alice: User, bob: User, dana: User, deputy: User
) -> None:
    search = open_search(by=dana, inquiry=Inquiry(reason=REASON, words="coach"))
    hers = open_search(by=deputy, inquiry=Inquiry(reason=REASON, words="coach"))
    taken = raise_concern(by=alice, message_id=say(bob, year_5, "Never mind").id)
    waiting = raise_concern(by=bob, message_id=say(alice, year_5, "It is nothing").id)
    acknowledge_concern(by=dana, number=taken.number)

    seen = seen_by(dana)

    assert ids_of(subject=search.uid) <= seen
    assert ids_of(subject=taken.uid) <= seen
    assert len(ids_of(subject=taken.uid)) == 2
    assert seen.isdisjoint(ids_of(subject=hers.uid))
    assert seen.isdisjoint(ids_of(subject=waiting.uid))
    assert seen.isdisjoint(ids_of(action="message.posted"))


def test_the_investigator_reads_what_became_of_what_they_asked_for(
    year_5: Channel, hari: User, priya: User, helen: User
) -> None:
    his, another = asked_by(hari, year_5), asked_by(priya, year_5)
    approve_export(by=helen, number=his.number)
    hold = placed_by(hari, year_5)
    release_hold(by=helen, number=hold.number, reason=REASON)

    seen = seen_by(hari)

    assert ids_of(subject=his.uid) <= seen
    assert ids_of(subject=hold.uid) <= seen
    assert len(ids_of(subject__in=[his.uid, hold.uid])) == 4
    assert seen.isdisjoint(ids_of(subject=another.uid))
    assert "Helen Hart" in text_of(client_of(hari).get("/audit/"))


def test_an_approver_reads_what_they_decided_or_are_to_decide(
    year_5: Channel, hari: User, helen: User, chris: User
) -> None:
    decided, waiting, others = (asked_by(hari, year_5) for _ in range(3))
    approve_export(by=helen, number=decided.number)
    approve_export(by=chris, number=others.number)
    open_hold, released = placed_by(hari, year_5), placed_by(hari, year_5)
    release_hold(by=helen, number=released.number, reason=REASON)

    seen = seen_by(helen)

    for mine in (decided, waiting, released):
        assert ids_of(subject=mine.uid) <= seen
    for not_mine in (others, open_hold):
        assert seen.isdisjoint(ids_of(subject=not_mine.uid))


def test_a_role_that_has_ended_shows_its_cases_no_more(
    year_5: Channel, alice: User, bob: User, dana: User, hari: User
) -> None:
    taken = raise_concern(by=alice, message_id=say(bob, year_5, "Never mind").id)
    acknowledge_concern(by=dana, number=taken.number)
    raised, took = (
        ids_of(subject=taken.uid, actor=alice.id),
        ids_of(subject=taken.uid, actor=dana.id),
    )

    assert raised | took <= seen_by(dana)
    dana.groups.set(hari.groups.all())
    dana = User.objects.get(pk=dana.pk)
    assert took <= seen_by(dana), "what one did oneself stays"
    assert raised.isdisjoint(seen_by(dana))
    dana.groups.clear()
    assert client_of(dana).get("/audit/").status_code == 404


def test_one_s_own_case_is_read_and_another_s_is_not_found(
    year_5: Channel, hari: User, priya: User
) -> None:
    his, another = asked_by(hari, year_5), asked_by(priya, year_5)
    (mine,), (not_mine,) = ids_of(subject=his.uid), ids_of(subject=another.uid)

    assert client_of(hari).get(f"/audit/entries/{mine}/").status_code == 200
    assert client_of(hari).get(f"/audit/entries/{not_mine}/").status_code == 404
    assert client_of(hari).get(f"/audit/entries/{not_mine}/entry.tlog-proof").status_code == 404
    assert not seen_by(hari, case="export", number=str(another.number))
    assert not seen_by(hari, subject=str(another.uid))


def test_looking_at_the_log_stands_in_it(gwen: User, alice: User) -> None:
    sent = {"group": "authority", "since": "2026-11-22", "action": "x", "actor": str(alice.id)}
    client_of(gwen).get("/audit/", {**sent, "case": "hold", "number": "3", "until": "never"})

    entry = Entry.objects.get(action=Action.LOG_VIEWED)
    assert entry.actor == gwen.id
    assert entry.facts == {
        "page": "entries",
        "filters": {
            "group": "authority",
            "since": "2026-11-22",
            "actor": str(alice.id),
            "case": "hold",
            "number": 3,
        },
    }


def test_an_entry_shows_its_leaf_and_the_signed_head_over_it(
    as_role: Any, year_5: Channel, alice: User, gwen: User
) -> None:
    entry = Entry.objects.latest("id")
    with as_role("sealer"):
        checkpoint = sign_checkpoint()
    assert checkpoint is not None

    page = text_of(client_of(gwen).get(f"/audit/entries/{entry.id}/"))

    assert bytes(entry.hash).hex() in page
    assert bytes(checkpoint.root).hex() in page
    assert "It is signed by the school’s key" in page
    assert client_of(gwen).get("/audit/entries/99999999/").status_code == 404


def test_the_words_of_a_search_are_nowhere_on_the_pages(dana: User, priya: User) -> None:
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="swimming"))

    page = text_of(client_of(priya).get("/audit/", {"action": "record.searched"}))

    assert "Dana Doyle" in page
    assert "swimming" not in page
    assert REASON not in page


def test_every_act_has_words_and_a_group() -> None:
    assert set(SAID) == set(Action)
    assert {group_of(action) for action in Action} == set(GROUPS)
