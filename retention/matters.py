"""What is open and holds messages by itself, without anybody placing a hold: the hook for concerns,
and for cases and requests once there are such.

It is called within the act that opens or ends the matter, which writes the entry of the log. The
journal is told, so that a restore of an older backup knows of it.
"""

from collections.abc import Collection
from uuid import UUID

from audit.clock import now
from retention.journaling import note_end_of_matter, note_matter
from retention.locks import stop_destroying
from retention.models import Matter, MatterMessage


def hold_matter(*, kind: str, uid: UUID, messages: Collection[UUID]) -> None:
    """Hold these messages for as long as the matter is open, also if it is told of more later.

    `kind` is one of Matter.Kind. Once the caller's transaction has been committed, none of them is
    destroyed.
    """
    stop_destroying()
    Matter.objects.get_or_create(uid=uid, defaults={"kind": kind})
    MatterMessage.objects.bulk_create(
        [MatterMessage(matter_id=uid, message=message) for message in messages],
        ignore_conflicts=True,
    )
    note_matter(kind=kind, uid=uid, messages=messages)


def end_matter(*, uid: UUID) -> bool:
    """Let go of what a matter held; whether it was open. It is then disposed of when it is due."""
    ended = bool(Matter.objects.filter(uid=uid, ended_at=None).update(ended_at=now()))
    if ended:
        note_end_of_matter(uid)
    return ended
