"""What takes two people: one asks, another decides. All within the caller's transaction."""

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.clock import now
from retention.exceptions import AlreadyProposed, NotOpen
from retention.models.proposals import Proposal


def ask_for[P: Proposal](model: type[P], *, by: User, **what: object) -> P:
    """Something that waits for a second person; AlreadyProposed where the same waits already."""
    try:
        with transaction.atomic():
            return model._default_manager.create(proposed_by=by, **what)
    except IntegrityError:
        raise AlreadyProposed from None


def decide(proposal: Proposal, state: str, by: User) -> None:
    """End the wait, once: NotOpen where somebody else was quicker."""
    model = type(proposal)
    waiting = model._default_manager.filter(pk=proposal.pk, state=Proposal.State.WAITING)
    if not waiting.update(state=state, decided_by=by, decided_at=now()):
        raise NotOpen
