"""The folders that backups of the keyring are written to, each known by an id that lies in it.

The id goes with whoever copies the folder; what a copy has not is the folder's mark. A folder with
another's id is given one of its own, and its copies are entered anew.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from audit.disk import force_folder
from retention.copies import mark_of, note_copies_ended, note_look
from schoolchat.backup import companion
from schoolchat.backup.bundle import name_at, names_in, open_bundle, time_of
from schoolchat.backup.errors import BackupRefused, told_plainly
from schoolchat.backup.marks import mark

ID: Final = ".place"
LOCK: Final = ".lock"
#: What may lie beside the copies; the last is of the file system itself.
_BESIDE: Final = {ID, LOCK, "lost+found"}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The names of copies that were taken away, and sentences about folders of which it cannot be
    said that no old copy is left there."""

    pruned: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)


def enter_copy(place: Path, at: datetime) -> None:
    """Write down that a copy of that moment comes into this folder, before it does. So is what else
    is in it: it may be from before there were ids, or from after a backup that was restored."""
    known = _known(place) or _name(place)
    _look(place, known, name_at(at))


def refuse_others(folder: Path) -> None:
    """Raise BackupRefused for a folder that no copies of ours were written to."""
    if _id_in(folder) is None and not _has_ours(folder):
        raise BackupRefused(
            f"{folder} is not a folder that backups of the keyring were written to: name another, "
            "or write a backup there first."
        )


def end_copies(folder: Path, *, before: datetime) -> Ended:
    """Take away what is from before that moment, and write it down, unless anything else lies there
    that may be a copy, too, under another name or in a folder of its own."""
    known = _known(folder) or _name(folder)
    _look(folder, known)
    pruned = companion.prune(folder, before=before)
    term, others = time_of(name_at(before)), _others_in(folder)
    if others:
        said = (
            f"In {folder} lies something else than copies of the keyring ({', '.join(others[:3])}),"
            " so that nobody can say that no old copy is left there: take it away."
        )
        return Ended(pruned=pruned, unsaid=[said])
    if term is not None:
        note_copies_ended(known, before=term)
    return Ended(pruned=pruned)


def _others_in(folder: Path) -> list[str]:
    ours = _BESIDE.union(name for name in names_in(folder) if time_of(name))
    with told_plainly(folder):
        return sorted(one.name for one in folder.iterdir() if one.name not in ours)


def _look(place: Path, known: UUID, *coming: str) -> None:
    times = [time_of(name) for name in (*names_in(place), *coming)]
    found = {one for one in times if one is not None}
    with told_plainly(place):
        note_look(known, folder=str(place.resolve()), mark=mark(place, ID), times=found)


def _has_ours(folder: Path) -> bool:
    """Whether a copy of this school's keyring lies there, as before there were ids."""
    for name in names_in(folder):
        try:
            manifest = open_bundle(folder / name).manifest
        except BackupRefused:
            continue
        if manifest["kind"] == "keyring" and manifest["school"] == companion.school():
            return True
    return False


def _known(place: Path) -> UUID | None:
    """The id that lies in a folder, unless it came there with what was copied from another."""
    known = _id_in(place)
    if known is None:
        return None
    written = mark_of(known)
    with told_plainly(place):
        return known if written in ("", mark(place, ID)) else None


def _id_in(place: Path) -> UUID | None:
    with told_plainly(place):
        if not (place / ID).exists():
            return None
        text = (place / ID).read_text(encoding="ascii", errors="replace")
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise BackupRefused(
            f"{place / ID} cannot be read: take it away and run the command again."
        ) from error


def _name(place: Path) -> UUID:
    known, unfinished = uuid4(), place / f"{ID}.unfinished"
    with told_plainly(place):
        unfinished.write_text(f"{known}\n", encoding="ascii")
        unfinished.rename(place / ID)
        force_folder(place)
    return known
