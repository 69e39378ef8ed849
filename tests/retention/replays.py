"""Disposing before a restore, and replaying the journal after it."""

from accounts.models import User
from retention.models import Disposal
from retention.replaying import Replayed, replay
from retention.workers.destroying import carry_out_approved
from tests.retention.scenes import approved
from tests.roles import acting_as


def replayed(*, known: int | None = None) -> Replayed:
    """The replay, as the owner calls it."""
    with acting_as("owner"):
        return replay(known=known)


def disposed(proposer: User, approver: User) -> Disposal:
    """What is due is approved and carried out."""
    disposal = approved(proposer, approver)
    with acting_as("disposer"):
        carry_out_approved()
    return disposal
