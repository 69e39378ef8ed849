"""Taking in a file that somebody is about to send, and giving it up.

Nothing here is an act of the record: an upload is no content of it before it is sent, and goes
after a day, as drafts do.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop
from psycopg.errors import LockNotAvailable

from accounts.models import User
from audit.clock import now
from messaging.exceptions import (
    FileTooLarge,
    PieceTooLarge,
    PieceTooSmall,
    TooManyUploads,
    UploadBusy,
    UploadNotFound,
    WrongOffset,
)
from messaging.files import storing
from messaging.files.checking import check_upload
from messaging.files.details import Details, details_of, give_key, seal_details
from messaging.files.models import Upload
from messaging.files.places import PlaceAway, PlaceFull
from messaging.files.queries import upload_for, uploads_of
from messaging.files.refusals import EmptyFile
from messaging.queries import channel_to_post_in

#: Of an upload that waits with no text.
LIFE: Final = timedelta(hours=24)
#: A piece is held in memory while it is taken in.
MOST_PIECE_BYTES: Final = 5 * 1024 * 1024
#: Each piece is an object of the storage and a number in the row: a file has a hundred at most.
LEAST_PIECE_BYTES: Final = 256 * 1024
#: Files of one person that are not sent yet.
MOST_WAITING: Final = 40
#: Whoever sends the last piece waits so long for the scanner; then a job goes on.
SCAN_SECONDS: Final = 5.0

_log = structlog.get_logger("schoolchat.files")


@transaction.atomic
def begin_upload(*, by: User, channel_id: UUID, size: int, details: Details) -> Upload:
    """A new upload of `size` bytes for a channel in which this person may post."""
    channel = channel_to_post_in(by, channel_id)
    if size < 1:
        raise EmptyFile
    if size > settings.FILES.most_bytes:
        raise FileTooLarge(settings.FILES.most_bytes)
    # Held, so that many requests together cannot pass the limit.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Upload.objects.filter(uploader=by).count() >= MOST_WAITING:
        raise TooManyUploads
    upload = Upload(uploader=by, channel=channel, size=size, expires_at=now() + LIFE)
    give_key(upload)
    seal_details(upload, details)
    upload.save(force_insert=True)
    return upload


def take_piece(*, by: User, upload_id: UUID, offset: int, data: bytes) -> Upload:
    """Keep the bytes that begin at `offset`; with the last ones the file is checked.

    Raises WrongOffset where the upload does not go on from there, UploadBusy while another piece of
    it is being taken in, PlaceFull or PlaceAway: nothing of the piece is kept then. Checking
    may be late (`state` says so) and never makes a piece fail that was kept.
    """
    if len(data) > MOST_PIECE_BYTES:
        raise PieceTooLarge
    upload = upload_for(by, upload_id)
    _refuse_unless_next(upload, offset, len(data))
    if not data:
        return upload
    upload = _kept(by, upload, offset, data)
    if upload.state == Upload.State.CHECKING:
        _check(upload.id)
        return upload_for(by, upload_id)
    return upload


def drop_upload(*, by: User, upload_id: UUID) -> None:
    """Give an upload up: its key is gone from the database, and it from the storage.

    Raises PlaceAway where only the first could be done; the rest is done later.
    """
    with transaction.atomic():
        close_upload(_locked(by, upload_id))
    _remove(upload_id)


def drop_expired() -> int:
    """Give up what was not sent within a day and waits with no text; returns how many uploads are
    gone, those of closed accounts among them. Where the storage
    is away none of them can be opened any more, and what is left of it goes later."""
    over = Q(expires_at__lte=now()) | Q(own_key=None)
    expired = Upload.objects.filter(over).values_list("id", flat=True)
    return sum(_drop(upload) for upload in list(expired))


def _drop(upload_id: UUID) -> bool:
    with transaction.atomic():
        upload = Upload.objects.select_for_update(skip_locked=True).filter(id=upload_id).first()
        if upload is None:
            return False
        close_upload(upload)
    try:
        _remove(upload_id)
    except PlaceAway as away:
        _log.warning("an upload is not removed", error=type(away).__name__)
        return False
    return True


def _locked(by: User, upload_id: UUID) -> Upload:
    try:
        taken = uploads_of(by).select_for_update(nowait=True, of=("self",))
        found = taken.filter(id=upload_id).first()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise UploadBusy from None
        raise
    if found is None:
        raise UploadNotFound
    return found


def _refuse_unless_next(upload: Upload, offset: int, length: int) -> None:
    if upload.state != Upload.State.RECEIVING or upload.received != offset:
        raise WrongOffset
    if offset + length > upload.size:
        raise PieceTooLarge(
            gettext_noop("This is more than the file holds. Please choose it again.")
        )
    if 0 < length < LEAST_PIECE_BYTES and offset + length < upload.size:
        raise PieceTooSmall


def _kept(by: User, upload: Upload, offset: int, data: bytes) -> Upload:
    """The piece stands in the storage before the database says so, and nothing is locked while it
    is put there: of two that begin at the same place the first that is there counts."""
    key = details_of(upload).key
    piece = storing.piece_of(offset, key, data)
    name = storing.piece_name(upload.id, piece)
    storing.put(name, key, len(data), [data])
    try:
        return _entered(by, upload.id, offset, piece, len(data))
    except (WrongOffset, UploadNotFound):
        if not Upload.objects.filter(id=upload.id, pieces__contains=[piece]).exists():
            with suppress(PlaceAway):
                storing.remove([name])
        raise


@transaction.atomic
def _entered(by: User, upload_id: UUID, offset: int, piece: str, length: int) -> Upload:
    upload = _locked(by, upload_id)
    _refuse_unless_next(upload, offset, length)
    upload.pieces = [*upload.pieces, piece]
    upload.received += length
    if upload.received == upload.size:
        upload.state = Upload.State.CHECKING
    upload.save(update_fields=["pieces", "received", "state"])
    return upload


def _check(upload_id: UUID) -> None:
    try:
        check_upload(upload_id, scan_seconds=SCAN_SECONDS)
    except (PlaceAway, PlaceFull):
        return  # a job tries it again
    except Exception as error:  # noqa: BLE001  (the piece is kept, and that is what was asked)
        _log.critical("file not checked at once", id=str(upload_id), error=type(error).__name__)


def close_upload(upload: Upload) -> None:
    """From the commit on it can neither be sent nor opened, whatever the storage says: what is
    known of it, its keys among it, is gone."""
    upload.own_key, upload.sealed = None, b""
    upload.expires_at = min(upload.expires_at, now())
    upload.save(update_fields=["own_key", "sealed", "expires_at"])


def _remove(upload_id: UUID) -> None:
    """The rest of one that is closed. The row goes last: it names what is to be removed."""
    upload = Upload.objects.filter(id=upload_id, own_key=None).first()
    if upload:
        pieces = [storing.piece_name(upload.id, piece) for piece in upload.pieces]
        storing.remove([*storing.names_of(upload.id), *pieces])
        Upload.objects.filter(id=upload_id, own_key=None).delete()
