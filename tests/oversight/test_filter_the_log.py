"""Filters of the log: what they find, that they stand in the address, and that they stay quick."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.services import record
from messaging.models import Channel
from messaging.services.channels import (
    add_member,
    create_channel,
    join_channel,
    leave_channel,
    open_direct,
    remove_member,
)
from oversight.inquiry import Inquiry
from oversight.queries.filters import Wanted, first_id_from
from oversight.queries.log import own_acts_of, visible_to
from oversight.services.searches import open_message, open_search
from oversight.wording import group_of, said
from retention.services.exports import request_export
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.oversight.logs import hold_by
from tests.scenes import say


def _rows(person: User, **filters: str) -> list[Any]:
    answer = client_of(person).get("/audit/", filters)
    assert answer.status_code == 200
    return list(answer.context["rows"])


def _actions(rows: list[Any]) -> list[str]:
    return [row.entry.action for row in rows]


@pytest.fixture
def told(year_5: Channel, alice: User, bob: User) -> Channel:
    """Alice and Bob have each said something."""
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Yes")
    return year_5


def test_filters_are_in_the_address(told: Channel, bob: User, priya: User) -> None:
    assert set(_actions(_rows(priya, action="message.posted"))) == {"message.posted"}
    bobs = _rows(priya, action="message.posted", actor=str(bob.id))
    assert {row.entry.actor for row in bobs} == {bob.id}
    chat = _rows(priya, group="chat")
    assert {group_of(Action(action)) for action in _actions(chat)} == {"chat"}
    assert not _rows(priya, since="2020-01-01", until="2020-01-31")
    assert not _rows(priya, actor=str(uuid4()))


def test_what_was_done_to_a_person_is_found_also_among_the_facts(
    told: Channel, alice: User, carol: User, priya: User
) -> None:
    add_member(by=alice, channel_id=told.id, person=carol)
    remove_member(by=alice, channel_id=told.id, person=carol)

    rows = _rows(priya, subject=str(carol.id))

    assert _actions(rows) == ["member.removed", "member.added"]
    assert rows[0].said == "Removed Carol Chu from a channel"


def test_a_case_is_found_by_its_number_with_what_was_opened_in_it(
    told: Channel, alice: User, dana: User, gwen: User, hari: User
) -> None:
    inquiry = Inquiry(reason=REASON, words="coach")
    search, other = (open_search(by=dana, inquiry=inquiry) for _ in range(2))
    message = say(alice, told, "Coach at ten")
    later = open_search(by=dana, inquiry=inquiry)
    open_message(by=dana, search=later, inquiry=inquiry, message_id=message.id)
    day = date(2026, 3, 2)
    export = request_export(
        by=hari,
        channel=told,
        since=day,
        until=day,
        purpose="tribunal",
        reason=REASON,
        recipient="The court",
    )

    assert _actions(_rows(gwen, case="search", number=str(search.number))) == ["record.searched"]
    found = _rows(gwen, case="search", number=str(later.number))
    assert _actions(found) == ["message.opened", "record.searched"]
    assert str(found[1].case) == f"search {later.number}"
    asked = _rows(gwen, case="export", number=str(export.number))
    assert [row.said for row in asked] == [f"Asked for export {export.number}"]
    assert not _rows(gwen, case="hold", number="1")
    assert len(_rows(gwen, case="search")) > 3, "without its number it filters nothing"
    assert other.number != search.number


def test_days_are_the_school_s_and_both_ends_are_included(gwen: User) -> None:
    for at in (
        datetime(2026, 6, 30, 22, 59, tzinfo=UTC),  # 23.59 at school, in summer
        datetime(2026, 6, 30, 23, 1, tzinfo=UTC),
        datetime(2026, 7, 2, 22, 59, tzinfo=UTC),
        datetime(2026, 7, 2, 23, 1, tzinfo=UTC),
    ):
        with patch("audit.services.now", lambda at=at: at), transaction.atomic():
            record(Action.KEYRING_MOVED, actor=None, generation=at.day)

    rows = _rows(gwen, since="2026-07-01", until="2026-07-02", action="keyring.moved")
    assert len(rows) == 2
    assert len(_rows(gwen, since="2026-07-02", action="keyring.moved")) == 2
    assert len(_rows(gwen, until="2026-06-30", action="keyring.moved")) == 1


def test_an_entry_of_a_clock_that_was_hours_wrong_is_still_found(gwen: User) -> None:
    noon = datetime(2026, 7, 8, 12, tzinfo=UTC)
    hours = [*range(-40, 0), -15, *range(40)]  # the one in the middle is out of its order
    for hour in hours:
        at = noon + timedelta(hours=hour)
        with patch("audit.services.now", lambda at=at: at), transaction.atomic():
            record(Action.KEYRING_MOVED, actor=None, generation=hour + 100)

    rows = visible_to(gwen, Wanted(until=date(2026, 7, 7))).page(None).rows
    late = [row for row in rows if row.entry.facts.get("generation") == 85]
    assert len(late) == 2


@pytest.mark.django_db
def test_where_a_moment_begins_is_found_by_halving() -> None:
    begin = datetime(2026, 5, 1, tzinfo=UTC)
    ids = []
    for minute in range(9):
        at = begin + timedelta(minutes=minute)
        with patch("audit.services.now", lambda at=at: at), transaction.atomic():
            ids.append(record(Action.KEYRING_MOVED, actor=None, generation=minute).id)

    for minute in range(9):
        assert first_id_from(begin + timedelta(minutes=minute)) <= ids[minute]
        assert first_id_from(begin + timedelta(minutes=minute, seconds=1)) > ids[minute]


@pytest.mark.parametrize(
    "filters",
    [
        {"before": "x"},
        {"before": "9" * 40},
        {"actor": "Alice"},
        {"subject": "'; --"},
        {"case": "lawsuit", "number": "1"},
        {"case": "hold", "number": "1e9"},
        {"case": "hold", "number": "9" * 30},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"since": "31.12.2026"},
        {"group": "everything", "action": "nothing"},
    ],
)
def test_what_cannot_be_read_of_an_address_is_left_out(
    told: Channel, gwen: User, priya: User, filters: dict[str, str]
) -> None:
    everything = {entry.id for entry in Entry.objects.all()}
    for person in (gwen, priya):
        assert everything <= {row.entry.id for row in _rows(person, **filters)}


def test_pages_go_on_to_older_entries(gwen: User, year_5: Channel, alice: User) -> None:
    for number in range(51):
        say(alice, year_5, f"Line {number}")
    browser = client_of(gwen)

    first = browser.get("/audit/", {"group": "chat"})
    second = browser.get("/audit/", {"group": "chat", "before": str(first.context["more"])})

    shown = [[row.entry.id for row in answer.context["rows"]] for answer in (first, second)]
    chat = Entry.objects.filter(action__in=["message.posted", "channel.created"])
    assert len(shown[0]) == 50
    assert shown[0] + shown[1] == list(chat.order_by("-id").values_list("id", flat=True))
    assert second.context["more"] is None


def test_each_line_is_a_sentence_with_the_names_that_one_may_see(
    alice: User, bob: User, carol: User, priya: User
) -> None:
    staff = create_channel(by=alice, kind="open", name="Staff room", members=[bob])
    join_channel(person=carol, channel_id=staff.id)
    leave_channel(person=carol, channel_id=staff.id)
    remove_member(by=alice, channel_id=staff.id, person=bob)

    said_to_alice = [row.said for row in own_acts_of(alice).page(None).rows]
    said_to_priya = [row.said for row in visible_to(priya).page(None).rows]

    assert said_to_alice == ["Removed Bob Brennan from Staff room", "Made Staff room"]
    assert "Removed Bob Brennan from a channel" in said_to_priya
    assert "Joined a channel" in said_to_priya
    assert "Left a channel" in said_to_priya


def test_a_direct_conversation_is_not_called_by_its_people(alice: User, bob: User) -> None:
    say(alice, open_direct(by=alice, people=[bob]), "At nine")

    newest = own_acts_of(alice).page(None).rows[0]
    assert newest.said == "Posted a message in a direct conversation"
    assert said("message.posted") == "Posted a message in a channel"


@pytest.fixture
def long(told: Channel, as_role: Any) -> None:
    """A log of thousands, so that PostgreSQL minds how it reads it: hardly any act but posting,
    and what is rare is old."""
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (uid, at, action, actor, subject, facts, hash)"
            " SELECT gen_random_uuid(), now(),"
            "  CASE WHEN n % 1000 = 1 AND n < 5000 THEN 'hold.placed' ELSE 'message.posted' END,"
            "  md5((n % 40)::text)::uuid, gen_random_uuid(), '{}', decode(md5(''), 'hex')"
            " FROM generate_series(1, 20000) n"
        )
        cursor.execute("ANALYZE audit_entry")


def _plans(wanted: Wanted, viewer: User) -> list[str]:
    """How PostgreSQL answers the parts of a page."""
    with CaptureQueriesContext(connection) as asked:
        visible_to(viewer, wanted).page(None)
    parts = [one["sql"] for one in asked if 'FROM "audit_entry"' in one["sql"]]
    with connection.cursor() as cursor:
        plans = []
        for statement in parts:
            cursor.execute(f"EXPLAIN {statement}")
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    return plans


INDEXES = [
    (Wanted(actor=uuid4()), "audit_entry_actor"),
    (Wanted(subject=uuid4()), "audit_entry_subject"),
    (Wanted(action="export.written"), "audit_entry_rare_action"),
    (Wanted(group="retention"), "audit_entry_rare_action"),
    (Wanted(group="retention", action="hold.placed"), "audit_entry_rare_action"),
    (Wanted(action="message.posted"), "audit_entry_pkey"),
    (Wanted(), "audit_entry_pkey"),
]


@pytest.mark.usefixtures("long")
def test_every_question_has_its_index(gwen: User, subtests: pytest.Subtests) -> None:
    for wanted, index in INDEXES:
        with subtests.test(index, wanted=wanted):
            plans = _plans(wanted, gwen)
            assert any(index in plan for plan in plans), plans[0]
            assert not [plan for plan in plans if "Seq Scan on audit_entry" in plan]


@pytest.mark.usefixtures("long")
def test_one_s_own_cases_are_asked_for_by_index_too(dana: User) -> None:
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="coach"))
    by_actor, by_subject = _plans(Wanted(), dana)
    assert "audit_entry_actor" in by_actor
    assert "audit_entry_subject" in by_subject


@pytest.mark.usefixtures("long")
def test_what_is_kept_from_the_reader_is_left_out_by_index_too(
    priya: User, hari: User, gwen: User, as_role: Any
) -> None:
    hold = hold_by(hari, person=priya)
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (uid, at, action, actor, subject, facts, hash)"
            " SELECT gen_random_uuid(), now(), 'log.viewed', %s, e.uid, %s, decode(md5(''), 'hex')"
            " FROM audit_entry e ORDER BY id LIMIT 2000",
            [gwen.pk, json.dumps({"page": "entry", "filters": {"subject": str(hold.subject)}})],
        )
        cursor.execute("ANALYZE audit_entry")
    for wanted in (Wanted(), Wanted(group="authority"), Wanted(action="log.viewed")):
        plans = _plans(wanted, priya)
        assert plans
        assert not [plan for plan in plans if "Seq Scan on audit_entry" in plan], wanted
