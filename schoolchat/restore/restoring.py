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
from audit.journal.errors import JournalError
from audit.journal.places import Place
from audit.keyring import replace_file
from audit.models import Entry
from audit.restores import NothingToRestore, declare_restore
from audit.services import record
from audit.signed_head import SignedHead, head_file
from audit.tiles import TileMissing
from audit.verification.outside import NotACheckpoint, kept_checkpoint
from messaging.models import Message
from messaging.vault.keys import forget_ciphers
from oversight.services.lost_concerns import bring_back_concerns
from oversight.verification import verify
from retention.copies import forget_looks
from retention.replaying import Replayed, replay
from retention.workers.files import remove_unreferred_files
from schoolchat.backup import companion
from schoolchat.backup.bundle import Bundle
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.models import Restore
from schoolchat.restore import checking, loading, overlay
from schoolchat.restore.checking import Source
from schoolchat.restore.former import bring_up_to_date, is_former, make_former_tables
from schoolchat.restore.putting import put_files, wanting

#: What is being done, for a terminal.
type Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back, and what the verification of it found."""

    replayed: Replayed
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
    journal: Place,
    checkpoint: Path | None = None,
    say: Say = lambda _line: None,
) -> Restored:
    """Restore onto this empty installation, as the owner of the database, or go on with a restore
    that was ended; raises BackupRefused where something does not fit, and then has changed nothing.
    """
    source = checking.source_of(folder, keyring_place, journal)
    kept = _text_of(checkpoint) if checkpoint else None
    begun = checking.begun_here(source.rows)
    if begun is None:
        checking.refuse_unless_empty()
        former = is_former(source.rows.manifest["migrations"])
        say("loading the rows")
        begun = _begin(source, former=former)
    _put_keyring(source.keys)
    known = _known(kept) if kept else None
    replayed = _replay(source, say)
    say("putting the files in their place")
    put = put_files(source)
    say("building the search")
    call_command("rebuild_search", stdout=_Nowhere())
    say("verifying the log")
    entry = _declare(known, begun)
    report = verify(outside=known)
    _end(source, files=put)
    return Restored(
        replayed=replayed,
        entries=report.entries,
        messages=Message.objects.count(),
        versions=report.versions,
        files=put,
        origin=str(entry.facts["origin"]),
        gap=int(entry.facts["gap"]),
        problems=(*report.problems, *wanting(source)),
    )


def _begin(source: Source, *, former: bool) -> Restore:
    """From here to the end nothing is served."""
    replace_file(checking.mark(), source.rows.name)
    try:
        return _load_former(source) if former else _load(source)
    except BackupRefused:  # and nothing is there
        checking.mark().unlink()
        raise


def _load_former(source: Source) -> Restore:
    """Into tables as they were when the backup was made, which are brought up to date behind it."""
    make_former_tables(source.rows.manifest["migrations"])
    with transaction.atomic():
        _put_rows(source)
    bring_up_to_date()
    with transaction.atomic():
        return _put_over(source)


@transaction.atomic
def _load(source: Source) -> Restore:
    _put_rows(source)
    return _put_over(source)


def _put_rows(source: Source) -> None:
    with loading.unguarded():
        loading.load(source.rows)
    loading.set_sequences(source.rows.manifest["sequences"])


def _put_over(source: Source) -> Restore:
    """The present keys, and that there is a restore, which from here on can be gone on with."""
    manifest, began = source.rows.manifest, now()
    if not checking.is_older(source.keys, source.rows):
        overlay.put_over(source.keys)
        loading.set_sequences(manifest["sequences"])  # behind the keys that came with them
    forget_looks()
    # Which of them were revoked since nobody knows: they are asked for anew.
    ApiToken.objects.filter(revoked_at=None).update(revoked_at=began)
    return Restore.objects.create(
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


def _text_of(checkpoint: Path) -> str:
    try:
        return checkpoint.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupRefused(
            f"{checkpoint} cannot be read: name the file of a checkpoint, as it was sent."
        ) from error


def _known(text: str) -> SignedHead:
    try:
        return kept_checkpoint(text)
    except NotACheckpoint as error:
        raise BackupRefused(str(error)) from error


def _replay(source: Source, say: Say) -> Replayed:
    """What has happened since the backup: holds, concerns, closed accounts and ended roles, and
    then what was disposed of. Then nothing hangs on keys that were destroyed."""
    say("replaying the journal")
    try:
        replayed = replay(
            source.journal, known=int(source.rows.manifest["journal"]["line"]), say=say
        )
    except JournalError as error:
        raise BackupRefused(str(error)) from error
    bring_back_concerns()
    with transaction.atomic():
        overlay.drop_dead_keys()
    remove_unreferred_files()
    return replayed


def _declare(known: SignedHead | None, begun: Restore) -> Entry:
    declared = Entry.objects.filter(action=Action.LOG_RESTORED, at__gte=begun.began_at).first()
    if declared:
        return declared
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
