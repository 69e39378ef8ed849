"""Messages that are kept longer than their channel, and who may have one kept so."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import has_role, may
from accounts.roles import Role
from messaging.models import Message
from retention.exceptions import NotFound
from retention.models import MessageClass, Policy
from retention.queries.reach import exportable_for
from retention.queries.rules import policies

#: What the safeguarding lead and the deputies decide about, and what HR does.
SAFEGUARDING: Final = frozenset({
    "safeguarding", "child_sexual_abuse", "low_level_concerns", "allegations",
    "allegations_false", "complaints_child_protection", "accidents_children", "statutory_inquiry",
})  # fmt: skip
HR: Final = frozenset({
    "personnel", "appraisal", "warning_oral", "warning_first", "warning_second", "warning_final",
    "disciplinary_no_case", "grievances", "recruitment", "allegations", "allegations_false",
    "low_level_concerns", "accidents",
})  # fmt: skip


def classes_for(viewer: User) -> list[Policy]:
    """The rules under which the viewer may put a single message: an approver and the data
    protection officer under any, others under those of their office."""
    if not may(viewer, "use_records"):
        return []
    if has_role(viewer, Role.APPROVER, Role.DPO):
        return policies()
    mine: set[str] = set()
    if has_role(viewer, Role.DSL, Role.DEPUTY_DSL):
        mine |= SAFEGUARDING
    if has_role(viewer, Role.HR_INVESTIGATOR):
        mine |= HR
    return [policy for policy in policies() if policy.record_class in mine]


def message_to_keep(viewer: User, message_id: UUID) -> Message:
    """A message that the viewer may have kept longer, or NotFound: not in a channel about them or
    in their own direct one, and not what a hold alone keeps."""
    found = Message.objects.filter(id=message_id, out_of_view=False)
    found = found.filter(channel__in=exportable_for(viewer).values("id"))
    message = found.select_related("channel", "author").first()
    if message is None:
        raise NotFound
    return message


def kept_longer_for(viewer: User) -> QuerySet[MessageClass]:
    """The messages that are kept longer, newest first: in channels that the viewer reaches, of the
    kinds of their office, and none of their own."""
    reached = exportable_for(viewer).values("id")
    mine = [policy.record_class for policy in classes_for(viewer)]
    found = MessageClass.objects.filter(message__channel__in=reached, record_class__in=mine)
    found = found.exclude(message__author=viewer).filter(message__out_of_view=False)
    return found.select_related("message__channel", "message__author", "set_by").order_by("-id")
