"""One's own acts: everybody sees theirs, nobody another's, and looking at them is not recorded."""

import csv
import io
import json
from typing import Any

from accounts.models import User
from audit.models import Entry
from audit.signing import sign_checkpoint
from messaging.models import Channel
from retention.services.disposals import propose_disposals
from retention.services.holds import place_hold
from tests.cast import client_of
from tests.house.world import DUE_DAY
from tests.oversight.conftest import REASON
from tests.scenes import channel_of, say

PAGE = "/accounts/activity/"


def _shown(person: User, **filters: str) -> list[Any]:
    answer = client_of(person, second_factor=False).get(PAGE, filters)
    assert answer.status_code == 200
    return list(answer.context["rows"])


def test_everybody_sees_what_they_did_and_nothing_else(
    year_5: Channel, alice: User, bob: User, carol: User, theo: User
) -> None:
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Yes")

    assert {row.entry.actor for row in _shown(alice)} == {alice.id}
    assert [row.said for row in _shown(alice)] == ["Posted a message in Year 5", "Made Year 5"]
    assert [row.said for row in _shown(bob)] == ["Posted a message in Year 5"]
    assert _shown(carol) == []
    assert _shown(theo) == []


def test_it_needs_no_second_factor_but_a_person(client: Any, db: None) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_looking_at_one_s_own_acts_writes_no_entry(year_5: Channel, alice: User) -> None:
    before = Entry.objects.count()
    _shown(alice)
    client_of(alice).get(f"{PAGE}acts.csv")
    client_of(alice).get(f"{PAGE}acts.jsonl")
    assert Entry.objects.count() == before


def test_somebody_else_cannot_be_asked_for(year_5: Channel, alice: User, bob: User) -> None:
    say(bob, year_5, "Yes")
    rows = _shown(alice, actor=str(bob.id))
    assert {row.entry.actor for row in rows} == {alice.id}


def test_filters_work_as_on_the_log_s_own_page(year_5: Channel, alice: User) -> None:
    say(alice, year_5, "Coach at nine")
    assert [row.entry.action for row in _shown(alice, action="channel.created")] == [
        "channel.created"
    ]
    assert _shown(alice, since="2020-01-01", until="2020-01-02") == []


def test_the_auditor_knows_whom_they_themselves_did_something_to(
    gwen: User, bob: User, year_5: Channel
) -> None:
    client_of(gwen).get("/audit/", {"actor": str(bob.id)})
    assert _shown(gwen)[0].brief == "only: by Bob Brennan"


def test_an_act_that_would_tell_of_a_hold_on_oneself_is_left_out(
    hari: User, priya: User, chris: User
) -> None:
    say(priya, channel_of(priya), "Of long ago, once it is 2040")
    place_hold(by=hari, kind="police", reason=REASON, review_on=DUE_DAY, people=[priya])
    (proposed,) = propose_disposals(by=priya, today=DUE_DAY)
    entry = Entry.objects.get(subject=proposed.uid)

    assert (proposed.due, entry.actor) == (0, priya.id)
    assert entry.id not in {row.entry.id for row in _shown(priya)}


def test_one_s_own_acts_can_be_taken_away(
    year_5: Channel, alice: User, bob: User, as_role: Any
) -> None:
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Yes")
    with as_role("sealer"):
        sign_checkpoint()
    browser = client_of(alice, second_factor=False)

    table = browser.get(f"{PAGE}acts.csv").getvalue().decode("utf-8-sig")
    lines = browser.get(f"{PAGE}acts.jsonl").getvalue().decode()

    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["what"] for row in rows] == ["Made Year 5", "Posted a message in Year 5"]
    assert {row["actor_name"] for row in rows} == {"Alice Adeyemi"}
    assert [json.loads(line)["what"] for line in lines.splitlines()] == [
        row["what"] for row in rows
    ]
    assert "Coach" not in table + lines
