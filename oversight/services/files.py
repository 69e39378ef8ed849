"""Opening the files of messages with authority: each opening is an entry of its own."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.canonical import Fact
from audit.clock import now
from audit.models import Entry
from audit.services import record
from messaging.files.attached import Attachment
from oversight.inquiry import Inquiry
from oversight.models import Concern, SearchRecord
from oversight.queries.hits import LaidOpen, file_in, place_in
from oversight.queries.then import check_found
from oversight.services import concerns, searches

#: Within so long a player that asks for a file part by part goes on with what was opened.
_ONE_OPENING: Final = timedelta(hours=1)


@transaction.atomic
def open_found_file(
    *,
    by: User,
    search: SearchRecord,
    inquiry: Inquiry,
    message_id: UUID,
    file_id: UUID,
    in_part: bool = False,
) -> Attachment:
    """Open a file that the place of a hit lays open, also one of an earlier or deleted version.

    `in_part` says that a part of it is asked for: it is entered once an hour. Raises HitNotFound.
    """
    place = place_in(by, message_id)
    check_found(by, search, inquiry, place.message)
    opened = file_in(place, file_id)
    _enter(by, opened, in_part=in_part, authority=searches.AUTHORITY, search=search.uid)
    return opened.file


@transaction.atomic
def open_concerning_file(
    *, by: User, concern: Concern, file_id: UUID, in_part: bool = False
) -> Attachment:
    """As `open_found_file`, of the place that a concern lays open."""
    opened = file_in(place_in(by, concern.message), file_id)
    _enter(by, opened, in_part=in_part, authority=concerns.AUTHORITY, concern=concern.uid)
    return opened.file


def _enter(by: User, opened: LaidOpen, *, in_part: bool, **case: Fact) -> None:
    facts = {"file": opened.file.id, "version": opened.version, **case}
    if in_part and _goes_on(by, opened, facts):
        return
    record(
        Action.FILE_OPENED,
        actor=by.id,
        subject=opened.message.id,
        channel=opened.message.channel_id,
        **facts,
    )


def _goes_on(by: User, opened: LaidOpen, facts: dict[str, Fact]) -> bool:
    """Whether the same file was opened just now, by the same person in the same place."""
    same = {name: value if isinstance(value, int) else str(value) for name, value in facts.items()}
    entered = Entry.objects.filter(
        subject=opened.message.id, action=Action.FILE_OPENED, actor=by.id, facts__contains=same
    )
    return entered.filter(at__gt=now() - _ONE_OPENING).exists()
