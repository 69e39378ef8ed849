"""What of retention goes into the journal: holds, and each chunk of a disposal before and after it.

Before a chunk is destroyed, that it is about to be stands outside already: without a journal that
can be written, nothing is destroyed.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.journal.errors import JournalError
from audit.journal.lines import Act, packed, packed_bytes
from audit.journal.outbox import note
from audit.journal.shipping import ship
from audit.models import JournalLine
from audit.statements import array, ask, statement_of
from retention.exceptions import NoJournal
from retention.locks import stop_destroying
from retention.models import Certificate, Disposal, DisposalChunk, Hold

_INTENDED: Final = statement_of(Path(__file__).parent / "sql" / "intended.sql")


def note_hold(
    hold: Hold,
    *,
    channels: Sequence[UUID],
    people: Sequence[UUID],
    about: Sequence[UUID] = (),
    by_query: bool = False,
) -> None:
    """A hold was placed: on what, and whom the request is about for which it was, by ids. Its
    reason and words stay sealed in the database."""
    note(
        Act.HOLD_PLACED,
        subject=hold.uid,
        number=hold.number,
        kind=hold.kind,
        channels=list(channels),
        people=list(people),
        about=list(about),
        since=_day(hold.since),
        until=_day(hold.until),
        by_query=by_query,
        by=hold.placed_by_id,
        owner=hold.owner_id,
        review_on=_day(hold.review_on),
        record=hold.record,
    )


def note_release(hold: Hold, *, by: UUID) -> None:
    """A hold was released."""
    note(Act.HOLD_RELEASED, subject=hold.uid, number=hold.number, by=by)


def note_matter(*, kind: str, uid: UUID, messages: Iterable[UUID]) -> None:
    """Something that holds messages by itself was opened, or told of these as well."""
    note(Act.MATTER_BEGUN, subject=uid, kind=kind, messages=packed(messages))


def note_end_of_matter(uid: UUID) -> None:
    """It holds nothing any more."""
    note(Act.MATTER_ENDED, subject=uid)


def intend(disposal: Disposal, chunks: Sequence[DisposalChunk]) -> list[UUID]:
    """Write outside that these chunks are about to be destroyed, and what is in each.

    In a transaction of its own, which has ended when this returns. Returns the ids of the lines;
    raises NoJournal, whereupon nothing may be destroyed.
    """
    listed = {
        chunk: (due, held)
        for chunk, due, held in ask(_INTENDED, {"chunks": array(one.pk for one in chunks)})
    }
    with transaction.atomic():
        lines = [_intended(disposal, chunk, *listed[chunk.pk]) for chunk in chunks]
    require_journal()
    return lines


def _intended(disposal: Disposal, chunk: DisposalChunk, due: bytes, held: bytes) -> UUID:
    line = note(
        Act.DISPOSAL_INTENDED,
        subject=disposal.uid,
        number=disposal.number,
        chunk=chunk.number,
        record_class=disposal.record_class,
        channel=chunk.channel_id,
        month=chunk.month.isoformat(),
        digest=chunk.digest,
        due=packed_bytes(due),
        held=packed_bytes(held),
    )
    return line.uid


def note_done(
    disposal: Disposal,
    chunk: DisposalChunk,
    intended: UUID,
    *,
    destroyed: int,
    out_of_view: bytes,
    spared: bytes,
) -> None:
    """The chunk was destroyed, in whose transaction this stands; what of it was not, and why: the
    bytes of these messages' ids."""
    note(
        Act.DISPOSAL_DONE,
        subject=disposal.uid,
        ends=intended,
        number=disposal.number,
        chunk=chunk.number,
        destroyed=destroyed,
        out_of_view=packed_bytes(out_of_view),
        spared=packed_bytes(spared),
    )


def note_certificate(certificate: Certificate) -> None:
    """A certificate was issued: its number is not given again after a restore."""
    note(
        Act.CERTIFICATE_ISSUED,
        subject=certificate.disposal.uid,
        number=certificate.number,
        sha256=certificate.sha256,
    )


@transaction.atomic
def give_up(intended: UUID) -> None:
    """The chunk was not destroyed after all."""
    line = JournalLine.objects.get(uid=intended)
    note(
        Act.DISPOSAL_WITHDRAWN,
        subject=line.subject,
        ends=intended,
        number=line.facts["number"],
        chunk=line.facts["chunk"],
    )


@transaction.atomic
def end_what_was_left() -> None:
    """Intentions that whoever was killed did not bring to their end.

    A chunk that was destroyed has its 'done' in the same transaction: one without was not. Waits
    for chunks that the server still ends for a process that was killed; one that comes later finds
    its intention ended, and destroys nothing.
    """
    stop_destroying()
    ended = JournalLine.objects.filter(ends__isnull=False).values("ends")
    left = JournalLine.objects.filter(act=Act.DISPOSAL_INTENDED).exclude(uid__in=ended)
    for intended in left.order_by("id").values_list("uid", flat=True):
        give_up(intended)


def require_journal() -> None:
    """Everything that waits is outside when this returns; raises NoJournal."""
    try:
        ship()
    except JournalError as error:
        raise NoJournal(str(error)) from error


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
