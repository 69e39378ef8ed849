"""Verifying export bundles: any change is found, and what cannot be checked is said to be so."""

import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retention.exports import bag, signature
from retention.exports.encryption import AlteredBundle
from retention.exports.errors import ExportError, NotABundle, PassphraseNeeded, WrongPassphrase
from retention.exports.signature import fingerprint
from tests.retention.bundles import ROOT, SCHOOL, STRANGER, check, flip, forge, zipped


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
