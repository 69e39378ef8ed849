"""What a disposal waits for, in one sentence, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.labels import labels
from audit.clock import now
from retention.models import Clearance, Disposal
from retention.queries.objections import lacking_clearances


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A sentence, and when that ends by itself; None where somebody has to act."""

    text: str
    until: datetime | None = None


def waits_for(disposal: Disposal) -> list[Wait]:
    """Everything that stands between a disposal and its next step; nothing once it is over."""
    match disposal.state:
        case Disposal.State.PROPOSED:
            return _before_approval(disposal)
        case Disposal.State.APPROVED:
            return [_after_approval(disposal)]
        case Disposal.State.EXECUTING:
            return [Wait(text=_executing(disposal))]
        case _:
            return []


def _executing(disposal: Disposal) -> str:
    if disposal.withdrawn_at:
        return _("It was stopped. What is left is kept; what had already gone is being certified.")
    return _("It is being carried out.")


def _before_approval(disposal: Disposal) -> list[Wait]:
    waits = []
    if disposal.object_before > now():
        day = said(disposal.object_before)
        waits.append(
            Wait(
                text=_("Owners of channels may object until %(day)s.") % {"day": day},
                until=disposal.object_before,
            )
        )
    undecided = disposal.objections.filter(decided_by=None).count()
    if undecided:
        waits.append(Wait(text=_("Somebody has to decide about an objection.")))
    waits += [Wait(text=_needs(part)) for part in lacking_clearances(disposal)]
    if disposal.proposed_by_id is None:
        waits.append(Wait(text=_("Somebody who works with records has to put it forward.")))
    if not waits:
        waits.append(Wait(text=_("An approver who did not put it forward has to approve it.")))
    return waits


def _needs(part: Clearance.Part) -> str:
    if part == Clearance.Part.SAFEGUARDING:
        return _("The %(lead)s has to say that nothing in it is needed.") % {"lead": labels().lead}
    return _("The HR investigator has to say that nothing in it is needed.")


def _after_approval(disposal: Disposal) -> Wait:
    cool, lapses = disposal.cool_until, disposal.expires_at
    if cool and cool > now():
        return Wait(
            text=_("It may be stopped until %(day)s. Nothing is destroyed before.")
            % {"day": said(cool)},
            until=cool,
        )
    if lapses and lapses <= now():
        return Wait(text=_("It was not carried out in time, so the approval has lapsed."))
    if lapses:
        return Wait(
            text=_("It is carried out with the next nightly run, or lapses on %(day)s.")
            % {"day": said(lapses)},
            until=lapses,
        )
    return Wait(text=_("It is carried out with the next nightly run."))


def said(at: datetime) -> str:
    """The last day that counts before a moment, as people read it; midnight belongs to the day that
    it ends."""
    local = timezone.localtime(at)
    if (local.hour, local.minute) == (0, 0):
        local = timezone.localtime(at - timedelta(minutes=1))
    return date_format(local, "j F Y")
