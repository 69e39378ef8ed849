"""Writing export bundles: what is in one, and that no plain byte is left."""

import csv
import io
import json
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import bagit
import pytest
import pyzipper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retention.exports import bag, table
from retention.exports.bundle import write_bundle
from retention.exports.encryption import new_passphrase
from retention.exports.errors import ExportError, WeakPassphrase
from retention.exports.items import Item
from retention.exports.signature import fingerprint
from retention.exports.spool import open_spool
from tests.retention.bundles import (
    ABOUT,
    ALICE,
    AT,
    BOB,
    ITEMS,
    KEY,
    PASSPHRASE,
    ROOT,
    SCHOOL,
    STAFF,
    check,
    flip,
    item,
    sha256,
    write,
    zipped,
)

# bagit 1.9 passes a flag of re.sub in the place of a count; our paths hold no escapes.
BAGIT_WARNS = pytest.mark.filterwarnings("ignore:'count' is passed:DeprecationWarning")


class TestWriting:
    def test_a_bundle_verifies_in_all_three_forms(
        self, bundle: Path, inner: bytes, folder: Path, tmp_path: Path
    ) -> None:
        plain = tmp_path / "inner.zip"
        plain.write_bytes(inner)
        again = zipped(folder, tmp_path / "re.zip")
        with_folders = Path(shutil.make_archive(str(tmp_path / "f"), "zip", folder.parent))
        for form in (bundle, plain, folder, folder.parent, again, with_folders):
            report = check(form)
            assert report.problems == ()
            assert report.ok
            assert (report.counts["messages"], report.counts["files"]) == (5, 5)
            assert report.fingerprint == fingerprint(KEY)

    @BAGIT_WARNS
    def test_the_bagit_library_accepts_it(self, folder: Path) -> None:
        assert bagit.Bag(str(folder)).is_valid()
        assert (folder / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")

    @BAGIT_WARNS
    def test_the_bagit_library_refuses_what_we_refuse(self, folder: Path) -> None:
        flip(folder / bag.ITEMS)
        assert not bagit.Bag(str(folder)).is_valid()

    def test_only_a_neutral_name_can_be_read_from_outside(self, bundle: Path) -> None:
        with zipfile.ZipFile(bundle) as outer:
            assert outer.namelist() == ["export.zip"]
        data = bundle.read_bytes()
        assert not any(word in data for word in (b"EXP-2026", b"items", b"canary", b"Ann"))

    def test_the_file_is_private(self, bundle: Path) -> None:
        assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
        assert [file.name for file in bundle.parent.iterdir()] == [bundle.name]

    def test_two_exports_of_one_scope_have_one_payload(self, tmp_path: Path) -> None:
        later = replace(ABOUT, written_at=AT + timedelta(days=9))
        first, second = write(tmp_path / "1"), write(tmp_path / "2", about=later)
        assert first.manifest_digest == second.manifest_digest
        assert first.sha256 == sha256(tmp_path / "1")
        assert first.counts == {
            "messages": 5,
            "deleted": 1,
            "edited": 1,
            "imported": 1,
            "earlier_versions": 1,
            "corrections": 1,
            "files": 0,
            "files_unreadable": 0,
        }

    def test_a_failure_leaves_nothing_and_spares_what_stood_there(self, tmp_path: Path) -> None:
        def broken() -> Iterator[Item]:
            yield ITEMS[0]
            raise OSError("the database went away")

        out = tmp_path / "out.zip"
        out.write_bytes(b"older")
        with pytest.raises(OSError, match="went away"):
            write_bundle(broken(), about=ABOUT, signing_key=SCHOOL, passphrase=PASSPHRASE, out=out)
        assert [(f.name, f.read_bytes()) for f in tmp_path.iterdir()] == [("out.zip", b"older")]

    def test_no_plain_byte_is_on_the_disk_meanwhile(self, tmp_path: Path) -> None:
        def watching() -> Iterator[Item]:
            for number in range(3000):
                yield item(number, "canary-word " * 20)
            assert list(tmp_path.iterdir()) == []

        out = tmp_path / "out.zip"
        write_bundle(watching(), about=ABOUT, signing_key=SCHOOL, passphrase=PASSPHRASE, out=out)

    def test_a_working_file_is_unreadable_on_the_disk(self, tmp_path: Path) -> None:
        with open_spool(tmp_path) as file:
            file.write(b"canary-word" * 10_000)
            file.flush()
            (on_disk,) = (
                link.read_bytes()
                for link in Path("/proc/self/fd").iterdir()
                if link.is_symlink() and str(tmp_path) in str(link.readlink())
            )
            assert len(on_disk) == 110_000
            assert b"canary" not in on_disk

    def test_weak_passphrases_and_odd_numbers_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(WeakPassphrase):
            write_bundle(
                (), about=ABOUT, signing_key=SCHOOL, passphrase="short", out=tmp_path / "x"
            )
        with pytest.raises(ExportError):
            write(tmp_path / "x", about=replace(ABOUT, number="../x"))
        assert list(tmp_path.iterdir()) == []
        assert re.fullmatch(r"(?:[a-z2-9]{5}-){4}[a-z2-9]{5}", new_passphrase())

    def test_an_empty_export_is_a_bundle(self, tmp_path: Path) -> None:
        write(tmp_path / "x.zip", items=())
        assert check(tmp_path / "x.zip").ok


class TestContents:
    def test_the_lines_are_exact(self, folder: Path) -> None:
        lines = [json.loads(x) for x in (folder / bag.ITEMS).read_text("utf-8").splitlines()]
        assert [line["body"] for line in lines] == [each.body for each in ITEMS]
        assert lines[0] == {
            "id": str(UUID(int=101)),
            "channel": {"id": str(STAFF.id), "name": "Staff room"},
            "seq": 1,
            "author": {"id": str(ALICE.id), "name": "Alice Hart"},
            "sent_at": "2026-10-25T01:00:00.000Z",
            "kind": "text",
            "reply_to": None,
            "body": ITEMS[0].body,
            "edited_at": None,
            "deleted_at": None,
            "versions": [],
            "import": None,
            "reactions": [],
            "pinned": None,
            "mentions": [],
            "mentions_all": None,
            "forwarded": None,
            "attachments": [],
            "corrections": [],
            "commitment": ITEMS[0].commitment,
        }
        (note,) = lines[1]["corrections"]
        assert (note["by"]["name"], note["reason"], note["reference"]) == (
            BOB.name,
            "request",
            "R 4",
        )
        assert (note["body"], note["commitment"]) == ("=On <time>", "cd" * 32)
        assert lines[4]["author"] == {"imported": "Unknown sender 1"}
        assert lines[4]["import"]["imported_by"]["name"] == BOB.name

    def test_the_table_opens_in_a_spreadsheet_and_calculates_nothing(self, folder: Path) -> None:
        data = (folder / bag.TABLE).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert len(rows) == 5
        assert rows[1]["body"] == "'=HYPERLINK(1)"
        assert rows[1]["reactions"] == "👍 Alice Hart, Bob <b>Ray</b>"
        assert rows[1]["mentions"] == "Bob <b>Ray</b>, @here"
        assert rows[1]["corrections"] == f"{BOB.name}, 2026-10-25T00:30:00.000Z: =On <time>"
        assert rows[1]["pinned_at"] == "2026-10-25T00:30:00.000Z"
        assert rows[2]["forwarded"] == "'=Nadia, 2026-10-01T09:00:00.000Z, Hall"
        for risky in ("=1", "+1", "-1", "@x", " =1", "\t=1", "\r=1", "\n=1", "\uff1d1"):
            assert table.safe_cell(risky) == f"'{risky}"

    def test_the_transcript_shows_all_and_runs_nothing(self, folder: Path) -> None:
        page = (folder / bag.TRANSCRIPT).read_text("utf-8")
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "<p><strong>safe</strong></p>" in page
        assert "default-src 'none'" in page
        assert "first &lt;i&gt;words&lt;/i&gt;" in page
        said = (
            *("St Ann&#x27;s", "Edited", "Deleted", "Imported by", "System message"),
            "Reactions: 👍 Alice Hart, Bob &lt;b&gt;Ray&lt;/b&gt;",
            "Pinned by Alice Hart",
            "because somebody asked for it (UK GDPR, Article 16), R 4</p>",
            "=On &lt;time&gt;",
            "Mentions Bob &lt;b&gt;Ray&lt;/b&gt;, @here",
            "Forwarded, the words of =Nadia, 2026-10-01T09:00:00.000Z, Hall",
        )
        for words in said:
            assert words in page
        assert not re.search(r'(?:src|href)="(?!#)', page)
        assert str(ITEMS[2].id) in page

    def test_the_hour_that_comes_twice_can_be_told_apart(self, tmp_path: Path) -> None:
        twice = (item(0), item(2))
        out = tmp_path / "x.zip"
        write(out, items=twice)
        with pyzipper.AESZipFile(out) as outer:
            outer.setpassword(PASSPHRASE.encode())
            archive = zipfile.ZipFile(io.BytesIO(outer.read("export.zip")))
        page = archive.read(f"{ROOT}/{bag.TRANSCRIPT}").decode()
        assert "01:30:00 BST" in page
        assert "01:30:00 GMT" in page

    def test_the_scope_says_what_is_in_and_what_is_out(self, folder: Path) -> None:
        scope = json.loads((folder / bag.SCOPE).read_text("utf-8"))
        assert [c["messages"] for c in scope["channels"]] == [4, 1]
        assert (scope["counts"]["messages"], scope["excluded"]) == (5, {"disposed of": 3})

    def test_a_purpose_cannot_forge_a_line_of_the_description(self, folder: Path) -> None:
        info = (folder / bag.INFO).read_text("utf-8")
        assert len(re.findall(r"(?m)^Payload-Oxum:", info)) == 1


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bodies=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_any_text_survives_the_round_trip(tmp_path: Path, bodies: list[str]) -> None:
    out = tmp_path / "any.zip"
    write(out, items=tuple(item(n, body) for n, body in enumerate(bodies)))
    assert check(out).ok
    with pyzipper.AESZipFile(out) as outer:
        outer.setpassword(PASSPHRASE.encode())
        archive = zipfile.ZipFile(io.BytesIO(outer.read("export.zip")))
    lines = archive.read(f"{ROOT}/{bag.ITEMS}").decode().splitlines()
    assert [json.loads(line)["body"] for line in lines] == bodies
