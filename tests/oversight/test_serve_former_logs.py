"""After a declared restore the former log stays open to outside tools, as far as it came back."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from audit.checkpoints import note_of, origin_of, verifier_key
from audit.models import Checkpoint
from audit.origins import PREFIX, current_tree
from audit.restores import declare_restore
from audit.tree.frontier import root_of
from audit.tree.hashes import HASH_BYTES
from audit.tree.notes import parse_note, parse_verifier_key, verify_note
from audit.tree.tiles import TILE_WIDTH, hashes_in, tile_path, tiles_of
from oversight.models import Publication
from oversight.queries.sheets import sheet_of
from oversight.services.publications import publish
from tests.cast import client_of
from tests.oversight.logs import text_of
from tests.oversight.outside import signed
from tests.roles import acting_as

SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify_log.py"


@dataclass(frozen=True, kw_only=True)
class Log:
    """A log by the id in its name, and its published heads, oldest first."""

    log_id: UUID
    heads: list[Checkpoint]

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.log_id}"

    @property
    def address(self) -> str:
        return f"/audit/former/{self.log_id}"

    def get(self, path: str, by: Client | None = None) -> HttpResponse:
        return (by or Client()).get(f"{self.address}/{path}")  # type: ignore[return-value]


def _published(by: User, entries: int) -> Checkpoint:
    checkpoint = signed(entries)
    publish(by=by, reason=Publication.Reason.ASKED)
    return checkpoint


def _present() -> UUID:
    tree = current_tree()
    assert tree is not None
    return UUID(tree.name.removeprefix(PREFIX))


def _declare() -> None:
    with acting_as("owner"):
        declare_restore()


@pytest.fixture
def former(gwen: User) -> Log:
    """A log of some hundred entries that ended with a restore, and one that has begun since."""
    heads = [_published(gwen, 300), _published(gwen, 300)]
    log = Log(log_id=_present(), heads=heads)
    _declare()
    signed(50)
    return log


def test_its_newest_published_checkpoint_is_under_its_own_name(former: Log) -> None:
    answer = former.get("checkpoint")
    note = parse_note(answer.content.decode())
    key = parse_verifier_key(verifier_key(former.name))
    assert note.text.startswith(f"{former.name}\n{former.heads[-1].size}\n")
    assert verify_note(note, key.name, key.public_key)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"


def test_its_tiles_give_the_root_of_that_checkpoint(former: Log) -> None:
    head = former.heads[-1]
    leaves: list[bytes] = []
    for place in tiles_of(head.size):
        answer = former.get(tile_path(place.level, place.index, place.width))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        if place.level == 0:
            leaves += hashes_in(answer.content)
    assert root_of(leaves) == bytes(head.root)


def test_the_present_log_keeps_its_addresses(former: Log, gwen: User) -> None:
    head = _published(gwen, 10)
    assert Client().get("/audit/checkpoint").content.decode() == note_of(head)
    leaves = hashes_in(Client().get(f"/audit/tile/0/000.p/{head.size}").content)
    assert root_of(leaves) == bytes(head.root)
    assert former.get("checkpoint").content.decode() == note_of(former.heads[-1])


def test_the_present_log_and_one_that_never_was_are_no_former_ones(former: Log, gwen: User) -> None:
    _published(gwen, 10)
    for log_id in (_present(), uuid4()):
        other = Log(log_id=log_id, heads=[])
        assert other.get("checkpoint").status_code == 404
        assert other.get("tile/0/000.p/1").status_code == 404


def test_before_a_restore_there_is_none(gwen: User) -> None:
    _published(gwen, 3)
    log = Log(log_id=_present(), heads=[])
    assert log.get("checkpoint").status_code == 404
    assert log.get("tile/0/000.p/1").status_code == 404


def test_of_heads_that_were_only_signed_nothing_is_told(gwen: User) -> None:
    head = _published(gwen, 3)
    signed(5)
    log = Log(log_id=_present(), heads=[head])
    _declare()
    assert log.get("checkpoint").content.decode() == note_of(head)
    assert log.get(f"tile/0/000.p/{head.size}").status_code == 200
    assert log.get(f"tile/0/000.p/{head.size + 1}").status_code == 404


def test_where_no_head_was_let_out_nothing_is_served(gwen: User) -> None:
    signed(3)
    log = Log(log_id=_present(), heads=[])
    _declare()
    assert log.get("checkpoint").status_code == 404
    assert log.get("tile/0/000.p/1").status_code == 404
    assert "None was let out" in text_of(client_of(gwen).get("/audit/how-to-check/"))


def test_after_a_second_restore_both_are_there(former: Log, gwen: User) -> None:
    second = Log(log_id=_present(), heads=[_published(gwen, 20)])
    _declare()
    signed()
    for log in (former, second):
        assert log.get("checkpoint").content.decode() == note_of(log.heads[-1])
    leaves = hashes_in(second.get(f"tile/0/000.p/{second.heads[0].size}").content)
    assert root_of(leaves) == bytes(second.heads[0].root)


ODD = [
    "",
    "checkpoint/",
    "checkpoint.txt",
    "tile/",
    "tile/0/0",
    "tile/0/999",
    "tile/0/000.p/256",
    "tile/0/%2e%2e/checkpoint",
    "tile/entries/000",
    "entries/1/",
]


def test_any_other_path_is_not_there(former: Log, subtests: pytest.Subtests) -> None:
    for path in ODD:
        with subtests.test(path):
            assert former.get(path).status_code == 404


def test_it_is_only_read_and_the_same_for_everybody(former: Log, carol: User, theo: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    for path in ("checkpoint", "tile/0/000"):
        for method in ("post", "put", "patch", "delete", "options"):
            assert getattr(browser, method)(f"{former.address}/{path}").status_code == 405
        answers = [former.get(path), *(former.get(path, client_of(one)) for one in (carol, theo))]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert not any(answer.cookies for answer in answers)


#: The signed heads that a backup did not have, and what was let out of them.
_HEADS = "SELECT id FROM audit_checkpoint WHERE size > %s"
_OF_HEADS = (
    f"DELETE FROM oversight_publication WHERE checkpoint_id IN ({_HEADS})",
    f"DELETE FROM audit_checkpoint WHERE id IN ({_HEADS})",
)
_OF_ENTRIES = (
    "DELETE FROM audit_entry e USING audit_leaf l WHERE l.entry_id = e.id AND number >= %s",
    "DELETE FROM audit_leaf WHERE number >= %s",
    f"DELETE FROM audit_tile WHERE (index + 1) * {TILE_WIDTH} > %s",
)


def _put_back(size: int, tables: tuple[str, ...]) -> None:
    """As `pg_restore` of a backup that was made when the log had so many entries."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in tables:
            cursor.execute(statement, [size])
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture(
    params=[(*_OF_HEADS, *_OF_ENTRIES), _OF_ENTRIES], ids=["all of it", "entries alone"]
)
def lost(request: pytest.FixtureRequest, gwen: User) -> Log:
    """Today's database is lost, and yesterday's was put back, which was declared."""
    heads = [_published(gwen, 100), _published(gwen, 200), _published(gwen, 100)]
    log = Log(log_id=_present(), heads=heads)
    _put_back(heads[1].size, request.param)
    _declare()
    signed(200)
    return log


