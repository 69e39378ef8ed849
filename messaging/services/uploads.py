"""Taking in a file that somebody is about to send, and giving it up.

Nothing here is an act of the record: an upload is no content of it before it is sent, and goes
after a day, as drafts do.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.translation import gettext_noop
from psycopg.errors import LockNotAvailable

from accounts.models import User
from audit.clock import now
from messaging.exceptions import (
    Archived,
    FileTooLarge,
    PieceTooLarge,
    PieceTooSmall,
    ReadOnly,
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
from messaging.files.queries import upload_for
from messaging.files.refusals import EmptyFile
from messaging.queries import channel_for, may_post

LIFE: Final = timedelta(hours=24)
#: A piece is held in memory while it is taken in.
MOST_PIECE_BYTES: Final = 5 * 1024 * 1024
#: Each piece is an object of the storage and a number in the row: a file has a hundred at most.
LEAST_PIECE_BYTES: Final = 256 * 1024
#: Files of one person that are not sent yet.
MOST_WAITING: Final = 40


@transaction.atomic
def begin_upload(*, by: User, channel_id: UUID, size: int, details: Details) -> Upload:
    """A new upload of `size` bytes for a channel in which this person may post."""
    channel = channel_for(by, channel_id)
    if channel.archived_at:
        raise Archived
    if not may_post(by, channel):
        raise ReadOnly
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
    with transaction.atomic():
        upload = _locked(by, upload_id)
        if upload.state != Upload.State.RECEIVING or upload.received != offset:
            raise WrongOffset
        if offset + len(data) > upload.size:
            raise PieceTooLarge(
                gettext_noop("This is more than the file holds. Please choose it again.")
            )
        if not data:
            return upload
        if len(data) < LEAST_PIECE_BYTES and offset + len(data) < upload.size:
            raise PieceTooSmall
        _keep(upload, data)
    if upload.state == Upload.State.CHECKING:
        _check(upload.id)
        return upload_for(by, upload_id)
    return upload


def drop_upload(*, by: User, upload_id: UUID) -> None:
    """Give an upload up: it is gone from the storage, and its key from the database."""
    with transaction.atomic():
        _remove(_locked(by, upload_id))


def drop_expired() -> int:
    """Give up what was not sent within a day; returns how many uploads that were."""
    expired = Upload.objects.filter(expires_at__lte=now()).values_list("id", flat=True)
    return sum(_drop(upload) for upload in list(expired))


@transaction.atomic
def _drop(upload_id: UUID) -> bool:
    upload = Upload.objects.select_for_update(skip_locked=True).filter(id=upload_id).first()
    if upload:
        _remove(upload)
    return upload is not None


def _locked(by: User, upload_id: UUID) -> Upload:
    upload_for(by, upload_id)
    try:
        taken = Upload.objects.select_for_update(nowait=True, of=("self",))
        found = taken.filter(id=upload_id).select_related("own_key").first()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise UploadBusy from None
        raise
    if found is None:
        raise UploadNotFound
    return found


def _keep(upload: Upload, data: bytes) -> None:
    """The piece stands in the storage before the database says so; killed in between, the next one
    that begins there takes its place."""
    name = storing.piece_name(upload.id, upload.received)
    storing.put(name, details_of(upload).key, len(data), [data])
    upload.pieces = [*upload.pieces, upload.received]
    upload.received += len(data)
    if upload.received == upload.size:
        upload.state = Upload.State.CHECKING
    upload.save(update_fields=["pieces", "received", "state"])


def _check(upload_id: UUID) -> None:
    try:
        check_upload(upload_id)
    except (PlaceAway, PlaceFull):
        return  # a job tries it again


def _remove(upload: Upload) -> None:
    """The row goes first: whatever the storage says, its key is gone with it at the commit. A piece
    that was being put when its process died stands where the next one would."""
    pieces = {*upload.pieces, upload.received}
    names = [str(upload.id), storing.thumbnail_name(upload.id)]
    names += [storing.piece_name(upload.id, offset) for offset in sorted(pieces)]
    upload.delete()
    storing.remove(names)
