"""What becomes of an upload whose last byte has come: it is looked at, scanned, made anew where it
is a picture, and sealed under the key that the file will have.

All of it may be killed at any point and is taken up again: the pieces stay until the file stands in
the storage and what is known of it in the database.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from accounts.personal_keys import OwnAltered
from accounts.security import SecurityEvent, note_done
from audit.clock import now
from audit.keyring import KeyringError
from messaging.exceptions import MessagingError, NoPictures
from messaging.files import storing
from messaging.files.attached import Attachment
from messaging.files.details import Details, details_of, seal_details
from messaging.files.kinds import OF_TYPE, Family, Kind, kind_of
from messaging.files.models import File, Upload
from messaging.files.names import clean_name
from messaging.files.pictures import made_anew
from messaging.files.places import PlaceAway, PlaceFull
from messaging.files.refusals import CannotBeChecked, Damaged, Infected
from messaging.files.scanner import PATIENCE_SECONDS, Verdict, answers, scan
from messaging.files.sealing import FileAltered
from messaging.files.storing import Pieces
from messaging.files.texts import has_text, seal_text, text_in

_log = structlog.get_logger("schoolchat.files")
_TO_CHECK: Final = (Upload.State.CHECKING, Upload.State.WAITING)
_DONE: Final = (Upload.State.READY, Upload.State.REFUSED)
#: It says nothing about the file: it is tried again.
_PASSING: Final = (PlaceFull, PlaceAway)
#: Nor does this, though nobody foresees it.
_NOT_ITS_FAULT: Final = (DatabaseError, KeyringError, OSError, MemoryError)
_CONCLUDED: Final = (
    "state", "code", "detail", "sealed", "own_key", "checking_since", "text", "read_whole",
)  # fmt: skip
#: After that whoever was checking is taken for gone: it is longer than the scanner may take.
LONGEST_CHECK: Final = timedelta(minutes=5)


class _Slow(Exception):
    """The scanner has not answered in time."""


class _NotMine(Exception):
    """While it was checked the upload was given up, or its account closed, or it took so long that
    somebody else began anew."""


def check_upload(upload_id: UUID, *, scan_seconds: float = PATIENCE_SECONDS) -> None:
    """Check an upload that has all its bytes, unless somebody else is just doing so. What the
    scanner has not looked through in `scan_seconds` is left for somebody with more patience.

    Nothing is locked meanwhile: accounts are closed and keys moved on however long it takes.
    Raises PlaceFull or PlaceAway with nothing changed: it is tried again.
    """
    upload = _claimed(upload_id)
    if upload is None:
        return
    try:
        _conclude(upload, _outcome(upload, scan_seconds))
    except _NotMine:
        _clear(upload_id)
    except _Slow:
        _give_up_claim(upload)
    except Exception:
        _give_up_claim(upload)
        raise
    else:
        tidy_upload(upload_id)


def tidy_upload(upload_id: UUID) -> None:
    """Remove the pieces of an upload that was checked; until then it is not ready."""
    upload = Upload.objects.filter(id=upload_id, state__in=_DONE, own_key__isnull=False).first()
    if upload and upload.pieces:
        storing.remove(storing.piece_name(upload.id, piece) for piece in upload.pieces)
        Upload.objects.filter(id=upload_id, state__in=_DONE).update(pieces=[])


def unchecked() -> list[UUID]:
    """Uploads that have all their bytes, and of which nobody knows yet what they are."""
    waiting = Upload.objects.filter(state__in=_TO_CHECK).order_by("id")
    return list(waiting.values_list("id", flat=True))


def check_waiting() -> None:
    """Check what waits: the scanner was away, or the process that was checking is gone.

    One that cannot be checked is said in the log and refused, since trying it every minute would
    leave its uploader waiting for nothing; the others are checked all the same.
    """
    for waiting in unchecked():
        if not _went_well(_check_or_refuse, waiting):
            return
        if Upload.objects.filter(id=waiting, state=Upload.State.WAITING).exists() and not answers():
            break  # the scanner is still away; where it answers, it was this file
    checked = Upload.objects.filter(state__in=_DONE).exclude(pieces=[]).order_by("id")
    for upload in list(checked.values_list("id", flat=True)):
        if not _went_well(tidy_upload, upload):
            return


def _check_or_refuse(upload_id: UUID) -> None:
    try:
        check_upload(upload_id)
    except (*_PASSING, *_NOT_ITS_FAULT):
        raise
    except Exception as error:  # noqa: BLE001  (a fault of ours in reading this one file)
        _log.critical("file cannot be checked", id=str(upload_id), error=type(error).__name__)
        upload = _claimed(upload_id)
        if upload:
            with suppress(_NotMine):
                _conclude(upload, CannotBeChecked())


def _went_well(step: Callable[[UUID], None], upload: UUID) -> bool:
    """Do this with an upload; False where the storage lets none of them be done just now."""
    try:
        step(upload)
    except _PASSING as error:
        _log.warning("files are not checked", error=type(error).__name__)
        return False
    except _NOT_ITS_FAULT as error:  # the others must not wait for it
        _log.critical("file cannot be checked", id=str(upload), error=type(error).__name__)
    return True


@transaction.atomic
def _claimed(upload_id: UUID) -> Upload | None:
    """The upload, its key opened by now, and the mark of whoever checks it in its row."""
    at = now()
    free = Q(checking_since=None) | Q(checking_since__lte=at - LONGEST_CHECK)
    taken = Upload.objects.select_for_update(skip_locked=True, of=("self",))
    found = taken.filter(free, id=upload_id, state__in=_TO_CHECK, own_key__isnull=False)
    upload = found.select_related("own_key", "channel").first()
    if upload:
        upload.checking_since = at
        upload.save(update_fields=["checking_since"])
    return upload


def _mine(upload: Upload) -> QuerySet[Upload]:
    """Its row, as long as what this check finds still counts."""
    return Upload.objects.filter(
        id=upload.id,
        state__in=_TO_CHECK,
        own_key__isnull=False,
        checking_since=upload.checking_since,
    )


def _claim_on(upload: Upload) -> None:
    """Before something is put into the storage; raises _NotMine."""
    at = now()
    if not _mine(upload).update(checking_since=at):
        raise _NotMine
    upload.checking_since = at


def _give_up_claim(upload: Upload) -> None:
    _mine(upload).update(checking_since=None)


def _outcome(upload: Upload, seconds: float) -> Details | MessagingError:
    """What is known of the upload afterwards, or why it is refused."""
    try:
        details = details_of(upload)
        return replace(details, found=_found(upload, details, seconds))
    except _PASSING:
        raise
    except (FileAltered, OwnAltered):
        return Damaged()
    except MessagingError as refused:
        return refused


@transaction.atomic
def _conclude(upload: Upload, outcome: Details | MessagingError) -> None:
    """Enter what was found; raises _NotMine. The key of the row may have been moved on meanwhile,
    so what is known of it is sealed under the one that stands there now."""
    present = _mine(upload).select_for_update(of=("self",)).first()
    if present is None:
        raise _NotMine
    if isinstance(outcome, Details):
        present.state = Upload.State.READY if outcome.found else Upload.State.WAITING
        seal_details(present, outcome)
    else:
        _refuse(present, outcome)
    present.checking_since = None
    present.text, present.read_whole = upload.text, upload.read_whole
    present.save(update_fields=_CONCLUDED)


def _refuse(upload: Upload, why: MessagingError) -> None:
    upload.state, upload.code = Upload.State.REFUSED, why.code
    upload.detail = why.args[0]  # in whose language, is known when it is shown
    if isinstance(why, Infected):
        note_done(SecurityEvent.FILE_INFECTED, person=upload.uploader_id, found=why.found)


def _clear(upload_id: UUID) -> None:
    """Remove what was put into the storage for nobody. Where the upload lives on, or was sent, it
    is another's: both have the same key, so that either can be opened."""
    lives = Upload.objects.filter(id=upload_id, own_key__isnull=False).exists()
    if not lives and not File.objects.filter(id=upload_id).exists():
        storing.remove(storing.names_of(upload_id))


