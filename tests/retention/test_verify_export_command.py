"""The command verify_export, and the forms of a public key that it takes."""

import base64
import io
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command

from retention.exports import bag
from retention.exports.errors import BadKeyFile
from retention.exports.signature import fingerprint, read_public_key
from retention.management.commands.verify_export import Command
from tests.retention.bundles import KEY, PASSPHRASE, SCHOOL, flip


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
