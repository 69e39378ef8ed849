"""The log's pages: who reads them, with names or without, and what they keep from whom."""

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.services import record
from audit.signing import sign_checkpoint
from messaging.models import Channel
from oversight.inquiry import Inquiry
from oversight.services.concerns import open_concern, raise_concern
from oversight.services.searches import open_search
from oversight.wording import GROUPS, SAID, group_of
from retention.models import Disposal, Hold, Policy
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.scenes import channel_of, say


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def _shown(answer: Any) -> set[int]:
    return {row.entry.id for row in answer.context["rows"]}


@transaction.atomic
def _hold(by: User, **on: Any) -> Entry:
    """A hold as retention places it: its row, and the entry that names it."""
    hold = Hold.objects.create(
        kind="litigation", record=by.id, placed_by=by, review_on="2030-01-01", **on
    )
    return record(Action.HOLD_PLACED, actor=by.id, subject=hold.uid, hold_kind=hold.kind)


def test_the_data_protection_officer_sees_names(
    year_5: Channel, alice: User, bob: User, priya: User
) -> None:
    say(alice, year_5, "Coach at nine")

    page = _text(client_of(priya).get("/audit/"))

    assert "Alice Adeyemi" in page
    assert "Posted a message" in page
    assert "Coach at nine" not in page


def test_the_auditor_sees_ids_and_no_names_of_others(
    year_5: Channel, alice: User, bob: User, gwen: User
) -> None:
    say(alice, year_5, "Coach at nine")

    page = _text(client_of(gwen).get("/audit/"))

    assert str(alice.id) in page
    assert "Alice Adeyemi" not in page
    assert "Year 5" not in page
    assert "Coach" not in page


@pytest.mark.parametrize("name", ["alice", "carol", "theo", "hari", "dana", "helen"])
def test_nobody_else_reads_the_log(name: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(name))

    assert client.get("/audit/").status_code == 404
    assert client.get("/audit/entries/1/").status_code == 404


def test_looking_at_the_log_stands_in_it(gwen: User) -> None:
    client_of(gwen).get("/audit/", {"group": "authority", "day": "2026-11-22", "action": "x"})

    entry = Entry.objects.get(action=Action.LOG_VIEWED)
    assert entry.actor == gwen.id
    assert entry.facts == {
        "page": "entries",
        "filters": {"group": "authority", "day": "2026-11-22"},
    }


def test_filters_are_in_the_address(year_5: Channel, alice: User, bob: User, priya: User) -> None:
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Yes")
    browser = client_of(priya)

    posted = browser.get("/audit/", {"action": "message.posted"})
    assert {row.entry.action for row in posted.context["rows"]} == {"message.posted"}
    bobs = browser.get("/audit/", {"action": "message.posted", "person": str(bob.id)})
    assert {row.entry.actor for row in bobs.context["rows"]} == {bob.id}
    chat = browser.get("/audit/", {"group": "chat"})
    assert {group_of(Action(row.entry.action)) for row in chat.context["rows"]} == {"chat"}
    assert not browser.get("/audit/", {"day": "2020-01-01"}).context["rows"]


def test_pages_go_on_to_older_entries(gwen: User, year_5: Channel, alice: User) -> None:
    for number in range(51):
        say(alice, year_5, f"Line {number}")
    browser = client_of(gwen)

    first = browser.get("/audit/", {"action": "message.posted"})
    second = browser.get(
        "/audit/", {"action": "message.posted", "before": str(first.context["more"])}
    )

    assert len(_shown(first)) == 50
    assert _shown(first).isdisjoint(_shown(second))
    assert (
        len(_shown(first) | _shown(second))
        == Entry.objects.filter(action=Action.MESSAGE_POSTED).count()
    )


