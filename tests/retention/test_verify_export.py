"""Export bundles: what is in one, that any change is found, that no plain byte is left."""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import bagit
import pytest
import pyzipper
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retention.exports import bag, signature, table
from retention.exports.bundle import Written, write_bundle
from retention.exports.encryption import AlteredBundle, new_passphrase
from retention.exports.errors import (
    BadKeyFile,
    ExportError,
    NotABundle,
    PassphraseNeeded,
    WeakPassphrase,
    WrongPassphrase,
)
from retention.exports.items import About, ImportedName, Item, Named, Origin, Version
from retention.exports.signature import fingerprint, read_public_key
from retention.exports.spool import open_spool
from retention.exports.verify import Report, verify_bundle
from retention.management.commands.verify_export import Command

SCHOOL = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
KEY = SCHOOL.public_key().public_bytes_raw()
PASSPHRASE = new_passphrase()
ROOT = "EXP-2026-0012"
AT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
STAFF = Named(id=UUID(int=1), name="Staff room")
SITE = Named(id=UUID(int=2), name="Site & Premises")
ALICE, BOB = Named(id=UUID(int=3), name="Alice Hart"), Named(id=UUID(int=4), name="Bob <b>Ray</b>")
ABOUT = About(
    number=ROOT,
    school="St Ann's Primary",
    purpose="Investigation of a complaint\nPayload-Oxum: 0.0",
    recipient="Solicitor & Co",
    requested_by=ALICE,
    approved_by=BOB,
    first_day=date(2026, 10, 1),
    last_day=date(2026, 10, 31),
    channels=(STAFF, SITE),
    written_at=AT,
    excluded={"disposed of": 3},
)


# bagit 1.9 passes a flag of re.sub in the place of a count; our paths hold no escapes.
BAGIT_WARNS = pytest.mark.filterwarnings("ignore:'count' is passed:DeprecationWarning")


def item(number: int, body: str = "Ice on the ramp", **changes: Any) -> Item:
    plain = Item(
        id=UUID(int=100 + number),
        channel=STAFF,
        seq=number,
        author=ALICE,
        sent_at=AT + timedelta(minutes=30 * number),
        kind="text",
        body=body,
        commitment=hashlib.sha256(body.encode()).hexdigest(),
    )
    return replace(plain, **changes)


ITEMS = (
    item(1, "canary-word <script>alert(1)</script>\u2028x"),
    item(2, "=HYPERLINK(1)", html="<p><strong>safe</strong></p>", reply_to=UUID(int=101)),
    item(
        3,
        "final words",
        edited_at=AT,
        deleted_at=AT + timedelta(hours=2),
        versions=(Version(number=1, written_at=AT, body="first <i>words</i>"),),
    ),
    item(4, "Bob joined", kind="system", author=None),
    item(
        5,
        "Old news",
        channel=SITE,
        kind="imported",
        author=ImportedName(name="Unknown sender 1"),
        origin=Origin(sha256="ab" * 32, imported_by=BOB, imported_at=AT),
    ),
)


def write(out: Path, items: tuple[Item, ...] = ITEMS, about: About = ABOUT) -> Written:
    return write_bundle(items, about=about, signing_key=SCHOOL, passphrase=PASSPHRASE, out=out)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "export.bundle.zip"
    write(out)
    return out


@pytest.fixture(scope="module")
def inner(bundle: Path) -> bytes:
    with pyzipper.AESZipFile(bundle) as outer:
        outer.setpassword(PASSPHRASE.encode())
        return bytes(outer.read("export.zip"))


