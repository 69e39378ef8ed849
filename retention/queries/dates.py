"""The date that a channel's rule is counted from."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from messaging.models import Channel
from retention.due.terms import DATED
from retention.models import ChannelDate
from retention.queries.rules import policy_of


@dataclass(frozen=True, kw_only=True)
class Counted:
    """`is_asked`: the channel's rule asks for a date. `day` is None while it is unknown."""

    is_asked: bool
    day: date | None
    person: User | None
    text: str


def counted_from(channel: Channel) -> Counted:
    """What the period of a channel's rule is counted from, beyond the message's own date."""
    found = ChannelDate.objects.select_related("person").filter(channel=channel).first()
    person = found.person if found else None
    day = person.leaving_on if person else (found.day if found else None)
    asked = policy_of(channel.record_class).term.trigger in DATED
    return Counted(is_asked=asked, day=day, person=person, text=_said(day, person))


def _said(day: date | None, person: User | None) -> str:
    if person and day:
        said = _("%(name)s leaves on %(day)s: the period is counted from then.")
    elif person:
        said = _("The period is counted from the day on which %(name)s leaves, which is not known.")
    elif day:
        said = _("The period is counted from %(day)s.")
    else:
        said = _("The date is not known yet. Until it is, nothing here falls due.")
    shown = date_format(day, "j F Y") if day else ""
    return said % {"name": person.display_name if person else "", "day": shown}
