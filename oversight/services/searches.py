"""Searching the record with authority, and what is opened out of it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.entries import ItemOfAct
from audit.sealed import seal_record
from audit.services import record, record_bulk
from messaging.search.scope import Position
from oversight.errors import ReasonTooShort
from oversight.inquiry import LEAST_REASON_CHARS, Inquiry
from oversight.models import SearchRecord
from oversight.queries.asking import settled
from oversight.queries.desk import check_at_the_desk, inquiry_of, searches_of
from oversight.queries.hits import MessageInContext, found_by, place_in
from oversight.queries.results import Results, results_of
from oversight.queries.then import check_found

#: The class of the sealed records of searches: their key and term are their own.
RECORD_CLASS: Final = "search"
AUTHORITY: Final = "safeguarding"
#: Hits that are counted for the log; beyond them it says that there are more.
_COUNTED: Final = 100
_SECONDS: Final = 0.3

type Waited = AbstractContextManager[None]
"""Ends what is read inside it when nobody waits for the answer any more."""


def open_search(*, by: User, inquiry: Inquiry, waited: Waited | None = None) -> SearchRecord:
    """Search the record as it is now, and put on record why, for what, and how much was found.

    The reading is done inside `waited`, which may end it: what was asked is on record all the same,
    with nothing found so far. Raises NotAtTheDesk, ReasonTooShort or SearchUnreadable.
    """
    search, asked = _searched(by, inquiry, waited)
    with transaction.atomic():
        return _put_on_record(search, asked)


def _searched(by: User, inquiry: Inquiry, waited: Waited | None) -> tuple[SearchRecord, Inquiry]:
    """The search, not saved yet, and what it asked with the ids of whom it names."""
    check_at_the_desk(by)
    if len(inquiry.reason.strip()) < LEAST_REASON_CHARS:
        raise ReasonTooShort
    search = SearchRecord(
        searcher=by, opened_at=now(), hits=0, partial=True, kept=bool(inquiry.name)
    )
    asked = settled(by, inquiry, search.opened_at)
    with waited or nullcontext():
        found = found_by(by, asked, search.opened_at, limit=_COUNTED, seconds=_SECONDS)
        search.hits = len(found.hits)
        search.partial = found.partial or found.next is not None or bool(found.unread)
    return search, asked


def _put_on_record(search: SearchRecord, inquiry: Inquiry) -> SearchRecord:
    sealed = seal_record(RECORD_CLASS, inquiry.values())
    search.record = sealed.id
    search.save(force_insert=True)
    record(
        Action.RECORD_SEARCHED,
        actor=search.searcher_id,
        subject=search.uid,
        hits=search.hits,
        partial=search.partial,
        authority=AUTHORITY,
        **sealed.facts(),
    )
    return search


def repeat_search(*, by: User, search: SearchRecord, waited: Waited | None = None) -> SearchRecord:
    """Make a kept search again, of the record as it is now: a search of its own, with its own
    entry, which is kept in the place of the earlier one. Read inside `waited`, as `open_search`
    does. Raises RecordGone, NotAtTheDesk."""
    inquiry = inquiry_of(search)
    again, asked = _searched(by, inquiry, waited)
    with transaction.atomic():
        stop_keeping(by=by, search=search)
        return _put_on_record(again, asked)


@transaction.atomic
def stop_keeping(*, by: User, search: SearchRecord) -> None:
    """The search stays on record, and is at hand no more."""
    searches_of(by).filter(number=search.number).update(kept=False)


@transaction.atomic
def show_results(
    *,
    by: User,
    search: SearchRecord,
    inquiry: Inquiry,
    before: Position | None = None,
    skip: int | None = None,
) -> Results:
    """A page of what a search found before a position, the newest first, or where it is given the
    best after the first `skip`; every text on it is an item of one entry."""
    check_at_the_desk(by)
    results = results_of(by, search, inquiry, before, skip)
    if results.items:
        record_bulk(
            Action.RECORD_SHOWN,
            actor=by.id,
            subject=search.uid,
            items=results.items,
            authority=AUTHORITY,
        )
    return results


@transaction.atomic
def open_message(
    *, by: User, search: SearchRecord, inquiry: Inquiry, message_id: UUID
) -> MessageInContext:
    """Open the place of a hit: its conversation around it and its earlier versions."""
    place = place_in(by, message_id)
    check_found(by, search, inquiry, place.message)
    _enter_opened(by, search, place, place.items)
    return place


@transaction.atomic
def open_around(
    *, by: User, search: SearchRecord, inquiry: Inquiry, message_id: UUID
) -> MessageInContext:
    """Open the conversation around a hit, beside which it is shown: its lines alone."""
    place = place_in(by, message_id)
    check_found(by, search, inquiry, place.message)
    if place.around:
        _enter_opened(by, search, place, place.around)
    return place


def _enter_opened(
    by: User, search: SearchRecord, place: MessageInContext, items: list[ItemOfAct]
) -> None:
    record_bulk(
        Action.MESSAGE_OPENED,
        actor=by.id,
        subject=place.message.id,
        items=items,
        channel=place.message.channel_id,
        search=search.uid,
        authority=AUTHORITY,
    )
