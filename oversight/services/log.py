"""Looking at the log is itself an act."""

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.services import record
from oversight.queries.log import Row, Wanted, page_for, row_for


@transaction.atomic
def view_log(
    *, by: User, wanted: Wanted, before: int | None = None
) -> tuple[list[Row], int | None]:
    """A page of the log; the viewing is an entry with the filters, never with what was seen."""
    rows = page_for(by, wanted, before)
    record(Action.LOG_VIEWED, actor=by.id, page="entries", filters=wanted.facts())
    return rows


@transaction.atomic
def view_entry(*, by: User, entry_id: int) -> Row:
    """One entry of the log."""
    row = row_for(by, entry_id)
    record(Action.LOG_VIEWED, actor=by.id, subject=row.entry.uid, page="entry")
    return row
