"""Uploads that wait together with a text until it is sent: they live as long as the text does."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from messaging.exceptions import AttachmentNotFound, FileNotReady
from messaging.files.models import Upload
from messaging.files.queries import uploads_of
from messaging.services.uploads import LIFE, close_upload


@transaction.atomic
def keep_uploads(*, by: User, ids: Sequence[UUID], until: datetime) -> None:
    """Let uploads that are ready live until then instead of a day.

    Raises FileNotReady, and AttachmentNotFound also for one that waits with another text: what
    becomes of that one would take the file away from this one.
    """
    found = _locked(by, ids)
    if len(found) < len(ids) or any(map(_is_kept, found)):
        raise AttachmentNotFound
    if not all(upload.is_ready for upload in found):
        raise FileNotReady
    _keep(found, until)


@transaction.atomic
def keep_uploads_on(*, by: User, ids: Sequence[UUID], until: datetime) -> None:
    """The same for those that are kept already, when their text was changed."""
    _keep(_locked(by, ids), until)


@transaction.atomic
def let_uploads_go(*, by: User, ids: Sequence[UUID]) -> None:
    """From the commit on they open no more; a job removes what is left of them."""
    for upload in _locked(by, ids):
        close_upload(upload)


def _locked(by: User, ids: Sequence[UUID]) -> list[Upload]:
    if not ids:
        return []
    return list(uploads_of(by).select_for_update(of=("self",)).filter(id__in=ids).order_by("id"))


def _is_kept(upload: Upload) -> bool:
    return upload.expires_at > upload.begun_at + LIFE


def _keep(uploads: Sequence[Upload], until: datetime) -> None:
    Upload.objects.filter(id__in=[each.id for each in uploads]).update(expires_at=until)
