"""Who can read a channel, and why: derived from the roles that people really hold now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.labels import labels
from accounts.models import User
from accounts.queries import roles_of
from accounts.roles import SENSITIVE_ROLES, Role
from messaging.enumerating import all_of, any_of
from messaging.models import Channel, Membership
from messaging.queries import channel_for, members_of
from oversight.queries.desk import DESK, holders
from oversight.queries.who_reads import who_reads
from retention.queries.rules import keeping_of

RECORDED: Final = gettext_noop(
    "Each search, each message or file opened and each export stands in a log that nobody can "
    "change."
)


@dataclass(frozen=True, kw_only=True)
class Readers:
    """The panel: `line` is what the header says, `brief` the same for a narrow one, `others` are
    {who, why}."""

    line: str
    brief: str
    members: list[dict[str, Any]]
    others: list[dict[str, str]]
    kept: str
    about: str
    recorded: str


def readers_of(viewer: User, channel_id: UUID) -> Readers:
    """Who reads a channel of the viewer's own; raises ChannelNotFound (messaging)."""
    channel = channel_for(viewer, channel_id)
    members = [_member(membership) for membership in members_of(channel)]
    keeping = keeping_of(channel)
    desk = list(_with_authority(channel, DESK))
    return Readers(
        **who_reads(viewer, channel_id),
        members=members,
        others=[
            *_joiners(channel),
            *_searchers(desk),
            _exporters(channel),
            *_machines(),
            *_log_readers(),
            *_left_out(channel),
        ],
        kept=_("%(rule)s A hold for an investigation or a claim may keep them longer. Why: %(why)s")
        % {"rule": keeping.text, "why": keeping.authority},
        about=channel.purpose,
        recorded=_(RECORDED),
    )


def _with_authority(channel: Channel, *permissions: str) -> list[User]:
    """Who holds a permission and is not somebody whom the channel is about."""
    return list(holders(*permissions).exclude(id__in=channel.subjects.values("person")))


def _member(membership: Membership) -> dict[str, Any]:
    return {
        "id": membership.person_id,
        "name": membership.person.display_name,
        "title": membership.person.job_title,
        "role": membership.role,
        "role_name": membership.get_role_display().lower(),
    }


def _joiners(channel: Channel) -> list[dict[str, str]]:
    if channel.kind != Channel.Kind.OPEN or channel.archived_at:
        return []
    return [
        {
            "who": _("Any member of staff"),
            "why": _("The channel is open: they can find it, join it, and then read all of it."),
        }
    ]


def _searchers(desk: list[User]) -> list[dict[str, str]]:
    if not desk:
        return [
            {
                "who": _("The %(lead)s (nobody at present)") % {"lead": labels().lead},
                "why": _("May search it for safeguarding, with a reason that is recorded."),
            }
        ]
    why = _("%(role)s: may search it for safeguarding, with a reason that is recorded.")
    return [_each(person, why) for person in desk]


def _exporters(channel: Channel) -> dict[str, str]:
    approvers = _with_authority(channel, "approve_records")
    asking = _with_authority(channel, "use_records")
    return {
        "who": _("Whoever an export is made for, once two people have agreed"),
        "why": _(
            "%(asking)s may ask for one, with purpose and reason; %(approvers)s may approve it: "
            "never the person who asked, and nobody whom it concerns."
        )
        % {
            "asking": all_of(_names(asking)) or _("Nobody at present"),
            "approvers": any_of(_names(approvers)) or _("nobody at present"),
        },
    }


def _machines() -> list[dict[str, str]]:
    why = _(
        "%(role)s: looks after accounts and machines, and cannot read a channel without being "
        "in it."
    )
    people = User.objects.filter(is_active=True, groups__name=Role.IT_ADMIN)
    return [_each(person, why) for person in people]


def _log_readers() -> list[dict[str, str]]:
    why = _("%(role)s: sees in the log what was done and when, and never what was written.")
    return [_each(person, why) for person in holders("read_log")]


def _each(person: User, why: str) -> dict[str, str]:
    """A person with the role that gives the authority."""
    roles = ", ".join(role.label for role in roles_of(person) if role in SENSITIVE_ROLES)
    return {"who": person.display_name, "why": why % {"role": roles}}


def _left_out(channel: Channel) -> list[dict[str, str]]:
    if not channel.subjects.exists():
        return []
    return [
        {
            "who": _("Nobody whom this channel is about"),
            "why": _(
                "Their roles do not reach it: they cannot search it, nor ask for or approve "
                "an export of it."
            ),
        }
    ]


def _names(people: Iterable[User]) -> list[str]:
    return [person.display_name for person in people]
