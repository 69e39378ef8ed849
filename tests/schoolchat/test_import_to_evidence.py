"""Real input runs through the whole product: imported, read, found, exported, verified."""

import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import pyzipper
from django.core.management import CommandError, call_command

from accounts.models import User
from messaging.models import Channel
from messaging.queries import newest
from messaging.rendering import messages_json
from retention.exports.encryption import new_passphrase
from retention.services.exports import approve_export, request_export
from tests.cast import client_of
from tests.scenes import channel_of

SAMPLES = sorted((Path(__file__).parent.parent / "data" / "whatsapp").glob("*.txt"))
#: A word of each sample that stands nowhere else.
WORDS = {
    "dev1_ios_en_gb": "costume",
    "dev2_android_en_gb_media": "gritted",
    "dev3_android_en_us_12h": "Snow",
    "dev4_ios_de": "morgen",
}
REASON = "A parent asks what staff wrote about the costume day."

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def channel(alice: User, bob: User, as_role: AsRole) -> Channel:
    made = channel_of(alice, bob)
    with as_role("worker"):
        for file in SAMPLES:
            call_command("import_whatsapp", str(file), channel="Year 5", verbosity=0)
    return made


@pytest.fixture
def bundle(
    channel: Channel, hari: User, helen: User, as_role: AsRole, tmp_path: Path
) -> tuple[Path, list[str]]:
    """The channel's export, and the options with which it is checked."""
    passphrase = new_passphrase()
    export = request_export(
        by=hari,
        channel=channel,
        since=date(2020, 1, 1),
        until=date(2099, 1, 1),
        purpose="complaint",
        reason=REASON,
        recipient="Panel clerk",
        passphrase=passphrase,
    )
    approve_export(by=helen, number=export.number)
    out, key, secret = tmp_path / "x.zip", tmp_path / "key.pem", tmp_path / "passphrase"
    with as_role("worker"):
        call_command("export", str(export.number), out=out, verbosity=0)
    call_command("signing_key", out=key)
    secret.write_text(passphrase)
    return out, ["--key", str(key), "--passphrase-file", str(secret)]


def opened(bundle: Path, options: list[str]) -> dict[str, bytes]:
    """The files of the bag inside the encrypted bundle."""
    with pyzipper.AESZipFile(bundle) as outer:
        outer.setpassword(Path(options[3]).read_bytes())
        inner = outer.read(outer.namelist()[0])
    with zipfile.ZipFile(BytesIO(inner)) as bag:
        return {name: bag.read(name) for name in bag.namelist()}


def test_the_channel_shows_every_line_of_the_four_samples(channel: Channel) -> None:
    assert len(SAMPLES) == 4
    shown = [m for m in messages_json(newest(channel, 200)) if m["kind"] == "imported"]
    expected = [
        line
        for file in SAMPLES
        for line in json.loads(file.with_suffix(".expected.json").read_text())["messages"]
    ]
    assert len(shown) == len(expected)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda f: f.stem)
def test_a_word_is_found_by_a_member_and_the_desk_and_not_by_carol(
    channel: Channel, bob: User, carol: User, dana: User, file: Path
) -> None:
    word = WORDS[file.stem]
    assert b'class="hit' in client_of(bob).get("/search/", {"q": word}).content
    assert b'class="hit' not in client_of(carol).get("/search/", {"q": word}).content
    answer = client_of(dana).post(
        "/safeguarding/searches/new/", {"reason": REASON, "words": word, "span": "all"}, follow=True
    )
    assert b'class="hit' in answer.content


def test_the_export_holds_the_imported_lines_and_verifies(
    bundle: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    out, options = bundle
    call_command("verify_export", str(out), *options)
    assert "intact, and signed with the key you gave" in capsys.readouterr().out

    files = opened(out, options)
    (items,) = [content for name, content in files.items() if name.endswith("items.jsonl")]
    for word in WORDS.values():
        assert word.encode() in items
    assert b"7700 900555" not in items


def test_without_the_key_it_is_intact_and_not_accepted(
    bundle: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    out, options = bundle
    with pytest.raises(SystemExit) as ended:
        call_command("verify_export", str(out), *options[2:])
    assert ended.value.code == 1
    assert "the signer is not checked" in capsys.readouterr().err


def test_one_changed_byte_of_any_file_is_refused(
    bundle: tuple[Path, list[str]], tmp_path: Path
) -> None:
    out, options = bundle
    files = opened(out, options)
    for changed in files:
        spoiled = tmp_path / "spoiled"
        for name, content in files.items():
            target = spoiled / name
            target.parent.mkdir(parents=True, exist_ok=True)
            middle = len(content) // 2
            flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            target.write_bytes(flipped if name == changed else content)
        (folder,) = spoiled.iterdir()
        with pytest.raises((SystemExit, CommandError)):
            call_command("verify_export", str(folder), *options[:2])
