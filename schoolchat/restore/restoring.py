"""Restoring: the order in which it is done, before anybody can sign in.

Rows, keys and what disposals left come in one transaction; then the keyring's file, the journal,
the files, the search and the log, each of which can be done again. `serve` does not start before
the end (`checking.mark`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from accounts.models import ApiToken
from audit import keyring
from audit.actions import Action
from audit.clock import now
from audit.keyring import replace_file
from audit.models import Entry
from audit.restores import NothingToRestore, declare_restore
from audit.services import record
from audit.signed_head import SignedHead, head_file
from audit.tiles import TileMissing
from audit.verification.outside import NotACheckpoint, kept_checkpoint
from messaging.files.places import PlaceAway, PlaceFull, place
from messaging.models import Message
from messaging.vault.keys import forget_ciphers
from oversight.verification import verify
from schoolchat.backup import companion, files
from schoolchat.backup.bundle import Bundle
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import FILES_PART
from schoolchat.backup.models import Restore
from schoolchat.restore import checking, loading, overlay
from schoolchat.restore.checking import Source

#: What is being done, for a terminal.
type Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back, and what the verification of it found."""

    entries: int
    messages: int
    versions: int
    files: int
    origin: str
    gap: int
    problems: tuple[str, ...]


def restore(
    folder: Path,
    *,
    keyring_place: Path,
    journal: Path,
    checkpoint: Path | None = None,
    say: Say = lambda _line: None,
) -> Restored:
    """Restore onto this empty installation, as the owner of the database; raises BackupRefused
    where something does not fit, and then has changed nothing."""
    checking.refuse_without_journal(journal)
    source = checking.source_of(folder, keyring_place)
    checking.refuse_unless_empty()
    checking.refuse_other_tables(source.rows)
    began = now()
    replace_file(checking.mark(), source.rows.name)
    say("loading the rows")
    _load(source, began)
    _put_keyring(source.keys)
    known = _known(checkpoint)
    say("putting the files in their place")
    put = _put_files(source)
    say("building the search")
    call_command("rebuild_search", stdout=_Nowhere())
    say("verifying the log")
    entry = _declare(known)
    report = verify(outside=known)
    _end(source, files=put)
    return Restored(
        entries=report.entries,
        messages=Message.objects.count(),
        versions=report.versions,
        files=put,
        origin=str(entry.facts["origin"]),
        gap=int(entry.facts["gap"]),
        problems=report.problems,
    )


@transaction.atomic
def _load(source: Source, began: datetime) -> None:
    manifest = source.rows.manifest
    with loading.unguarded():
        loading.load(source.rows)
        if not checking.is_older(source.keys, source.rows):
            overlay.put_over(source.keys)
    loading.set_sequences(manifest["sequences"])
    # Which of them were revoked since nobody knows: they are asked for anew.
    ApiToken.objects.filter(revoked_at=None).update(revoked_at=began)
    Restore.objects.create(
        backup=source.rows.name,
        backup_made_at=datetime.fromisoformat(manifest["at"]),
        began_at=began,
    )


def _put_keyring(keys: Bundle) -> None:
    """The keyring's file, and the last head that was signed unless a later one is here."""
    keyring.write(companion.ring_in(keys))
    forget_ciphers()
    if companion.HEAD_PART in keys.parts and not head_file().exists():
        replace_file(head_file(), b"".join(keys.read(companion.HEAD_PART)).decode())


def _known(checkpoint: Path | None) -> SignedHead | None:
    if checkpoint is None:
        return None
    try:
        return kept_checkpoint(checkpoint.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BackupRefused(
            f"{checkpoint} cannot be read: name the file of a checkpoint, as it was sent."
        ) from error
    except NotACheckpoint as error:
        raise BackupRefused(str(error)) from error


def _put_files(source: Source) -> int:
    """Every file of the backup into the storage, its bytes held against their digests."""
    listed = files.read_list(source.rows.read(FILES_PART))
    folder = source.place / files.FOLDER
    for one in listed:
        try:
            place().put(one.name, files.read_file(folder, one))
        except (PlaceAway, PlaceFull) as error:
            raise BackupRefused(
                "The storage of files does not take them: look at SCHOOLCHAT_FILES, empty the "
                "database and restore again."
            ) from error
    return len(listed)


def _declare(known: SignedHead | None) -> Entry:
    try:
        return declare_restore(known=known)
    except NothingToRestore as error:
        raise BackupRefused("The backup holds no log: take another one.") from error
    except TileMissing as error:
        raise BackupRefused("The log in the backup is not whole: take another one.") from error


@transaction.atomic
def _end(source: Source, *, files: int) -> None:
    """It is over: from now on it can be served."""
    Restore.objects.filter(ended_at=None).update(ended_at=now())
    record(
        Action.BACKUP_RESTORED,
        actor=None,
        manifest_sha256=source.rows.digest,
        entries=source.rows.manifest["tables"]["audit_entry"]["rows"],
        messages=source.rows.manifest["tables"]["messaging_message"]["rows"],
        files=files,
    )
    transaction.on_commit(checking.mark().unlink)


class _Nowhere:
    """What a command prints, and nobody reads."""

    def write(self, _text: str) -> None:
        """Nothing."""
