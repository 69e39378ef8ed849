"""Writing the log."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit import sealed
from audit.actions import FACTS, Action
from audit.entries import ItemOfAct
from audit.facts import KINDS
from audit.models import Entry, Item, SealedRecord
from audit.services import Listed, UnknownFact, record, record_bulk, record_listed
from audit.statements import array

pytestmark = pytest.mark.django_db


def test_every_action_has_its_facts() -> None:
    assert set(FACTS) == set(Action)


def test_a_fact_that_the_action_does_not_carry_is_refused() -> None:
    with pytest.raises(UnknownFact):
        record(Action.SIGNED_IN, actor=uuid4(), name="Alice")


def test_every_fact_has_a_kind() -> None:
    names = {name for facts in FACTS.values() for name in facts} | {"count", "root"}
    assert names - KINDS.keys() == set()


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        (Action.SIGNED_IN, {"method": "Alice Adeyemi"}),
        (Action.SIGNED_IN, {"method": "a word or two"}),
        (Action.SIGNED_OUT, {"sessions": "1"}),
        (Action.SIGNED_OUT, {"sessions": True}),
        (Action.MESSAGE_DELETED, {"channel": "Year 5", "position": 1}),
        (Action.MESSAGE_POSTED, {"message_commitment": "The bus is late"}),
        (Action.LOG_VIEWED, {"filters": {"person": "Alice Adeyemi"}}),
        (Action.LOG_VIEWED, {"filters": {"Alice Adeyemi": "x"}}),
        (Action.CHANNEL_CREATED, {"members": ["Alice"]}),
        (Action.HOLD_PLACED, {"review_on": "next week"}),
        (Action.MESSAGE_REACTED, {"emoji": "\N{THUMBS UP SIGN}"}),
        (Action.MESSAGE_REACTED, {"on": 1}),
    ],
)
def test_names_and_text_are_no_facts(action: Action, facts: dict[str, Any]) -> None:
    with pytest.raises(UnknownFact):
        record(action, actor=uuid4(), **facts)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(Action.SIGNED_IN, actor=uuid4(), method="password")


def test_an_act_that_fails_leaves_no_entry() -> None:
    with transaction.atomic():
        record(Action.SIGNED_IN, actor=uuid4(), method="password")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_a_bulk_act_is_one_entry_over_its_items() -> None:
    items = [ItemOfAct(subject=uuid4(), version=1, commitment=bytes([n]) * 32) for n in range(5)]
    entry = record_bulk(Action.MESSAGES_GENERATED, actor=None, items=items, seed=1)
    assert entry.facts["count"] == 5
    assert [i.subject for i in Item.objects.order_by("index")] == [i.subject for i in items]


def test_items_listed_by_the_database_make_the_same_entry() -> None:
    items = [ItemOfAct(subject=uuid4(), version=n, commitment=bytes([n]) * 32) for n in range(5)]
    listed = Listed(
        subjects=array(item.subject for item in items),
        versions=array(item.version for item in items),
        commitments=array(item.commitment for item in items),
    )
    one = record_bulk(Action.MESSAGES_GENERATED, actor=None, items=items, seed=1)
    other = record_listed(Action.MESSAGES_GENERATED, actor=None, items=listed, seed=1)
    assert one.facts == other.facts
    kept = [
        list(entry.items.order_by("index").values_list("index", "subject", "version", "commitment"))
        for entry in (one, other)
    ]
    assert kept[0] == kept[1]
    empty = Listed(subjects="{}", versions="{}", commitments="{}")
    nothing = record_listed(Action.MESSAGES_GENERATED, actor=None, items=empty, seed=1)
    none = record_bulk(Action.MESSAGES_GENERATED, actor=None, items=[], seed=1)
    assert nothing.facts == none.facts


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
    ],
)
@pytest.mark.parametrize("role", ["web", "worker", "owner"])
def test_nobody_rewrites_the_log(statement: str, role: str, as_role: object) -> None:
    record(Action.SIGNED_IN, actor=uuid4(), method="password")
    with as_role(role), connection.cursor() as cursor:  # type: ignore[operator]
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_a_sealed_record_opens_and_holds_no_word_in_plain() -> None:
    values = {"reason": "A concern about Kai", "words": ["Kai", "Kay"]}
    made = sealed.seal_record("search", values)
    row = SealedRecord.objects.get(id=made.id)
    assert b"Kai" not in bytes(row.sealed)
    assert sealed.open_record(made.id) == values


def test_a_record_that_is_gone_says_so() -> None:
    with pytest.raises(sealed.RecordGone):
        sealed.open_record(uuid4())
