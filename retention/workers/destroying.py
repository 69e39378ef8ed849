"""Carrying out approved disposals: chunk by chunk through the one door, then the move of the
keyring, then the certificate. It may be killed at any point and is taken up again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import batched, chain, groupby
from typing import Final
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from audit.actions import Action
from audit.clock import now
from audit.priority import let_database_give_way
from audit.services import record_listed
from audit.statements import ask
from messaging import bell
from messaging.search.domains import forget_keys, place_of
from messaging.search.rebuild import rebuild
from messaging.search.words import forget_words
from messaging.vault.keys import forget_ciphers
from retention.beside import each_of_many
from retention.exceptions import DisposalRefused, RetentionError
from retention.journaling import end_what_was_left, intend, note_done, require_journal
from retention.keyring_move import current_generation, finish_interrupted_move, move_keyring
from retention.locks import RUNNING, alone
from retention.models import Certificate, Disposal, DisposalChunk
from retention.workers.certifying import certify
from retention.workers.destroyed import versions_of, what_became_of
from retention.workers.ending import end_exports
from retention.workers.files import remove_unreferred_files
from retention.workers.reindexing import reindex_reclassed
from retention.workers.sealing_anew import retire_keys, seal_survivors_anew

_log = structlog.get_logger("schoolchat.retention")

type Progress = Callable[[str], None]

#: Something was sealed under a key that goes: a hold came, or an import. Sealed anew, it goes on.
_STILL_NEEDED: Final = "RT004"
#: PostgreSQL chose this transaction to end a deadlock; undone, it is tried again.
_DEADLOCK: Final = "40P01"
_TRIES: Final = 5
#: Chunks that are said outside at once to be about to go. If the server is lost meanwhile, so many
#: of each connection are without an end there, and left to a person to look at.
AHEAD: Final = 16

_LEFT: Final = gettext_noop("A part of the disposal is left for the next time.")

_DESTROY: Final = "SELECT position FROM retention_destroy(%(disposal)b, %(chunk)b::integer)"


def carry_out_approved(*, progress: Progress = lambda _: None) -> list[Certificate]:
    """Carry out every approved disposal and certify it. Runs as the disposer's database role.

    The keyring moves once for all of them, after their last chunk.
    """
    with alone(RUNNING) as free:
        if not free:
            raise RetentionError(gettext_noop("Disposals are being carried out already."))
        let_database_give_way()
        end_what_was_left()
        end_exports()  # before the keyring moves, which makes it true of every copy
        reindex_reclassed()
        disposals = list(Disposal.objects.filter(_to_carry_out()).order_by("number"))
        refused = _destroy_all(disposals, progress)
        # No key dies before the journal says what was sealed under it.
        require_journal()
        move_beyond(disposals)
        remove_unreferred_files()
        certificates = [certify(one) for one in disposals if one.generation is not None]
        if refused is not None:
            raise refused
        return certificates


def _destroy_all(disposals: Iterable[Disposal], progress: Progress) -> DisposalRefused | None:
    """One that is refused keeps no other from its end; the first refusal, if there was one."""
    first = None
    for disposal in disposals:
        try:
            destroy(disposal, progress)
        except DisposalRefused as refused:
            first = first or refused
    return first


def _to_carry_out() -> Q:
    """What was begun, and what was approved and has cooled off and not lapsed."""
    state, at = Disposal.State, now()
    # Those approved before there were steps have no times.
    cooled = Q(cool_until=None) | Q(cool_until__lte=at, expires_at__gt=at)
    return Q(state=state.EXECUTING) | Q(cooled, state=state.APPROVED)


def move_beyond(disposals: Iterable[Disposal]) -> None:
    """Move the keyring beyond the generation under which the last chunk was done."""
    finish_interrupted_move()
    newest = current_generation()
    if any(disposal.generation == newest for disposal in disposals):
        move_keyring()
    forget_opened_keys()


def destroy(disposal: Disposal, progress: Progress = lambda _: None) -> None:
    """All chunks of a disposal that are not done, and the search of their months anew."""

    def carry_out(part: list[DisposalChunk]) -> None:
        _destroy_part(disposal, part, progress)

    try:
        _each_part(carry_out, _months(disposal))
    except DisposalRefused:
        end_what_was_left()
        raise
    if disposal.chunks.filter(done_at=None).exists():
        raise DisposalRefused(_LEFT)
    _reindex(disposal)
    if disposal.generation is None:
        disposal.generation = current_generation()
        disposal.save(update_fields=["generation"])


def _months(disposal: Disposal) -> list[list[DisposalChunk]]:
    """What is not done: the chunks of each channel's month, channel by channel."""
    undone = disposal.chunks.filter(done_at=None).order_by("channel_id", "month", "number")
    return [list(chunks) for _, chunks in groupby(undone, key=lambda c: (c.channel_id, c.month))]


