"""A drill: a backup is restored beside the school, verified, and thrown away.

It is the command `restore` itself, in a process of its own, on a data folder and an embedded
database that are made for it and gone afterwards. Nothing of the school is touched but the log,
which says that there was a drill.
"""

import base64
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from django.db import transaction

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.clock import now
from audit.journal.places import Folder, Place
from audit.services import record
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.models import Drill
from schoolchat.restore import checking
from schoolchat.restore.checking import Source
from schoolchat.restore.places import DrillPlace, drill_place
from schoolchat.serving.lifeline import TREE, lifeline
from schoolchat.serving.parent import OF_A_DRILL

#: What belongs to this installation alone, or is made for the drill.
_OURS: Final = (
    "DATABASE_URL", "REDIS_URL", "REDIS_SENTINELS", "SCHOOLCHAT_DATA", "SCHOOLCHAT_DB_",
    "SCHOOLCHAT_FILES", "SCHOOLCHAT_JOURNAL", "SCHOOLCHAT_KEYS", "SCHOOLCHAT_MASTER_KEY",
    "SCHOOLCHAT_PARENT_FD", "SCHOOLCHAT_S3_", "SCHOOLCHAT_SECRET_KEY",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """What a drill found. `problems` are sentences; the numbers are of what was restored."""

    backup: str
    made_at: datetime
    began_at: datetime
    finished_at: datetime
    entries: int
    messages: int
    versions: int
    files: int
    problems: tuple[str, ...]


def drill(
    folder: Path, *, keyring_place: Path, journal: Place, checkpoint: Path | None = None
) -> Drilled:
    """Restore the backup beside everything, and enter what was found, if there is a school here;
    raises BackupRefused where it cannot be restored at all."""
    source = checking.source_of(folder, keyring_place, journal)
    began = now()
    with drill_place() as place:
        found = _restored(source, checkpoint, place)
    drilled = Drilled(
        backup=source.rows.name,
        made_at=datetime.fromisoformat(source.rows.manifest["at"]),
        began_at=began,
        finished_at=now(),
        **{name: found[name] for name in ("entries", "messages", "versions", "files")},
        problems=tuple(found["problems"]),
    )
    if User.objects.exists():
        _enter(source, drilled)
    return drilled


@transaction.atomic
def _enter(source: Source, found: Drilled) -> None:
    counts: dict[str, Any] = {
        "entries": found.entries,
        "messages": found.messages,
        "versions": found.versions,
        "files": found.files,
        "problems": len(found.problems),
        "manifest_sha256": source.rows.digest,
    }
    made = Drill.objects.create(
        backup=found.backup,
        backup_made_at=found.made_at,
        began_at=found.began_at,
        finished_at=found.finished_at,
        **counts,
    )
    record(Action.BACKUP_DRILLED, actor=None, subject=made.uid, **counts)


def _copied(journal: Place, to: Path) -> Path:
    """A restore adds a line to its journal: to a copy of it, here."""
    to.mkdir()
    with Folder(to).together() as write:
        for number in journal.numbers():
            write(number, journal.read(number) or b"")
    return to


def run_there(command: list[str], place: DrillPlace) -> subprocess.CompletedProcess[bytes]:
    """Run Python in the tree with `command`, as that installation; it ends when we do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    with lifeline() as line:
        return subprocess.run(
            [sys.executable, *command],
            cwd=TREE,
            env={
                **kept,
                "SCHOOLCHAT_DATA": str(place.folder),
                "SCHOOLCHAT_MASTER_KEY": base64.b64encode(keyring.master_key()).decode(),
                OF_A_DRILL: str(line.reading),
            },
            stdin=subprocess.DEVNULL,
            pass_fds=(place.lock, line.reading),  # it may outlive us while it stops its database
            capture_output=True,
            check=False,
        )


def _restored(source: Source, checkpoint: Path | None, place: DrillPlace) -> Mapping[str, Any]:
    """What `restore --json` says, run there."""
    arguments = [str(source.rows.folder.resolve()), "--keyring", str(source.keys.folder.resolve())]
    arguments += ["--journal", str(_copied(source.journal, place.folder / "journal"))]
    arguments += ["--checkpoint", str(checkpoint.resolve())] if checkpoint else []
    done = run_there(["manage.py", "restore", *arguments, "--json"], place)
    try:
        return orjson.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]
    except (IndexError, ValueError):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupRefused(said[-1] if said else "The drill ended without a word.") from None
