"""Disposals of which an objection took out all that was due, so that they go on with what is held.

One of which nothing at all is left is withdrawn with that. To whom a hold is on, the other looks
the same: that it goes on would tell of the hold, and so would it if it vanished.
"""

from hashlib import sha256
from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import User
from retention.models import Certificate, Clearance, Disposal
from retention.queries.holds import first_hold_on

#: Of a disposal of which nothing is left (`retention_digest`).
DIGEST_OF_NOTHING: Final = sha256(b"").hexdigest()


def over_for(viewer: User) -> QuerySet[Disposal]:
    """Those that the viewer sees as withdrawn, wherever they are by now: what was emptied before
    there was a hold on them has nothing of it, and stays as they have seen it."""
    since = first_hold_on(viewer)
    if since is None:
        return Disposal.objects.none()
    return Disposal.objects.filter(emptied_at__gte=since)


def ended_by(viewer: User) -> Q:
    """Of the disposals that are seen as withdrawn: by the viewer."""
    return Q(number__in=over_for(viewer).filter(emptied_by=viewer).values("number"))


def as_seen_by(viewer: User, disposal: Disposal) -> Disposal:
    """The disposal as it is shown to the viewer and as they may act on it; not to be saved."""
    at = disposal.emptied_at
    if at is None or not over_for(viewer).filter(number=disposal.number).exists():
        return disposal
    disposal.state = Disposal.State.WITHDRAWN
    disposal.withdrawn_by, disposal.withdrawn_at = disposal.emptied_by, at
    disposal.approved_by = disposal.approved_at = disposal.cool_until = disposal.expires_at = None
    disposal.started_at = disposal.done_at = None
    disposal.digest = DIGEST_OF_NOTHING
    if disposal.put_forward_at and disposal.put_forward_at > at:
        disposal.proposed_by = disposal.put_forward_at = None
    return disposal


def clearances_for(viewer: User, disposal: Disposal) -> QuerySet[Clearance]:
    """Who cleared what of a disposal, as far as the viewer sees it going on."""
    found = disposal.clearances.select_related("by").order_by("part")
    if over_for(viewer).filter(number=disposal.number).exists():
        return found.filter(at__lte=disposal.emptied_at)
    return found


def of_what_goes_on(viewer: User) -> QuerySet[Certificate]:
    """The certificates of what the viewer does not see as withdrawn."""
    return Certificate.objects.exclude(disposal__in=over_for(viewer).values("number"))
