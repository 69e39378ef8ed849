"""Taking away the proof of one message: its words, and that they stood in the log."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.services import record
from messaging.models import MessageVersion
from messaging.proofs import proof_of_version
from oversight.errors import HitNotFound, NotYetSealed
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.hits import place_in
from oversight.queries.then import check_found


@transaction.atomic
def prove_message(
    *, by: User, search: SearchRecord, inquiry: Inquiry, message_id: UUID, version: int
) -> str:
    """The proof of one version of a message that a search found, as a C2SP tlog-proof file.

    Raises NotYetSealed before its entry is under a signed head.
    """
    check_found(by, search, inquiry, place_in(by, message_id).message)
    versions = MessageVersion.objects.select_related("message", "key")
    found = versions.filter(message=message_id, number=version).first()
    if found is None:
        raise HitNotFound
    proof = proof_of_version(found)
    if proof is None:
        raise NotYetSealed
    record(
        Action.PROOF_DOWNLOADED,
        actor=by.pk,
        subject=message_id,
        version=version,
        channel=found.message.channel_id,
        search=search.uid,
    )
    return proof
