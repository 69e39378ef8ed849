"""Concerns that were raised after the backup that was restored: the journal says which message each
is about, and nothing else of them."""

from typing import Final

from django.db import transaction

from audit.sealed import seal_record
from messaging.models import Message
from oversight.models import Concern
from oversight.services.concerns import RECORD_CLASS
from retention.models import Matter

#: What stands in the place of the note.
NOTE: Final = (
    "Raised after the backup that was restored. Who raised it and what they wrote is in no backup: "
    "ask who wrote to you about this message."
)


@transaction.atomic
def bring_back_concerns() -> int:
    """Put each open concern that only the journal knows before the desk again, where it can be
    taken and closed; returns how many. By the restore alone, whose replay has written an entry for
    each. Can be done again."""
    known = Concern.objects.values("uid")
    lost = Matter.objects.filter(kind=Matter.Kind.CONCERN, ended_at=None).exclude(uid__in=known)
    return sum(_bring_back(matter) for matter in lost.order_by("begun_at"))


def _bring_back(matter: Matter) -> bool:
    named = matter.messages.values("message")
    message = Message.objects.filter(pk__in=named).select_related("channel").first()
    if message is None:
        return False
    Concern.objects.create(
        uid=matter.uid,
        message=message.id,
        channel=message.channel,
        author_id=message.author_id,
        raised_by=None,
        raised_at=matter.begun_at,
        record=seal_record(RECORD_CLASS, {"note": NOTE}).id,
    )
    return True
