"""Taking the lines that the journal has and the restored database has not into its own outbox, so
that the journal goes on where it is."""

from collections.abc import Iterable
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.clock import now
from audit.journal.lines import Act, Line
from audit.journal.outbox import note
from audit.journal.shipping import head, lock_shipping
from audit.models import JournalLine

_AT_ONCE: Final = 200


@transaction.atomic
def begun() -> JournalLine:
    """The line that will say that this restore went through, with the number of the last line that
    the backup knew; of a replay that was interrupted, the one that it had begun with."""
    lock_shipping()
    waiting = JournalLine.objects.filter(act=Act.RESTORED, line=None).order_by("id").first()
    if waiting is not None:
        return waiting
    return note(Act.RESTORED, subject=None, position=head().number)


def adopt(found: Iterable[Line]) -> None:
    """Enter those that are not entered yet; may be killed and begun anew."""
    for some in batched(found, _AT_ONCE):
        with transaction.atomic():
            lock_shipping()
            last = head().number
            for line in some:
                if line.number > last:
                    _enter(line)


def _enter(line: Line) -> None:
    place = {"line": line.number, "digest": line.digest, "shipped_at": now()}
    waiting = JournalLine.objects.filter(uid=line.said.uid, line=None)
    if not waiting.update(**place):
        said = line.said
        JournalLine.objects.create(
            uid=said.uid,
            at=said.at,
            act=said.act,
            subject=said.subject,
            ends=said.ends,
            doubled=_is_doubled(said.ends),
            facts=said.facts,
            **place,
        )


def _is_doubled(ends: UUID | None) -> bool:
    """Whether the intention has its end already: an earlier version could write a second one."""
    return ends is not None and JournalLine.objects.filter(ends=ends).exists()
