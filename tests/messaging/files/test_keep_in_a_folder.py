"""What was put into the folder is there whole, and a full disk is told from one that is away."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.checks import run_checks

from audit.disk import force_folder
from messaging.files import folder as of_folder
from messaging.files.folder import Folder
from messaging.files.places import PlaceAway, PlaceFull, place


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


@pytest.fixture
def name() -> str:
    return str(uuid4())


def test_an_object_is_kept_and_given_back(folder: Folder, name: str) -> None:
    folder.put(name, [b"Good ", b"", b"morning"])
    assert b"".join(folder.get(name)) == b"Good morning"
    assert b"".join(folder.get(name, 5)) == b"morning"
    assert b"".join(folder.get(name, 1, 4)) == b"ood"
    assert b"".join(folder.get(name, 3, 3)) == b""
    assert b"".join(folder.get(name, 8, 99)) == b"ning"
    assert folder.exists(name)
    folder.put(name, [b"again"])
    assert b"".join(folder.get(name)) == b"again"


def test_a_new_folder_is_forced_to_the_disk_with_the_first_object(
    folder: Folder, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced = []

    def noted(which: Path) -> None:
        forced.append(which)
        force_folder(which)

    monkeypatch.setattr(of_folder, "force_folder", noted)
    top = tmp_path / "files"
    folder.put(name, [b"x"])
    folder.put(f"{name}.thumbnail", [b"y"])
    assert forced == [top, top / name[-2:], top / name[-2:]]


def test_many_chunks_come_back_in_chunks(folder: Folder, name: str) -> None:
    chunk = os.urandom(300_000)
    folder.put(name, [chunk] * 3)
    given = list(folder.get(name))
    assert b"".join(given) == chunk * 3
    assert max(map(len, given)) <= 256 * 1024


def test_what_was_taken_out_is_gone_and_taking_it_out_again_is_no_fault(
    folder: Folder, name: str
) -> None:
    folder.put(name, [b"x"])
    folder.delete(name)
    folder.delete(name)
    assert not folder.exists(name)
    with pytest.raises(FileNotFoundError):
        next(folder.get(name))


def test_nobody_else_on_the_machine_can_read_it(folder: Folder, name: str, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder.put(name, [b"x"])
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "files").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}


def test_what_breaks_off_leaves_nothing_and_what_stood_there_stays(
    folder: Folder, name: str, tmp_path: Path
) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield b"half of "
        raise ConnectionResetError

    folder.put(name, [b"the first"])
    with pytest.raises(ConnectionResetError):
        folder.put(name, breaks_off())
    assert b"".join(folder.get(name)) == b"the first"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, PlaceFull), (errno.EDQUOT, PlaceFull), (errno.EIO, PlaceAway)],
)
def test_a_disk_without_room_is_told_from_one_that_is_broken(
    folder: Folder,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    told: type[Exception],
) -> None:
    def fails(_descriptor: int, _chunk: bytes) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(of_folder, "_write_all", fails)
    with pytest.raises(told) as error:
        folder.put(name, [b"x"])
    assert str(error.value).startswith("The school's storage")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_real_disk_that_is_full_says_so(name: str) -> None:
    """/dev/full takes no byte, as a full disk."""
    with pytest.raises(OSError, match="No space") as full, open("/dev/full", "wb", 0) as disk:  # noqa: PTH123
        of_folder._write_all(disk.fileno(), b"x")
    assert full.value.errno == errno.ENOSPC


def test_a_name_cannot_lead_out_of_the_folder(folder: Folder) -> None:
    for bad in ("../x", "a/b", "..", "", f"{uuid4()}/../../x", f"{uuid4()}.a/b"):
        with pytest.raises(ValueError):  # noqa: PT011
            folder.put(bad, [b"x"])


def test_what_a_killed_process_left_goes_after_a_day(folder: Folder, tmp_path: Path) -> None:
    unfinished = tmp_path / "files" / "unfinished"
    unfinished.mkdir(parents=True)
    for left in ("old", "new"):
        (unfinished / left).write_bytes(b"x")
    os.utime(unfinished / "old", (0, 0))
    Folder(tmp_path / "files")
    assert [path.name for path in unfinished.iterdir()] == ["new"]


def test_a_folder_that_cannot_be_made_stops_the_start(
    decide: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "in the way").write_text("")
    decide(place=tmp_path / "in the way" / "files")
    assert not place().ready()
    assert "messaging.E007" in [found.id for found in run_checks(tags=["files"])]
    decide(place=tmp_path / "files")
    assert place().ready()
    assert "messaging.E007" not in [found.id for found in run_checks(tags=["files"])]
