"""Looking at the log, and taking some of it away, are themselves acts."""

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.proofs import proof_of_entry
from audit.services import record
from oversight.errors import NotYetSealed
from oversight.models import Verification
from oversight.queries.filters import Wanted
from oversight.queries.log import Extract, Found, extract_of, visible_to
from oversight.queries.rows import Row
from oversight.queries.verifications import Period, verifications_for


@transaction.atomic
def view_log(*, by: User, wanted: Wanted, before: int | None = None) -> Found:
    """A page of the log; the viewing is an entry with the filters, never with what was seen."""
    found = visible_to(by, wanted).page(before)
    record(Action.LOG_VIEWED, actor=by.pk, page="entries", filters=wanted.facts())
    return found


@transaction.atomic
def view_entry(*, by: User, entry_id: int) -> Row:
    """One entry of the log."""
    row = visible_to(by).row(entry_id)
    record(Action.LOG_VIEWED, actor=by.pk, subject=row.entry.uid, page="entry")
    return row


@transaction.atomic
def download_log(*, by: User, wanted: Wanted, form: str) -> Extract:
    """What one sees under the filters, to be taken away; `form` is csv or jsonl.

    It is entered before the first line leaves, so that breaking it off hides nothing.
    """
    extract = extract_of(visible_to(by, wanted))
    record(
        Action.LOG_DOWNLOADED,
        actor=by.pk,
        form=form,
        count=extract.count,
        filters=wanted.facts(),
    )
    return extract


@transaction.atomic
def download_proof(*, by: User, entry_id: int) -> str:
    """The proof of one entry as a C2SP tlog-proof file; raises NotYetSealed before it is under a
    signed head."""
    entry = visible_to(by).row(entry_id).entry
    proof = proof_of_entry(entry)
    if proof is None:
        raise NotYetSealed
    record(Action.PROOF_DOWNLOADED, actor=by.pk, subject=entry.uid, entry=entry.pk)
    return proof


@transaction.atomic
def download_verifications(*, by: User, period: Period) -> list[Verification]:
    """The history of verifications over a period, to be taken away."""
    found = list(verifications_for(by, period))
    record(
        Action.LOG_DOWNLOADED,
        actor=by.pk,
        form="verifications",
        count=len(found),
        filters=period.facts(),
    )
    return found
