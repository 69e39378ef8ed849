"""Bytes that nothing refers to any more, out of the storage.

Their keys went with the messages: what is left opens with nothing. It may be killed anywhere, and
where the storage is away it is taken up with the next disposal.
"""

from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from messaging.files import storing
from messaging.files.places import PlaceAway
from messaging.models import File

_log = structlog.get_logger("schoolchat.retention")
_BATCH: Final = 1_000


def remove_unreferred_files() -> int:
    """Remove the files to which no message refers; returns how many. Runs as the disposer."""
    removed = 0
    last = None
    while files := _unreferred(after=last):
        for file in files:
            try:
                removed += _remove(file)
            except PlaceAway as away:
                _log.warning("files are not removed", error=type(away).__name__)
                return removed
        last = files[-1]  # what is held just now is left for the next disposal
    return removed


def _unreferred(*, after: UUID | None) -> list[UUID]:
    unreferred = File.objects.filter(attachments=None).order_by("id")
    if after:
        unreferred = unreferred.filter(id__gt=after)
    return list(unreferred.values_list("id", flat=True)[:_BATCH])


@transaction.atomic
def _remove(file_id: UUID) -> bool:
    """The row is held, so that no message comes to refer to it meanwhile; it goes last."""
    file = File.objects.select_for_update(skip_locked=True).filter(id=file_id).first()
    if file is None or file.attachments.exists():
        return False
    storing.remove(storing.names_of(file.id))
    file.delete()
    return True
