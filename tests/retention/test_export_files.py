"""The files of messages go with an export, and whoever checks the bundle checks them too."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from audit import keyring
from messaging.files.places import PlaceAway, place
from messaging.models import Channel
from messaging.services.messages import delete_message
from retention.exports import bag
from retention.exports.attached import Attached, Unreadable
from retention.exports.sources import opened
from retention.exports.verify import verify_bundle
from retention.models import Export
from retention.services.exports import approve_export, show_passphrase
from retention.workers.writing import items_of
from tests.retention.bundles import ITEMS, PASSPHRASE, check, flip, forge, write
from tests.retention.bundles import STRANGER as OTHER_KEY
from tests.retention.test_export import asked
from tests.scenes import channel_of, say
from tests.uploads import NOTE, ids, picture, uploaded

type AsRole = Callable[[str], AbstractContextManager[None]]


def attached(data: bytes = b"Good morning", *, name: str = "a.txt", number: int = 7) -> Attached:
    return Attached(
        id=UUID(int=number),
        name=name,
        type="text/plain",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        extension="txt",
        read=lambda: iter([data[:4], data[4:]]),
    )


def lost() -> Iterator[bytes]:
    yield b"half of"
    raise Unreadable


WITH_FILES = (
    replace(ITEMS[0], attached=(attached(name="<b>Year 7</b>.txt"), attached(b"2", number=8))),
    replace(ITEMS[1], attached=(attached(name="again.txt"),)),
    replace(ITEMS[2], attached=(replace(attached(number=9), read=lost),)),
)


def unpacked(bundle: Path, folder: Path) -> Path:
    with opened(bundle, PASSPHRASE) as source:
        for name, open_file in source.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with open_file() as file:
                (folder / name).write_bytes(file.read())
    (root,) = folder.iterdir()
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "bundle.zip", WITH_FILES)
    return unpacked(tmp_path / "bundle.zip", tmp_path / "unpacked")


def test_each_file_is_in_it_once_with_its_digest_in_the_manifest(folder: Path) -> None:
    report = check(folder)
    assert report.ok
    there = {path.name: path.read_bytes() for path in (folder / "data" / "files").iterdir()}
    assert there == {f"{UUID(int=7)}.txt": b"Good morning", f"{UUID(int=8)}.txt": b"2"}
    listed = bag.read_manifest((folder / bag.MANIFEST).read_bytes())
    for name, data in there.items():
        assert listed[f"data/files/{name}"] == hashlib.sha256(data).hexdigest()


def test_the_record_says_which_message_brought_it_and_what_could_not_be_read(folder: Path) -> None:
    lines = (folder / bag.ITEMS).read_text("utf-8").splitlines()
    first, second, third = (json.loads(line)["attachments"] for line in lines)
    assert [one["name"] for one in first] == ["<b>Year 7</b>.txt", "a.txt"]
    assert first[0]["path"] == second[0]["path"] == f"data/files/{UUID(int=7)}.txt"
    assert third[0]["path"] is None
    counts = json.loads((folder / bag.SCOPE).read_text("utf-8"))["counts"]
    assert (counts["files"], counts["files_unreadable"]) == (2, 1)
    page = (folder / bag.TRANSCRIPT).read_text("utf-8")
    assert f'<a href="files/{UUID(int=7)}.txt" download="&lt;b&gt;Year 7' in page
    assert "it could not be read, and is not in this bundle" in page
    assert "<b>Year 7" not in page
    assert f"again.txt (files/{UUID(int=7)}.txt)" in (folder / bag.TABLE).read_text("utf-8-sig")


def test_a_file_that_was_altered_removed_or_added_is_named(folder: Path) -> None:
    one, other = sorted((folder / "data" / "files").iterdir())
    flip(one)
    other.unlink()
    (folder / "data" / "files" / "added.txt").write_text("x")
    said = " ".join(check(folder).problems)
    assert f"{one.name} was altered" in said
    assert f"{other.name} is missing" in said
    assert "added.txt was added" in said
    forge(folder, OTHER_KEY)
    assert not check(folder).ok


@pytest.fixture
def channel(db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def export(channel: Channel, alice: User, bob: User, hari: User, helen: User) -> Export:
    say(alice, channel, "The pond", uploads=ids(uploaded(alice, channel, picture(), "pond.png")))
    note = say(bob, channel, "", uploads=ids(uploaded(bob, channel)))
    delete_message(by=bob, message_id=note.id)
    export = asked(hari, channel)
    approve_export(by=helen, number=export.number)
    return export


def test_files_of_messages_that_were_deleted_are_in_it_too(
    tmp_path: Path, as_role: AsRole, hari: User, export: Export
) -> None:
    passphrase = show_passphrase(by=hari, number=export.number)
    bundle = tmp_path / "bundle.zip"
    with as_role("worker"):
        call_command("export", str(export.number), out=bundle, stdout=StringIO())
    report = verify_bundle(bundle, passphrase=passphrase, public_key=keyring.ring().public_key)
    assert report.ok
    with opened(bundle, passphrase) as source:
        found = [open_file().read() for name, open_file in source.files if "/files/" in name]
    assert NOTE in found
    assert len(found) == 2
    assert NOTE not in bundle.read_bytes()


def test_one_whose_bytes_were_altered_does_not_keep_the_rest_back(
    tmp_path: Path, as_role: AsRole, export: Export
) -> None:
    (file, *_) = [one for item in items_of(export) for one in item.attached]
    place().put(str(file.id), [b"something else"])
    with as_role("worker"):
        call_command("export", str(export.number), out=tmp_path / "x.zip", stdout=StringIO())
    assert zipfile.is_zipfile(tmp_path / "x.zip")


def test_while_the_storage_is_away_nothing_is_written(
    tmp_path: Path, as_role: AsRole, export: Export
) -> None:
    with as_role("worker"), patch.object(type(place()), "get", side_effect=PlaceAway):
        with pytest.raises(CommandError, match="storage of files"):
            call_command("export", str(export.number), out=tmp_path / "x.zip", stdout=StringIO())
    assert list(tmp_path.iterdir()) == []
