"""The desk of a school at which disposals go from step to step, each by whom it lets do it."""

from datetime import date
from uuid import UUID

from django.db.models import F

from accounts.models import User
from audit.clock import now
from retention.models import Clearance, Disposal
from retention.queries.objections import lacking_clearances
from retention.services.clearances import clear_disposal
from retention.services.disposals import (
    approve_disposal,
    lapse_disposal,
    propose_disposals,
    put_disposal_forward,
    stop_disposal,
    withdraw_disposal,
)
from retention.services.objections import decide_objection, object_to_disposal
from tests.retention.scenes import REASON, let_days_pass
from tests.roles import acting_as


class Desk:
    """What those do who work with records, and the owner of the channels."""

    people: dict[str, User]

    def propose(self, by: str | None, today: date) -> list[Disposal]:
        """`by` None is the machine."""
        if by is None:
            with acting_as("disposer"):
                return propose_disposals(by=None, today=today)
        return propose_disposals(by=self.people[by], today=today)

    def put_forward(self, number: int, by: str) -> None:
        put_disposal_forward(by=self.people[by], number=number)

    def let_days_pass(self, number: int) -> None:
        """All days that have to be waited for."""
        disposal = Disposal.objects.get(pk=number)
        let_days_pass(disposal, 100 if disposal.state == Disposal.State.PROPOSED else 15)

    def object_to(self, number: int, channel: UUID) -> int:
        """By the owner of all channels; answers the number of the objection."""
        owner = self.people["alice"]
        done = object_to_disposal(by=owner, channel_id=channel, number=number, reason=REASON)
        return done.pk

    def decide(self, number: int, objection: int, *, upheld: bool) -> None:
        decide_objection(
            by=self.people["hari"],
            number=number,
            objection_id=objection,
            upheld=upheld,
            reason=REASON,
        )

    def clear(self, number: int) -> None:
        """By whoever answers for that kind of record."""
        for part in lacking_clearances(Disposal.objects.get(pk=number)):
            by = "dana" if part == Clearance.Part.SAFEGUARDING else "hari"
            clear_disposal(by=self.people[by], number=number, part=part)

    def approve(self, number: int, by: str) -> None:
        approve_disposal(by=self.people[by], number=number)

    def withdraw(self, number: int) -> None:
        withdraw_disposal(by=self.people["chris"], number=number)

    def stop(self, number: int) -> None:
        stop_disposal(by=self.people["priya"], number=number, reason=REASON)

    def lapse(self, number: int) -> bool:
        """An approval is left lying until it is worth nothing; whether there was one."""
        disposal = Disposal.objects.get(pk=number)
        if disposal.expires_at:
            late = disposal.expires_at - now()
            names = ("proposed_at", "object_before", "approved_at", "cool_until", "expires_at")
            with acting_as("owner"):
                Disposal.objects.filter(pk=number).update(**{one: F(one) - late for one in names})
        with acting_as("disposer"):
            return lapse_disposal(number=number)