def _found(upload: Upload, details: Details, seconds: float) -> Attachment | None:
    """The file that the upload is, sealed into the storage; None while it waits for the scanner.
    Raises why it cannot be sent."""
    pieces = Pieces(upload.id, details.key, upload.pieces, upload.size)
    kind = kind_of(pieces.buffered(), details.name, settings.FILES.kinds)
    if kind.family == Family.PICTURE and upload.channel.no_images:
        raise NoPictures
    verdict = scan(pieces.chunks(), within=seconds)
    if verdict == Verdict.SLOW:
        raise _Slow
    if verdict == Verdict.AWAY:
        return None
    if kind.family == Family.PICTURE:
        return _picture(upload, details, pieces)
    return _kept(upload, details, kind, pieces)


def _file_key(details: Details) -> bytes:
    """The same however often the upload is checked."""
    return hmac.digest(details.key, b"schoolchat file 1", "sha256")


def _picture(upload: Upload, details: Details, pieces: Pieces) -> Attachment:
    picture = made_anew(b"".join(pieces.chunks()))
    file, key = upload.id, _file_key(details)
    _claim_on(upload)
    storing.put(str(file), key, len(picture.data), [picture.data])
    thumbnail = picture.thumbnail
    storing.put(storing.thumbnail_name(file), key, len(thumbnail), [thumbnail])
    return Attachment(
        id=file,
        name=clean_name(details.name, OF_TYPE[picture.type]),
        type=picture.type,
        size=len(picture.data),
        sha256=hashlib.sha256(picture.data).hexdigest(),
        key=key.hex(),
        thumbnail=len(thumbnail),
        width=picture.width,
        height=picture.height,
        blur=picture.blur,
    )


def _kept(upload: Upload, details: Details, kind: Kind, pieces: Pieces) -> Attachment:
    """What is kept byte for byte."""
    key, digest = _file_key(details), hashlib.sha256()
    _claim_on(upload)

    def hashed() -> Iterator[bytes]:
        for chunk in pieces.chunks():
            digest.update(chunk)
            yield chunk

    storing.put(str(upload.id), key, upload.size, hashed())
    heard = kind.family == Family.AUDIO
    found = Attachment(
        id=upload.id,
        name=clean_name(details.name, kind),
        type=kind.type,
        size=upload.size,
        sha256=digest.hexdigest(),
        key=key.hex(),
        duration=details.duration if heard else None,
        waveform=details.waveform if heard else None,
    )
    if has_text(kind.extension, upload.size):
        read = text_in(b"".join(pieces.chunks()), kind.extension)
        upload.text, upload.read_whole = seal_text(found, read.text), read.is_whole
    return found
