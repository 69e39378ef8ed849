"""Taking away what one sees of the log: as a table, as exact JSON, and an entry with its proof."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.canonical import canonical
from audit.checkpoints import verifier_key
from audit.models import Entry
from audit.services import record
from audit.signing import sign_checkpoint
from audit.tree import proof_file
from audit.tree.hashes import leaf_hash
from messaging.models import Channel
from oversight.lines import csv_of
from oversight.queries import log as log_queries
from oversight.queries.filters import Wanted
from oversight.queries.log import visible_to
from oversight.services.log import download_log
from oversight.streams import Streamed
from tests.cast import client_of
from tests.oversight.logs import asked_by, hold_by
from tests.scenes import say


def _seal(as_role: Any) -> None:
    with as_role("sealer"):
        sign_checkpoint()


def _file(person: User, name: str, **filters: str) -> str:
    answer = client_of(person).get(f"/audit/{name}", filters)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="log-20')
    return str(answer.getvalue().decode("utf-8-sig"))


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_every_entry_oldest_first_with_names_for_who_sees_them(
    year_5: Channel, alice: User, priya: User, gwen: User, as_role: Any
) -> None:
    say(alice, year_5, "Coach at nine")
    _seal(as_role)
    ids = [str(one) for one in Entry.objects.order_by("id").values_list("uid", flat=True)]

    hers, blind = _table(_file(priya, "entries.csv")), _file(gwen, "entries.csv")

    assert [row["id"] for row in hers] == ids
    assert [row["id"] for row in _table(blind)] == ids
    assert {row["actor_name"] for row in hers} == {"Alice Adeyemi"}
    assert hers[-1]["what"] == "Posted a message in a channel"
    assert json.loads(hers[-1]["facts"])["channel"] == str(year_5.id)
    assert "Alice" not in blind
    assert "Year 5" not in blind
    assert "Coach" not in blind


def test_a_line_of_the_json_is_what_was_hashed(
    year_5: Channel, alice: User, gwen: User, as_role: Any
) -> None:
    say(alice, year_5, "Coach at nine")
    _seal(as_role)

    lines = [json.loads(line) for line in _file(gwen, "entries.jsonl").splitlines()]

    assert [line["leaf"] for line in lines] == list(range(len(lines)))
    for line in lines:
        assert leaf_hash(canonical(line["entry"])).hex() == line["hash"]
        assert line["names"] == {"actor": None, "subject": None}
    assert lines[-1]["entry"]["action"] == "message.posted"


def test_filters_of_the_address_hold_for_the_file_and_stand_in_its_entry(
    year_5: Channel, alice: User, bob: User, priya: User, as_role: Any
) -> None:
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Yes")
    _seal(as_role)

    rows = _table(_file(priya, "entries.csv", action="message.posted", actor=str(bob.id)))

    assert [row["actor_name"] for row in rows] == ["Bob Brennan"]
    entry = Entry.objects.get(action=Action.LOG_DOWNLOADED)
    assert (entry.actor, entry.subject) == (priya.id, None)
    assert entry.facts == {
        "form": "csv",
        "count": 1,
        "filters": {"action": "message.posted", "actor": str(bob.id)},
    }


def test_the_file_has_nothing_that_the_page_has_not(
    year_5: Channel, hari: User, priya: User, as_role: Any
) -> None:
    on_her, hold = hold_by(hari, person=priya), hold_by(hari, channel=year_5)
    his, another = asked_by(hari, year_5), asked_by(priya, year_5)
    _seal(as_role)

    hers = {row["id"] for row in _table(_file(priya, "entries.csv"))}
    own_cases = {UUID(row["subject"]) for row in _table(_file(hari, "entries.csv"))}

    assert str(on_her.uid) not in hers
    assert str(hold.uid) in hers
    assert his.uid in own_cases
    assert another.uid not in own_cases


def test_it_is_entered_before_the_first_line_leaves_with_the_exact_count(
    year_5: Channel, alice: User, gwen: User, as_role: Any
) -> None:
    _seal(as_role)
    extract = download_log(by=gwen, wanted=Wanted(), form="jsonl")
    say(alice, year_5, "Written while the file is on its way")
    _seal(as_role)

    rows = list(extract.entries.rows())

    assert Entry.objects.get(action=Action.LOG_DOWNLOADED).facts["count"] == len(rows) == 1
    assert extract.size == 1


def test_what_is_not_sealed_yet_is_left_out(year_5: Channel, gwen: User, as_role: Any) -> None:
    assert _table(_file(gwen, "entries.csv")) == []
    _seal(as_role)
    assert len(_table(_file(gwen, "entries.csv"))) == 2


def test_whoever_passes_no_door_takes_nothing_away(year_5: Channel, alice: User) -> None:
    for name in ("entries.csv", "entries.jsonl", "verifications/history.csv"):
        assert client_of(alice).get(f"/audit/{name}").status_code == 404
    assert not Entry.objects.filter(action=Action.LOG_DOWNLOADED).exists()


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "+44", "-1", "@home", "\t=1", " =1", "＝1"])
def test_no_spreadsheet_calculates_a_name(
    name: str, year_5: Channel, alice: User, priya: User
) -> None:
    User.objects.filter(pk=alice.pk).update(display_name=name)
    row = visible_to(priya).page(None).rows[-1]
    table = "".join(csv_of([row])).removeprefix("\ufeff")
    assert next(csv.DictReader(io.StringIO(table)))["actor_name"] == f"'{name}"


def test_pieces_are_fetched_by_the_id_after_the_last(
    year_5: Channel, alice: User, gwen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        say(alice, year_5, f"Line {number}")
    monkeypatch.setattr(log_queries, "_ENTRIES_A_PIECE", 3)
    for wanted in (Wanted(), Wanted(group="chat"), Wanted(subject=year_5.id)):
        entries = visible_to(gwen, wanted)
        ids = [row.entry.id for row in entries.rows()]
        assert ids == sorted(set(ids))
        assert len(ids) == entries.count()
    assert len(list(visible_to(gwen, Wanted(group="chat")).rows())) == 8


def test_a_case_that_is_one_s_own_act_too_stands_there_once(
    year_5: Channel, hari: User, as_role: Any
) -> None:
    export = asked_by(hari, year_5, subjects=[])
    _seal(as_role)
    rows = _table(_file(hari, "entries.csv"))
    assert [row["subject"] for row in rows] == [str(export.uid)]
    assert Entry.objects.get(action=Action.LOG_DOWNLOADED).facts["count"] == 1


def _lines(log: list[int]) -> Iterator[str]:
    for number in range(5_000):
        log.append(number)
        yield f"{number}\n"


async def test_on_the_server_a_piece_is_made_only_when_it_is_fetched() -> None:
    made: list[int] = []
    answer = Streamed(_lines(made), name="x.csv", kind="text/csv")
    pieces = aiter(answer)
    first = await anext(pieces)
    assert first.startswith(b"0\n1\n")
    assert len(made) == 500
    rest = [piece async for piece in pieces]
    assert len(made) == 5_000
    assert (first + b"".join(rest)).count(b"\n") == 5_000


@pytest.mark.django_db(transaction=True)
async def test_between_the_pieces_the_connection_is_given_back() -> None:
    def ask() -> Iterator[str]:
        for _ in range(1_001):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            yield "x\n"

    pieces = aiter(Streamed(ask(), name="x.csv", kind="text/csv"))
    await anext(pieces)
    assert await sync_to_async(lambda: connection.connection)() is None
    assert len([piece async for piece in pieces]) == 2


def test_a_proof_can_be_checked_without_the_school(
    year_5: Channel, alice: User, gwen: User, as_role: Any
) -> None:
    entry = Entry.objects.get(subject=say(alice, year_5, "Coach at nine").id)
    _seal(as_role)

    answer = client_of(gwen).get(f"/audit/entries/{entry.id}/entry.tlog-proof")

    name = verifier_key().split("+")[0]
    proof = proof_file.parse(answer.content.decode())
    proved = proof_file.check(proof, name=name, public_key=keyring.ring().public_key)
    assert proved.entry["id"] == str(entry.uid)
    assert proved.message is None
    assert b"Coach" not in answer.content
    taken = Entry.objects.get(action=Action.PROOF_DOWNLOADED)
    assert (taken.actor, taken.subject, taken.facts) == (gwen.id, entry.uid, {"entry": entry.id})


def test_before_the_next_checkpoint_there_is_no_proof_and_no_entry_of_one(
    year_5: Channel, gwen: User
) -> None:
    entry = Entry.objects.latest("id")
    answer = client_of(gwen).get(f"/audit/entries/{entry.id}/entry.tlog-proof", follow=True)
    assert "Not yet under a signed checkpoint; try again in a minute." in answer.content.decode()
    assert not Entry.objects.filter(action=Action.PROOF_DOWNLOADED).exists()


def test_a_secret_entry_has_no_proof_for_whom_it_is_about(
    hari: User, priya: User, gwen: User, as_role: Any
) -> None:
    entry = hold_by(hari, person=priya)
    with transaction.atomic():
        other = record(Action.KEYRING_MOVED, actor=None, generation=2)
    _seal(as_role)
    address = "/audit/entries/{}/entry.tlog-proof"
    assert client_of(priya).get(address.format(entry.id)).status_code == 404
    assert client_of(priya).get(address.format(other.id)).status_code == 200
    assert client_of(gwen).get(address.format(entry.id)).status_code == 200
