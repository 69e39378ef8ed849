"""What has to fit before a restore begins. Nothing is changed here."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from accounts.models import Provenance, User
from audit.journal.errors import JournalError
from audit.journal.places import Bucket, Folder, Place
from audit.keyring import KeyringError
from audit.models import Entry
from messaging.models import Message
from schoolchat.attachments import place_of
from schoolchat.backup.bundle import Bundle, newest_in
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.models import Restore
from schoolchat.restore.mark import mark_in

_OTHERS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename LIKE 'schoolchat\\_%' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A backup of the database, a keyring and a journal that belong together, all of them whole;
    `place` is the folder in which the backups and their files are."""

    rows: Bundle
    keys: Bundle
    journal: Place
    place: Path


def source_of(place: Path, keyring_place: Path, journal: Place) -> Source:
    """The newest backup in `place` (or the one that it is) with the newest keyring; raises
    BackupRefused where they are not whole, or do not belong together."""
    try:
        rows = newest_in(place, "backup")
        keys = newest_in(keyring_place, "backup of a keyring")
    except KeyringError as error:
        raise BackupRefused(
            f"{error} Without the school's own master key nothing can be restored: it is on the "
            "recovery sheet."
        ) from error
    for bundle, kind, what in ((rows, "backup", "backup"), (keys, "keyring", "keyring's backup")):
        if bundle.manifest["kind"] != kind:
            raise BackupRefused(
                f"{bundle.folder} is not a {what}: name the folder of the backup first, and that "
                "of the keyring behind --keyring."
            )
    _belong_together(rows, keys)
    holds_what_is_known(journal, rows, keys)
    for bundle in (rows, keys):
        bundle.verify()
    return Source(rows=rows, keys=keys, journal=journal, place=rows.folder.resolve().parent)


def _belong_together(rows: Bundle, keys: Bundle) -> None:
    ours, theirs = rows.manifest, keys.manifest
    if ours["school"] != theirs["school"]:
        raise BackupRefused(
            f"The keyring in {keys.folder} is another school's: name the one that belongs to "
            f"{rows.folder}."
        )
    if is_older(keys, rows) and ours["generation"] != theirs["generation"]:
        raise BackupRefused(
            f"The keyring in {keys.folder} was copied before the keys of {rows.folder} were "
            "wrapped anew: name a later copy of it."
        )
    if not _same_history(ours["log"]["origins"], theirs["log"]["origins"], is_older(keys, rows)):
        raise BackupRefused(
            f"{rows.folder} and the keyring in {keys.folder} are of two histories, since another "
            "backup was restored between them: name a keyring of the same one."
        )


def holds_what_is_known(journal: Place, *bundles: Bundle) -> None:
    """The journal has every line that the backup and the keyring's backup know of; raises
    BackupRefused."""
    known = max((one.manifest["journal"] for one in bundles), key=lambda one: int(one["line"]))
    number = int(known["line"])
    try:
        numbers = journal.numbers()
        last = journal.read(number) if number else b""
    except JournalError as error:
        raise BackupRefused(
            f"The journal cannot be read: {error} Without it, what was disposed of since the "
            "backup would come back."
        ) from error
    if numbers != list(range(1, len(numbers) + 1)) or number > len(numbers):
        raise BackupRefused(
            f"The journal lacks lines: the backup knows of {number}. Name the whole of it, as the "
            "school keeps it outside the server."
        )
    if number and hashlib.sha256(last or b"").hexdigest() != known["digest"]:
        raise BackupRefused("The journal is not the one that this school wrote: name that one.")


def is_older(keys: Bundle, rows: Bundle) -> bool:
    """Whether the keyring was copied before the backup was made."""
    return str(keys.manifest["at"]) < str(rows.manifest["at"])


def _same_history(rows: list[Any], keys: list[Any], older: bool) -> bool:
    """Whether the log of the one is a beginning of that of the other."""
    shorter, longer = (keys, rows) if older else (rows, keys)
    for one, other in zip(shorter, longer, strict=False):
        if one["name"] != other["name"] or one["size"] > other["size"]:
            return False
    return len(shorter) <= len(longer)


def journal_at(said: str) -> Place:
    """The journal in a folder or, as `s3://bucket/prefix`, in a bucket; raises BackupRefused where
    there is none: what was disposed of since would be back, holds and closed accounts forgotten."""
    chosen = place_of(said)
    if not isinstance(chosen, Path):
        return Bucket(**asdict(chosen))
    if not chosen.is_dir():
        raise BackupRefused(
            f"There is no journal at {chosen}: name the folder that the school keeps outside the "
            "server. Without it, what was disposed of since the backup would come back."
        )
    return Folder(chosen)


def refuse_unless_empty() -> None:
    """Only onto an installation in which nothing ever happened and at which nobody is."""
    if any(model.objects.exists() for model in (User, Message, Entry, Provenance)):
        raise BackupRefused(
            "There is something in this database: a backup is restored onto an empty installation "
            "only. Name another folder in SCHOOLCHAT_DATA, or another database."
        )
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        if cursor.fetchone()[0]:
            raise BackupRefused(
                "Somebody else is connected to this database: stop SchoolChat and every command of "
                "it first."
            )


def mark() -> Path:
    """The file that stands while a restore is not over; `serve` does not start beside it."""
    return mark_in(Path(settings.DATA_DIR))


def begun_here(rows: Bundle) -> Restore | None:
    """The restore of this backup that was begun here and has not ended; raises BackupRefused where
    it was of another."""
    begun = Restore.objects.filter(ended_at=None).first()
    if begun and begun.backup != rows.name:
        raise BackupRefused(
            f"A restore of {begun.backup} was begun here and has not ended: name that backup, or "
            "empty the database."
        )
    return begun
