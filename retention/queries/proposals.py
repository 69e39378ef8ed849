"""What was asked for that keeps something for less long. Every question starts at the viewer."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import may
from retention.exceptions import NotFound
from retention.models import ClassProposal, RuleProposal
from retention.models.proposals import Proposal
from retention.queries.reach import exportable_for


def rule_proposals_for(viewer: User) -> QuerySet[RuleProposal]:
    """Versions of rules that somebody asked for, newest first."""
    if not may(viewer, "use_records"):
        return RuleProposal.objects.none()
    people = ("proposed_by", "decided_by")
    return RuleProposal.objects.select_related(*people).order_by("-number")


def rule_proposal_for(viewer: User, number: int) -> RuleProposal:
    """One of them, or NotFound."""
    found = rule_proposals_for(viewer).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def class_proposals_for(viewer: User) -> QuerySet[ClassProposal]:
    """Channels that somebody wants under another class, newest first: less those about the viewer,
    and their direct ones."""
    if not may(viewer, "use_records"):
        return ClassProposal.objects.none()
    readable = exportable_for(viewer).values("id")
    found = ClassProposal.objects.filter(channel__in=readable)
    return found.select_related("channel", "proposed_by", "decided_by").order_by("-number")


def class_proposal_for(viewer: User, number: int) -> ClassProposal:
    """One of them, or NotFound."""
    found = class_proposals_for(viewer).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def may_approve_proposal(viewer: User, proposal: Proposal) -> bool:
    """Whether the viewer may be the second person: an approver who did not ask for it."""
    waits = proposal.state == Proposal.State.WAITING
    return waits and may(viewer, "approve_records") and viewer.pk != proposal.proposed_by_id


def may_withdraw_proposal(viewer: User, proposal: Proposal) -> bool:
    """Whether the viewer may let it be none: who asked, or an approver."""
    waits = proposal.state == Proposal.State.WAITING
    return waits and (viewer.pk == proposal.proposed_by_id or may(viewer, "approve_records"))