def _each_part(
    carry_out: Callable[[list[DisposalChunk]], None], months: list[list[DisposalChunk]]
) -> None:
    """The first and the last month by itself: the first chunk begins the disposal, and the door
    sees by the last one, which nobody destroys beside it, that the whole is what was approved.

    Between them a channel is a part: two who destroyed in one would wait for each other.
    """
    *middle, last = months or [[]]
    if middle:
        carry_out(middle.pop(0))
    parts = [
        list(chain.from_iterable(some))
        for _, some in groupby(middle, key=lambda m: m[0].channel_id)
    ]
    large_first = sorted(parts, key=len, reverse=True)
    each_of_many(carry_out, large_first, chunks=sum(map(len, parts)))
    carry_out(last)


def _destroy_part(disposal: Disposal, chunks: list[DisposalChunk], progress: Progress) -> None:
    for (month, channel), some in groupby(_intended(disposal, chunks), key=_place):
        progress(f"disposal {disposal.number}: {month:%B %Y}")
        _destroy_month(disposal, channel, month, some)


def _place(one: tuple[DisposalChunk, UUID]) -> tuple[date, UUID]:
    chunk, _ = one
    return chunk.month, chunk.channel_id


def forget_opened_keys() -> None:
    """Drop every opened key of this process."""
    forget_ciphers()
    forget_keys()
    forget_words()


def _intended(
    disposal: Disposal, chunks: Iterable[DisposalChunk]
) -> Iterator[tuple[DisposalChunk, UUID]]:
    """Each chunk with the line that says outside that it is about to go: of some at once, since
    the journal waits for its disk each time."""
    for some in batched(chunks, AHEAD):
        yield from zip(some, intend(disposal, some), strict=True)


def _destroy_month(
    disposal: Disposal,
    channel: UUID,
    month: date,
    chunks: Iterable[tuple[DisposalChunk, UUID]],
) -> None:
    for place, (chunk, intended) in enumerate(chunks):
        if not place:
            retire_keys(disposal, channel, month)
        for attempt in range(1, _TRIES + 1):
            if not place or attempt > 1:
                seal_survivors_anew(disposal, channel, month, decided=attempt > 1)
            try:
                destroy_chunk(disposal, chunk, intended)
                break
            except DatabaseError as error:
                if _sqlstate(error) not in {_STILL_NEEDED, _DEADLOCK} or attempt == _TRIES:
                    raise _refused(disposal, chunk, error) from error


def _refused(disposal: Disposal, chunk: DisposalChunk, error: DatabaseError) -> DisposalRefused:
    """People are told in their own words; PostgreSQL's are for whoever reads the server's log."""
    _log.error(
        "disposal_refused",
        disposal=disposal.number,
        chunk=chunk.number,
        sqlstate=_sqlstate(error),
        said=str(error).splitlines()[0],
    )
    return DisposalRefused()


@transaction.atomic
def destroy_chunk(disposal: Disposal, chunk: DisposalChunk, intended: UUID) -> None:
    """One chunk, with its tokens, its line of the journal and its entry in the log, in one
    transaction. `intended` is the line that says outside already that it would be destroyed."""
    lists = versions_of(chunk)
    position = _through_the_door(disposal, chunk)
    gone = what_became_of(disposal, chunk, *lists)
    note_done(
        disposal,
        chunk,
        intended,
        destroyed=gone.destroyed,
        out_of_view=gone.out_of_view,
        spared=gone.spared,
    )
    record_listed(
        Action.DISPOSAL_CHUNK_DONE,
        actor=None,
        subject=disposal.uid,
        items=gone.items,
        number=disposal.number,
        chunk=chunk.number,
        channel=chunk.channel_id,
        position=position,
    )
    if position is not None:
        bell.ring((chunk.channel_id, position))


def _through_the_door(disposal: Disposal, chunk: DisposalChunk) -> int | None:
    """The position that the channel has then; None if nothing left it."""
    values = {"disposal": disposal.pk, "chunk": chunk.number}
    ((position,),) = ask(_DESTROY, values)
    return None if position is None else int(position)


def _reindex(disposal: Disposal) -> None:
    """Tokens and vocabulary of each month touched anew, under a fresh index key. One after the
    other: whoever builds a month keeps everybody else from building one."""
    waiting = disposal.chunks.filter(reindexed_at=None).select_related("channel")
    places = {(place_of(chunk.channel), chunk.month) for chunk in waiting}
    for place, month in sorted(places, key=repr):
        rebuild([(place, month)])
        done = [c.pk for c in waiting if (place_of(c.channel), c.month) == (place, month)]
        DisposalChunk.objects.filter(pk__in=done).update(reindexed_at=now())


def _sqlstate(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
