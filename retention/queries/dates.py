"""The date that a channel's rule is counted from."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import may
from messaging.models import Channel
from retention.due.terms import DATED
from retention.models import ChannelDate
from retention.queries.reach import exportable_for
from retention.queries.rules import policies, policy_of


@dataclass(frozen=True, kw_only=True)
class Counted:
    """`is_asked`: the channel's rule asks for a date. `day` is None while nothing is agreed.
    `waiting` is an earlier date that somebody set and that counts when another person agrees."""

    is_asked: bool
    day: date | None
    person: User | None
    waiting: date | None
    text: str


def counted_from(channel: Channel) -> Counted:
    """What the period of a channel's rule is counted from, beyond the message's own date."""
    found = ChannelDate.objects.select_related("person").filter(channel=channel).first()
    person, day = (found.person, found.agreed) if found else (None, None)
    wanted = wanted_by(found) if found else None
    asked = policy_of(channel.record_class).term.trigger in DATED
    return Counted(
        is_asked=asked,
        day=day,
        person=person,
        waiting=wanted if wanted != day else None,
        text=_said(day, person, wanted),
    )


def date_of(channel: Channel) -> date | None:
    """The date that counts, or None while nothing is agreed."""
    found = ChannelDate.objects.filter(channel=channel).first()
    return found.agreed if found else None


def wanted_by(found: ChannelDate) -> date | None:
    """The day that was set, or on which the person leaves; None while that is not known."""
    return found.person.leaving_on if found.person else found.day


def entered_by(found: ChannelDate) -> set[UUID]:
    """Who set the date, and who entered the day on which its person leaves."""
    people = {found.set_by_id, found.person.leaving_set_by_id if found.person else None}
    return {person for person in people if person}


def may_agree(viewer: User, channel: Channel) -> bool:
    """Whether the viewer may be the second person for the channel's date, if it waits for one."""
    found = ChannelDate.objects.select_related("person").filter(channel=channel).first()
    if found is None or not may(viewer, "approve_records") or found.person_id == viewer.pk:
        return False
    return viewer.pk not in entered_by(found)


def dates_waiting_for(viewer: User) -> QuerySet[ChannelDate]:
    """Dates that count when a second person agrees, in channels that the viewer's work reaches."""
    found = ChannelDate.objects.filter(channel__in=exportable_for(viewer).values("id"))
    return _waiting(found)


def leaving_date_waits(person: User) -> bool:
    """Whether anything is counted from the day on which this person leaves that waits for somebody
    to agree to the day; for whoever manages people, without saying what."""
    return _waiting(ChannelDate.objects.filter(person=person)).exists()


def _waiting(found: QuerySet[ChannelDate]) -> QuerySet[ChannelDate]:
    wanted = found.annotate(wanted=Coalesce("day", "person__leaving_on")).exclude(wanted=None)
    dated = [rule.record_class for rule in policies() if rule.term.trigger in DATED]
    of_dated = wanted.filter(channel__record_class__in=dated)
    return of_dated.filter(Q(agreed=None) | Q(agreed__gt=F("wanted")))


def _said(day: date | None, person: User | None, wanted: date | None) -> str:
    shown = date_format(day, "j F Y") if day else ""
    name = person.display_name if person else ""
    said = _counted(day, person, wanted) % {"name": name, "day": shown}
    if wanted is None or wanted == day:
        return said
    then = _("It is to be counted from %(day)s: that waits for a second person.")
    return f"{said} {then % {'day': date_format(wanted, 'j F Y')}}"


def _counted(day: date | None, person: User | None, wanted: date | None) -> str:
    if person and day and day == wanted:
        return _("%(name)s leaves on %(day)s: the period is counted from then.")
    if day:
        return _("The period is counted from %(day)s.")
    if person and not wanted:
        return _("The period is counted from the day on which %(name)s leaves, which is not known.")
    if wanted:
        return _("Nothing here falls due yet.")
    return _("The date is not known yet. Until it is, nothing here falls due.")