def test_an_entry_shows_its_leaf_and_the_signed_head_over_it(
    as_role: Any, year_5: Channel, alice: User, gwen: User
) -> None:
    entry = Entry.objects.latest("id")
    with as_role("sealer"):
        checkpoint = sign_checkpoint()
    assert checkpoint is not None

    page = _text(client_of(gwen).get(f"/audit/entries/{entry.id}/"))

    assert bytes(entry.hash).hex() in page
    assert bytes(checkpoint.root).hex() in page
    assert "It is signed by the school’s key" in page
    assert client_of(gwen).get("/audit/entries/99999999/").status_code == 404


@transaction.atomic
def _proposed(due: int) -> Entry:
    """A disposal as retention proposes it: its row, and the entry that names it."""
    rule = Policy.objects.earliest("id")
    disposal = Disposal.objects.create(
        record_class="routine", policy=rule, cut_off="2030-01-01", due=due, held=3, digest="00"
    )
    return record(Action.DISPOSAL_PROPOSED, actor=None, subject=disposal.uid, due=due)


def test_a_disposal_of_nothing_but_held_messages_is_kept_from_whom_the_hold_is_on(
    hari: User, priya: User, gwen: User
) -> None:
    _hold(hari, person=priya)
    entry = _proposed(due=0)

    assert entry.id not in _shown(client_of(priya).get("/audit/", {"group": "retention"}))
    assert entry.id in _shown(client_of(gwen).get("/audit/", {"group": "retention"}))


def test_a_hold_does_not_give_itself_away_to_its_subject(
    hari: User, priya: User, gwen: User, alice: User
) -> None:
    on_her = _hold(hari, person=priya)
    on_alice = _hold(hari, person=alice)

    seen = _shown(client_of(priya).get("/audit/", {"group": "retention"}))

    assert on_alice.id in seen
    assert on_her.id not in seen
    assert client_of(priya).get(f"/audit/entries/{on_her.id}/").status_code == 404
    assert on_her.id in _shown(client_of(gwen).get("/audit/", {"group": "retention"}))


def test_what_was_passed_on_or_opened_of_the_reader_is_kept_from_them(
    alice: User, priya: User, gwen: User, dana: User
) -> None:
    channel = channel_of(alice, priya)
    concern = raise_concern(by=alice, message_id=say(priya, channel, "Never mind the rules").id)
    open_concern(by=dana, concern=concern)
    secret = Entry.objects.filter(action__in=["concern.raised", "message.opened"])
    ids = set(secret.values_list("id", flat=True))

    assert len(ids) == 2
    assert ids <= _shown(client_of(gwen).get("/audit/", {"group": "authority"}))
    assert ids.isdisjoint(_shown(client_of(priya).get("/audit/", {"group": "authority"})))


def test_a_channel_about_the_reader_is_kept_from_them(
    alice: User, bob: User, priya: User, gwen: User
) -> None:
    channel = channel_of(alice, bob, about=[priya])
    message = say(bob, channel, "What shall we do")
    other = Entry.objects.get(subject=say(bob, channel_of(bob), "Elsewhere").id)
    with transaction.atomic():
        by_the_machine = record(Action.KEYRING_MOVED, actor=None, generation=2)
    entries = set(
        Entry.objects.filter(subject__in=[channel.id, message.id]).values_list("id", flat=True)
    )

    seen = _shown(client_of(priya).get("/audit/"))
    all_of_them = _shown(client_of(gwen).get("/audit/"))
    assert entries <= all_of_them
    assert entries.isdisjoint(seen)
    assert other.id in seen
    assert by_the_machine.id in seen


def test_the_words_of_a_search_are_nowhere_on_the_pages(dana: User, priya: User) -> None:
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="swimming"))

    page = _text(client_of(priya).get("/audit/", {"action": "record.searched"}))

    assert "Dana Doyle" in page
    assert "swimming" not in page
    assert REASON not in page


def test_every_act_has_words_and_a_group() -> None:
    assert set(SAID) == set(Action)
    assert {group_of(action) for action in Action} == set(GROUPS)
