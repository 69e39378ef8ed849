"""Making a backup: the order in which it is done.

The shared lock of a keyring move is held from before the snapshot until the keyring has been
copied, so that the keys and the rows that hang on them belong together; what takes long, the rows
and the files, keeps no disposal waiting. What is in the two bundles is of one snapshot, but for
files that a disposal has taken meanwhile.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from audit.actions import Action
from audit.checkpoints import newest_checkpoint
from audit.clock import iso, now
from audit.journal.shipping import head
from audit.keyring import KeyringError
from audit.origins import trees
from audit.services import record
from audit.tiles import root_of
from retention.copies import copies_kept
from retention.locks import KEYRING, shared
from schoolchat.backup import companion, files
from schoolchat.backup.bundle import (
    Bundle,
    Writer,
    names_in,
    new_bundle,
    open_bundle,
    publish,
    sweep,
)
from schoolchat.backup.errors import BackupRefused, told_plainly
from schoolchat.backup.keyring_places import (
    LOCK,
    Ended,
    end_copies,
    enter_copy,
    refuse_others,
)
from schoolchat.backup.models import Backup
from schoolchat.backup.tables import columns_of_tables, rows_of, sequences
from schoolchat.database.folders import FileLock
from schoolchat.version import VERSION

FILES_PART: Final = "files"
TABLE_PART: Final = "table."
_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made, and what became of old copies of the keyring."""

    backup: Backup
    folder: Path
    ended: Ended


def make_backup(place: Path, *, keyring_place: Path, former: Sequence[Path] = ()) -> Made:
    """Back up database and files to `place` and the keyring to `keyring_place`, as the database
    role `backup`, while SchoolChat runs; old copies of the keyring go from there and, when the
    backup is whole, from the `former` folders. Raises BackupRefused."""
    _stand_apart(place, keyring_place)
    at = now()
    before = at - copies_kept()
    try:
        with ExitStack() as alone:
            for one in {folder.resolve() for folder in (place, keyring_place)}:
                alone.enter_context(_alone_in(one))
            enter_copy(keyring_place, at)
            made = _make(place, keyring_place, at)
            ended = [end_copies(keyring_place, before=before)]
    except KeyringError as error:
        raise BackupRefused(str(error)) from error
    ended += _end_former(former, before=before)
    return Made(
        backup=made,
        folder=place / made.name,
        ended=Ended(
            pruned=[name for one in ended for name in one.pruned],
            unsaid=[sentence for one in ended for sentence in one.unsaid],
        ),
    )


def _end_former(former: Sequence[Path], *, before: datetime) -> Iterator[Ended]:
    """One that is not mounted costs no backup, which has been made by then, and not that the others
    are looked into."""
    refused: list[BackupRefused] = []
    unsaid: list[str] = []
    for one in former:
        try:
            refuse_others(one)
            with _alone_in(one.resolve()):
                ended = end_copies(one, before=before)
            unsaid += ended.unsaid
            yield ended
        except BackupRefused as error:
            refused.append(error)
    if refused:
        said = " ".join([*map(str, refused), *unsaid])
        raise BackupRefused(f"The backup was made. Of old copies: {said}") from refused[0]


def _make(place: Path, keyring_place: Path, at: datetime) -> Backup:
    earlier = _earlier(place)
    with new_bundle(place, at) as rows, new_bundle(keyring_place, at) as keys:
        facts, names = _read(rows, keys, at)
        copied = list(files.copy_files(names, place / files.FOLDER, earlier))
        rows.add(FILES_PART, files.listed(copied))
        digest = rows.write_manifest({**facts, "kind": "backup", "files": len(copied)})
        publish(keys)
        publish(rows)
        written = sum(one["bytes"] for one in (*rows.parts.values(), *keys.parts.values()))
    return _enter(rows.name, at, facts, digest, files=len(copied), written=written)


