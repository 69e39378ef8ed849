"""The folders that backups of the keyring are written to, each known by an id that lies in it."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from audit.disk import force_folder
from retention.copies import note_copies_ended, note_look
from schoolchat.backup import companion
from schoolchat.backup.bundle import name_at, names_in, time_of
from schoolchat.backup.errors import BackupRefused, told_plainly

ID: Final = ".place"


def enter_copy(place: Path, at: datetime) -> UUID:
    """Write down that a copy of that moment comes into this folder, before it does; returns the
    folder's id. So is what else is in it: it may be from before there were ids, or from after a
    backup that was restored."""
    known = _id_in(place) or _name(place)
    _look(place, known, name_at(at))
    return known


def place_in(folder: Path) -> UUID:
    """The id of a folder that copies were written to; raises BackupRefused for any other."""
    known = _id_in(folder)
    if known is None:
        raise BackupRefused(
            f"{folder} is not a folder that backups of the keyring were written to: name another, "
            "or write a backup there first."
        )
    return known


def end_copies(folder: Path, *, before: datetime) -> list[str]:
    """Take away what is from before that moment, and write it down, unless a copy is there of which
    it is not known from when it is, under another name; returns the names."""
    known = place_in(folder)
    _look(folder, known)
    pruned = companion.prune(folder, before=before)
    left, term = [time_of(name) for name in names_in(folder)], time_of(name_at(before))
    if term is not None and None not in left:
        note_copies_ended(known, before=term)
    return pruned


def _look(place: Path, known: UUID, *coming: str) -> None:
    times = [time_of(name) for name in (*names_in(place), *coming)]
    found = {one for one in times if one is not None}
    note_look(known, folder=str(place.resolve()), times=found)


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
