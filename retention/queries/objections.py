"""What may be seen of objections and clearances, and who may do what with them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import has_role, may
from accounts.roles import Role
from audit.clock import now
from audit.sealed import open_record
from messaging.models import Channel, Membership
from retention.clearing import ROLES, parts_of
from retention.exceptions import NotFound
from retention.models import Clearance, Disposal, Objection, Policy
from retention.queries.disposals import disposal_for
from retention.queries.reach import exportable_for
from retention.queries.rules import keeps_less, policies, policy_of


def objections_for(viewer: User, disposal: Disposal) -> QuerySet[Objection]:
    """The objections to a proposal, less those about channels that are about the viewer."""
    readable = exportable_for(viewer).values("id")
    found = disposal.objections.filter(channel__in=readable)
    return found.select_related("channel", "by", "decided_by").order_by("id")


def objection_for(viewer: User, number: int, objection_id: int) -> Objection:
    """One objection to a disposal that the viewer may know of, or NotFound."""
    disposal = disposal_for(viewer, number)
    found = objections_for(viewer, disposal).filter(pk=objection_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, kw_only=True)
class Heard:
    """An objection as it is read: with its reason, and what was answered."""

    objection: Objection
    reason: str
    answer: str


def heard(objection: Objection) -> Heard:
    """Open what was sealed."""
    answer = objection.answer
    return Heard(
        objection=objection,
        reason=str(open_record(objection.record)["reason"]),
        answer="" if answer is None else str(open_record(answer)["reason"]),
    )


def may_decide_objection(viewer: User, objection: Objection) -> bool:
    """Whether the viewer may decide: who works with records and did not object themselves."""
    waits = objection.decided_by_id is None and objection.disposal.state == Disposal.State.PROPOSED
    return waits and may(viewer, "use_records") and viewer.pk != objection.by_id


def lacking_clearances(disposal: Disposal) -> list[Clearance.Part]:
    """What has to be cleared yet before it can be approved."""
    cleared = set(disposal.clearances.values_list("part", flat=True))
    return [part for part in Clearance.Part if part in parts_of(disposal.record_class) - cleared]


def may_clear(viewer: User, disposal: Disposal, part: Clearance.Part) -> bool:
    """Whether the viewer answers for it; an approver does where nobody else is there to."""
    if disposal.state != Disposal.State.PROPOSED or part not in lacking_clearances(disposal):
        return False
    if has_role(viewer, *ROLES[part]):
        return True
    others = User.objects.filter(is_active=True, groups__name__in=ROLES[part])
    return has_role(viewer, Role.APPROVER) and not others.exists()


def owned_by(person: User) -> QuerySet[Channel]:
    """The channels that a person owns."""
    owned = Membership.objects.filter(
        person=person, role=Membership.Role.OWNER, left_at=None, person__is_active=True
    )
    return Channel.objects.filter(id__in=owned.values("channel"))


def kept_longer(channel: Channel) -> list[Policy]:
    """The rules of the kinds of record that certainly keep a channel longer than its own."""
    own = policy_of(channel.record_class)
    others = (one for one in policies() if one.record_class != own.record_class)
    return [one for one in others if not keeps_less(one, own) and keeps_less(own, one)]


def proposals_of(channel: Channel) -> QuerySet[Disposal]:
    """The open disposals that a channel has a part in, newest first."""
    states = (Disposal.State.PROPOSED, Disposal.State.APPROVED, Disposal.State.EXECUTING)
    found = Disposal.objects.filter(state__in=states, chunks__channel=channel)
    return found.distinct().order_by("-number")


def may_object(person: User, channel: Channel, disposal: Disposal) -> bool:
    """Whether an owner may still object to their channel's part; once."""
    waits = disposal.state == Disposal.State.PROPOSED and disposal.object_before > now()
    if not waits or not owned_by(person).filter(pk=channel.pk).exists():
        return False
    return not disposal.objections.filter(channel=channel).exists()