def _read(rows: Writer, keys: Writer, at: datetime) -> tuple[dict[str, Any], list[files.Wanted]]:
    """All that is in the database, of one snapshot; returns what both manifests say of it, and the
    files that it refers to."""
    with ExitStack() as unmoved:
        unmoved.enter_context(_lock_of_keyring())
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_SNAPSHOT)
            facts = _facts(at)
            keys.write_manifest({**facts, "kind": "keyring", **companion.add_to(keys)})
            unmoved.close()
            facts |= {"tables": _add_tables(rows), "sequences": sequences()}
            return facts, files.wanted()


@transaction.atomic
def _enter(
    name: str, at: datetime, facts: dict[str, Any], digest: bytes, *, files: int, written: int
) -> Backup:
    """Its row and its entry in the log, of which the next backup tells."""
    made = Backup.objects.create(
        name=name,
        made_at=at,
        finished_at=now(),
        manifest_sha256=digest,
        entries=facts["tables"]["audit_entry"]["rows"],
        messages=facts["tables"]["messaging_message"]["rows"],
        files=files,
        bytes=written,
    )
    record(
        Action.BACKUP_MADE,
        actor=None,
        subject=made.uid,
        manifest_sha256=digest,
        entries=made.entries,
        messages=made.messages,
        files=files,
    )
    return made


def _facts(at: datetime) -> dict[str, Any]:
    """What both manifests say of the snapshot."""
    return {
        "at": iso(at),
        "version": VERSION,
        "migrations": migration_state(),
        "generation": companion.generation_here(),
        "school": companion.school(),
        "log": _log(),
        "journal": _journal(),
    }


def _journal() -> dict[str, Any]:
    """The last line that is known to be in the journal; 0 before the first."""
    last = head()
    return {"line": last.number, "digest": last.digest.hex()}


def _log() -> dict[str, Any]:
    """The trees of the log, the head of the one that grows, and the newest signed one."""
    known, newest = trees(), newest_checkpoint()
    return {
        "origins": [{"name": one.name, "first": one.first, "size": one.size} for one in known],
        "root": root_of(known[-1]).hex() if known else None,
        "checkpoint": {"origin": newest.origin, "size": newest.size, "root": newest.root.hex()}
        if newest
        else None,
    }


def migration_state() -> list[list[str]]:
    """Every migration that was applied: app and name, sorted."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in applied)


def _add_tables(writer: Writer) -> dict[str, dict[str, Any]]:
    """A part for each table; returns its columns and how many rows it has."""
    found = {}
    for table, columns in columns_of_tables().items():
        rows = rows_of(table, columns)
        writer.add(f"{TABLE_PART}{table}", rows)
        found[table] = {"columns": columns, "rows": rows.count}
    return found


def _earlier(place: Path) -> list[files.Copied]:
    """The files of the newest backup in this place that can be read."""
    for name in reversed(names_in(place)):
        try:
            bundle: Bundle = open_bundle(place / name)
            return files.read_list(bundle.read(FILES_PART))
        except BackupRefused:
            continue
    return []


def _stand_apart(place: Path, keyring_place: Path) -> None:
    one, other = place.resolve(), keyring_place.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise BackupRefused(
            f"The keyring's backup has to stand apart: name a folder for it that is not {place} "
            "and neither in it nor around it."
        )
    for folder in (one, other):
        if settings.DATA_DIR in (folder, *folder.parents):
            raise BackupRefused(
                f"{folder} is in the folder of data, and would be lost with it: name another."
            )


@contextmanager
def _alone_in(place: Path) -> Iterator[None]:
    """The one run that writes there; what a killed one has left is taken away."""
    with told_plainly(place):
        if not place.is_dir():
            place.mkdir(mode=0o700)
        lock = FileLock(place / LOCK)
    try:
        if not lock.hold():
            raise BackupRefused(f"Another backup is being written to {place}: wait for its end.")
        sweep(place)
        yield
    finally:
        lock.close()


@contextmanager
def _lock_of_keyring() -> Iterator[None]:
    """No move of the keyring passes by."""
    held = shared(KEYRING)
    try:
        held.__enter__()
    except OperationalError as error:
        raise BackupRefused(
            "The keyring is being moved by a disposal: run the command again when it has ended."
        ) from error
    try:
        yield
    finally:
        held.__exit__(None, None, None)
