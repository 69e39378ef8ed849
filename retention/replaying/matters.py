"""What began to hold messages by itself since the backup, and what ended: safeguarding concerns."""

from collections.abc import Iterable

from django.db import transaction

from audit.journal.lines import Act, Line, unpacked
from messaging.models import Message
from retention.models import Matter, MatterMessage
from retention.replaying.holds import enter


def follow_matters(since: Iterable[Line]) -> int:
    """Hold what was begun since and has not ended, and let go of what has; returns how many were
    begun. One whose messages are all of after the backup has nothing to hold."""
    begun = 0
    for line in since:
        if line.said.act == Act.MATTER_BEGUN:
            begun += _begin(line)
        elif line.said.act == Act.MATTER_ENDED:
            _end(line)
    return begun


@transaction.atomic
def _begin(line: Line) -> bool:
    uid, named = line.said.about, unpacked(line.said.facts["messages"])
    there = set(Message.objects.filter(pk__in=named).values_list("pk", flat=True))
    known = MatterMessage.objects.filter(matter=uid, message__in=there)
    missing = there - set(known.values_list("message", flat=True))
    if not missing:
        return False
    kind, at = line.said.facts["kind"], line.said.at
    Matter.objects.get_or_create(uid=uid, defaults={"kind": kind, "begun_at": at})
    MatterMessage.objects.bulk_create(
        [MatterMessage(matter_id=uid, message=message) for message in sorted(missing)]
    )
    enter(line)
    return True


@transaction.atomic
def _end(line: Line) -> None:
    ended = Matter.objects.filter(uid=line.said.about, ended_at=None)
    if ended.update(ended_at=line.said.at):
        enter(line)