@pytest.fixture
def folder(inner: bytes, tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        archive.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked" / ROOT


def check(
    path: Path, *, passphrase: str | None = PASSPHRASE, public_key: bytes | None = KEY
) -> Report:
    return verify_bundle(path, passphrase=passphrase, public_key=public_key)


def zipped(folder: Path, out: Path) -> Path:
    """Zip an unpacked bag again as anybody's program would."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent))
    return out


def forge(folder: Path, key: Ed25519PrivateKey) -> None:
    """Make all manifests anew over what stands there and sign them."""
    payload = sorted((folder / "data").rglob("*"))
    digests = {f.relative_to(folder).as_posix(): sha256(f) for f in payload}
    (folder / bag.MANIFEST).write_bytes(bag.manifest_text(digests))
    info = (folder / bag.INFO).read_text("utf-8")
    oxum = f"{sum(f.stat().st_size for f in payload)}.{len(payload)}"
    info = re.sub(r"(?m)^Payload-Oxum: .*$", f"Payload-Oxum: {oxum}", info)
    (folder / bag.INFO).write_text(info, "utf-8")
    tags = bag.manifest_text({name: sha256(folder / name) for name in bag.LISTED_TAGS})
    (folder / bag.TAG_MANIFEST).write_bytes(tags)
    (folder / bag.SIGNATURE).write_bytes(signature.sign(tags, key))


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def flip(file: Path, place: int = -2, by: int = 1) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= by
    file.write_bytes(data)


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
            "commitment": ITEMS[0].commitment,
        }
        assert lines[4]["author"] == {"imported": "Unknown sender 1"}
        assert lines[4]["import"]["imported_by"]["name"] == BOB.name

    def test_the_table_opens_in_a_spreadsheet_and_calculates_nothing(self, folder: Path) -> None:
        data = (folder / bag.TABLE).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert len(rows) == 5
        assert rows[1]["body"] == "'=HYPERLINK(1)"
        for risky in ("=1", "+1", "-1", "@x", " =1", "\t=1", "\r=1", "\n=1", "\uff1d1"):
            assert table.safe_cell(risky) == f"'{risky}"

    def test_the_transcript_shows_all_and_runs_nothing(self, folder: Path) -> None:
        page = (folder / bag.TRANSCRIPT).read_text("utf-8")
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "<p><strong>safe</strong></p>" in page
        assert "default-src 'none'" in page
        assert "first &lt;i&gt;words&lt;/i&gt;" in page
        for words in ("St Ann&#x27;s", "Edited", "Deleted", "Imported by", "System message"):
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


class TestTampering:
    def test_one_changed_byte_of_any_file_is_found(self, folder: Path, tmp_path: Path) -> None:
        files = [f for f in folder.rglob("*") if f.is_file()]
        assert len(files) == 10
        for file in files:
            good = file.read_bytes()
            for place in (0, len(good) // 2, len(good) - 1):
                flip(file, place)
                assert not check(folder).intact, (file, place)
                assert not check(zipped(folder, tmp_path / "re.zip")).intact
                file.write_bytes(good)
        assert check(folder).ok

    def test_the_altered_file_is_named(self, folder: Path) -> None:
        flip(folder / bag.ITEMS)
        (problem,) = check(folder).problems
        assert problem.startswith("data/items.jsonl was altered")

    def test_an_added_or_removed_file_is_found(self, folder: Path) -> None:
        for name in ("data/more.txt", "note.txt", "data/deep/x"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("x")
            assert any("added" in problem for problem in check(folder).problems)
            (folder / name).unlink()
        for file in [f for f in folder.rglob("*") if f.is_file()]:
            good = file.read_bytes()
            file.unlink()
            assert any("missing" in problem for problem in check(folder).problems), file
            file.write_bytes(good)
        assert check(folder).ok

    def test_a_link_in_place_of_a_file_is_refused(self, folder: Path) -> None:
        file = folder / bag.ITEMS
        file.rename(folder.parent.parent / "elsewhere")
        file.symlink_to(folder.parent.parent / "elsewhere")
        assert not check(folder).intact

    def test_manifests_made_anew_need_the_schools_own_key(self, folder: Path) -> None:
        flip(folder / bag.ITEMS)
        forge(folder, STRANGER)
        refused = check(folder)
        assert refused.problems == ("The bundle is signed with another key than the one you gave.",)
        unchecked = check(folder, public_key=None)
        assert unchecked.intact
        assert not unchecked.ok
        assert unchecked.fingerprint == fingerprint(STRANGER.public_key().public_bytes_raw())

    def test_another_schools_signature_does_not_fit(self, folder: Path) -> None:
        other = signature.sign(b"something else", SCHOOL)
        (folder / bag.SIGNATURE).write_bytes(other)
        assert not check(folder).intact

    @pytest.mark.parametrize(
        ("name", "word"),
        [
            ("stray.txt", "outside"),
            ("../evil.txt", "leads out"),
            ("/etc/evil", "leads out"),
            (f"{ROOT}/../evil", "leads out"),
            (f"{ROOT}/data/items.jsonl", "twice"),
            (f"{ROOT}/bag-info.txt", "twice"),
            (f"{ROOT}/extra.txt", "added"),
        ],
    )
    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_members_smuggled_into_the_zip_are_named(
        self, inner: bytes, tmp_path: Path, name: str, word: str
    ) -> None:
        file = tmp_path / "x.zip"
        file.write_bytes(inner)
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(name, "smuggled")
        assert any(word in problem for problem in check(file).problems)

    @pytest.mark.parametrize(
        "hide",
        [
            lambda data: data + b"trailing",
            lambda data: b"leading!" + data,
            lambda data: data[:-2] + struct.pack("<H", 4) + b"note",
        ],
    )
    def test_bytes_hidden_around_the_zip_are_found(
        self,
        bundle: Path,
        inner: bytes,
        tmp_path: Path,
        hide: Callable[[bytes], bytes],
    ) -> None:
        for data in (inner, bundle.read_bytes()):
            file = tmp_path / "x.zip"
            assert_refused(file, hide(data))

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_no_byte_of_the_bundle_may_change(
        self, bundle: Path, tmp_path: Path, data: st.DataObject
    ) -> None:
        good = bytearray(bundle.read_bytes())
        ends = st.integers(0, 70) | st.integers(len(good) - 100, len(good) - 1)
        good[data.draw(ends | st.integers(0, len(good) - 1))] ^= 0xFF
        assert_refused(tmp_path / "flipped.zip", bytes(good))

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_no_byte_of_the_inner_zip_may_change(
        self, inner: bytes, tmp_path: Path, data: st.DataObject
    ) -> None:
        good = bytearray(inner)
        good[data.draw(st.integers(0, len(good) - 1))] ^= 0xFF
        assert_refused(tmp_path / "flipped.zip", bytes(good))

    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(end=st.integers(4, 4000))
    def test_a_bundle_cut_short_is_refused(self, bundle: Path, tmp_path: Path, end: int) -> None:
        assert_refused(tmp_path / "cut.zip", bundle.read_bytes()[:-end])


def assert_refused(file: Path, data: bytes) -> None:
    """Either it cannot be checked, which one sentence says, or something is found wrong."""
    file.write_bytes(data)
    try:
        intact = check(file).intact
    except ExportError as error:
        assert_one_sentence(error)
        return
    assert not intact


def assert_one_sentence(error: Exception) -> None:
    assert re.fullmatch(r"[A-Z][^\n]*\.", str(error))


class TestPassphrase:
    def test_none_and_a_wrong_one_get_one_sentence(self, bundle: Path) -> None:
        with pytest.raises(PassphraseNeeded):
            check(bundle, passphrase=None)
        with pytest.raises(WrongPassphrase):
            check(bundle, passphrase="not the right one at all")

    def test_an_altered_ciphertext_is_told_from_a_wrong_passphrase(
        self, bundle: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "x.zip"
        shutil.copy(bundle, copy)
        flip(copy, place=copy.stat().st_size // 2)
        with pytest.raises(AlteredBundle):
            check(copy)

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04" + b"x" * 99])
    def test_what_is_no_bundle_is_said_to_be_none(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "x").write_bytes(data)
        for path in (tmp_path / "x", tmp_path / "absent"):
            with pytest.raises(NotABundle):
                check(path)


class TestCommand:
    @pytest.fixture
    def key_file(self, tmp_path: Path) -> Path:
        file = tmp_path / "school.pem"
        pem = SCHOOL.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        file.write_bytes(pem)
        return file

    @pytest.fixture
    def passphrase_file(self, tmp_path: Path) -> Path:
        file = tmp_path / "passphrase"
        file.write_text(PASSPHRASE + "\n")
        return file

    def run(self, bundle: Path, **options: object) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(Command(), bundle, stdout=out, stderr=err, **options)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    def test_it_accepts_a_bundle_of_the_school(
        self, bundle: Path, key_file: Path, passphrase_file: Path
    ) -> None:
        code, out, err = self.run(bundle, key=key_file, passphrase_file=passphrase_file)
        assert (code, err) == (0, "")
        assert "intact, and signed with the key you gave" in out

    def test_without_a_key_it_says_so_and_fails(self, bundle: Path, passphrase_file: Path) -> None:
        code, out, err = self.run(bundle, passphrase_file=passphrase_file)
        assert (code, out) == (1, "")
        assert "intact, but the signer is not checked" in err
        assert fingerprint(KEY) in err

    def test_it_refuses_an_altered_bundle_in_one_line(self, folder: Path, key_file: Path) -> None:
        flip(folder / bag.TABLE)
        code, _, err = self.run(folder, key=key_file)
        assert code == 1
        assert err.startswith("Refused: data/items.csv was altered")
        assert err.count("\n") == 1
        code, out, _ = self.run(folder, key=key_file, json=True)
        assert (code, json.loads(out)["ok"]) == (1, False)

    def test_what_cannot_be_checked_is_one_line(self, bundle: Path, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong"
        wrong.write_text("not the right one at all")
        for options in ({}, {"passphrase_file": wrong}, {"key": wrong}, {"key": tmp_path / "no"}):
            with pytest.raises(CommandError) as caught:
                self.run(bundle, **options)
            assert "\n" not in str(caught.value)


def test_a_public_key_is_read_in_every_form_it_is_handed_out() -> None:
    public = SCHOOL.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for form in (pem, KEY, KEY.hex().encode(), base64.b64encode(KEY) + b"\n"):
        assert read_public_key(form) == KEY
    for bad in (b"", b"hello", b"-----BEGIN PUBLIC KEY-----\nAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(BadKeyFile):
            read_public_key(bad)


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
