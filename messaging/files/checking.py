"""What becomes of an upload whose last byte has come: it is looked at, scanned, made anew where it
is a picture, and sealed under the key that the file will have.

All of it may be killed at any point and is taken up again: the pieces stay until the file stands in
the storage and what is known of it in the database.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from accounts.personal_keys import OwnAltered
from accounts.security import SecurityEvent, note_done
from audit.keyring import KEY_BYTES
from messaging.exceptions import MessagingError, NoPictures
from messaging.files import storing
from messaging.files.attached import Attachment
from messaging.files.details import Details, details_of, seal_details
from messaging.files.kinds import OF_TYPE, Family, Kind, kind_of
from messaging.files.models import Upload
from messaging.files.names import clean_name
from messaging.files.pictures import made_anew
from messaging.files.places import PlaceAway, PlaceFull
from messaging.files.refusals import Damaged, Infected
from messaging.files.scanner import Verdict, answers, scan
from messaging.files.sealing import CHUNK_BYTES, FileAltered, rechunked
from messaging.files.storing import Pieces

_log = structlog.get_logger("schoolchat.files")
_TO_CHECK: Final = (Upload.State.CHECKING, Upload.State.WAITING)
_DONE: Final = (Upload.State.READY, Upload.State.REFUSED)
#: It says nothing about the file: it is tried again.
_PASSING: Final = (PlaceFull, PlaceAway)


def check_upload(upload_id: UUID) -> None:
    """Check an upload that has all its bytes, unless somebody else is just doing so.

    Raises PlaceFull or PlaceAway with nothing changed: it is tried again.
    """
    with transaction.atomic():
        upload = _taken(upload_id, _TO_CHECK)
        if upload is None:
            return
        try:
            details = details_of(upload)
            found = _found(upload, details)
        except _PASSING:
            raise
        except (FileAltered, OwnAltered):
            _refuse(upload, Damaged())
        except MessagingError as refused:
            _refuse(upload, refused)
        else:
            upload.state = Upload.State.READY if found else Upload.State.WAITING
            seal_details(upload, replace(details, found=found))
        upload.save(update_fields=["state", "code", "detail", "sealed", "own_key"])
    tidy_upload(upload_id)


def tidy_upload(upload_id: UUID) -> None:
    """Remove the pieces of an upload that was checked; until then it is not ready."""
    with transaction.atomic():
        upload = _taken(upload_id, _DONE)
        if upload and upload.pieces:
            storing.remove(storing.piece_name(upload.id, offset) for offset in upload.pieces)
            upload.pieces = []
            upload.save(update_fields=["pieces"])


def unchecked() -> list[UUID]:
    """Uploads that have all their bytes, and of which nobody knows yet what they are."""
    waiting = Upload.objects.filter(state__in=_TO_CHECK).order_by("id")
    return list(waiting.values_list("id", flat=True))


def check_waiting() -> None:
    """Check what waits: the scanner was away, or the process that was checking is gone.

    One that cannot be checked is said in the log, and the others are checked all the same.
    """
    for waiting in unchecked():
        if not _went_well(check_upload, waiting):
            return
        if Upload.objects.filter(id=waiting, state=Upload.State.WAITING).exists() and not answers():
            break  # the scanner is still away; where it answers, it was this file
    checked = Upload.objects.filter(state__in=_DONE).exclude(pieces=[]).order_by("id")
    for upload in list(checked.values_list("id", flat=True)):
        if not _went_well(tidy_upload, upload):
            return


def _went_well(step: Callable[[UUID], None], upload: UUID) -> bool:
    """Do this with an upload; False where the storage lets none of them be done just now."""
    try:
        step(upload)
    except _PASSING as error:
        _log.warning("files are not checked", error=type(error).__name__)
        return False
    except Exception as error:  # noqa: BLE001  (one file's fault; the others must not wait for it)
        _log.critical("file cannot be checked", id=str(upload), error=type(error).__name__)
    return True


def _refuse(upload: Upload, why: MessagingError) -> None:
    upload.state, upload.code = Upload.State.REFUSED, why.code
    upload.detail = why.args[0]  # in whose language, is known when it is shown
    if isinstance(why, Infected):
        note_done(SecurityEvent.FILE_INFECTED, person=upload.uploader_id, found=why.found)


def _taken(upload_id: UUID, states: Iterable[str]) -> Upload | None:
    taken = Upload.objects.select_for_update(skip_locked=True, of=("self",))
    mine = taken.filter(id=upload_id, state__in=states, own_key__isnull=False)
    found = mine.select_related("own_key", "channel")
    return found.first()


def _found(upload: Upload, details: Details) -> Attachment | None:
    """The file that the upload is, sealed into the storage; None while it waits for the scanner.
    Raises why it cannot be sent."""
    pieces = Pieces(upload.id, details.key, upload.pieces, upload.size)
    kind = kind_of(pieces.buffered(), details.name, settings.FILES.kinds)
    if kind.family == Family.PICTURE and upload.channel.no_images:
        raise NoPictures
    if scan(pieces.chunks()) == Verdict.AWAY:
        return None
    if kind.family == Family.PICTURE:
        return _picture(upload.id, details, pieces)
    return _kept(upload, details, kind, pieces)


def _picture(file: UUID, details: Details, pieces: Pieces) -> Attachment:
    picture = made_anew(b"".join(pieces.chunks()))
    key = secrets.token_bytes(KEY_BYTES)
    storing.put(str(file), key, len(picture.data), rechunked([picture.data]))
    thumbnail = picture.thumbnail
    storing.put(storing.thumbnail_name(file), key, len(thumbnail), rechunked([thumbnail]))
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
    key, digest = secrets.token_bytes(KEY_BYTES), hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for chunk in rechunked(pieces.chunks(), CHUNK_BYTES):
            digest.update(chunk)
            yield chunk

    storing.put(str(upload.id), key, upload.size, hashed())
    heard = kind.family == Family.AUDIO
    return Attachment(
        id=upload.id,
        name=clean_name(details.name, kind),
        type=kind.type,
        size=upload.size,
        sha256=digest.hexdigest(),
        key=key.hex(),
        duration=details.duration if heard else None,
        waveform=details.waveform if heard else None,
    )