def test_it_is_as_long_as_what_came_back(lost: Log) -> None:
    assert lost.get("checkpoint").content.decode() == note_of(lost.heads[1])
    width = lost.heads[1].size - TILE_WIDTH
    rest = lost.get(f"tile/0/001.p/{width}").content
    assert len(rest) == width * HASH_BYTES
    assert lost.get(f"tile/0/001.p/{width + 1}").status_code == 404
    leaves = hashes_in(lost.get("tile/0/000").content) + hashes_in(rest)
    assert root_of(leaves) == bytes(lost.heads[1].root)


@pytest.fixture
def check(lost: Log, tmp_path: Path) -> Callable[[Checkpoint], tuple[int, str]]:
    """`check(head)` holds a kept checkpoint against what is served, with the script alone."""
    (tmp_path / "new.txt").write_text(lost.get("checkpoint").content.decode())
    for place in tiles_of(lost.heads[1].size):
        path = tile_path(place.level, place.index, place.width)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(lost.get(path).content)

    def run(head: Checkpoint) -> tuple[int, str]:
        (tmp_path / "old.txt").write_text(note_of(head))
        key = verifier_key(lost.name)
        arguments = ["consistency", "old.txt", "new.txt", "--key", key, "--log", "."]
        done = subprocess.run(
            [sys.executable, str(SCRIPT), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def test_a_checkpoint_kept_outside_can_be_held_against_what_came_back(
    lost: Log, check: Callable[[Checkpoint], tuple[int, str]]
) -> None:
    first, _, gone = lost.heads
    status, said = check(first)
    assert (status, said[:3]) == (0, "OK:")
    assert check(gone)[0] != 0


def test_the_page_lists_it_with_its_key_and_address(former: Log, carol: User) -> None:
    page = text_of(client_of(carol).get("/audit/how-to-check/"))
    assert former.name in page
    assert verifier_key(former.name) in page
    assert f"{former.address}/checkpoint" in page
    assert verifier_key() in page
    assert verifier_key() != verifier_key(former.name)


def test_before_a_restore_the_page_speaks_of_none(gwen: User) -> None:
    _published(gwen, 3)
    assert "former log" not in text_of(client_of(gwen).get("/audit/how-to-check/"))


def test_the_sheet_of_a_former_checkpoint_keeps_the_key_that_it_was_signed_under(
    former: Log,
) -> None:
    publication = Publication.objects.get(checkpoint=former.heads[0])
    sheet = sheet_of(publication)
    assert sheet.origin == origin_of(former.heads[0]) == former.name
    assert sheet.key == verifier_key(former.name)
