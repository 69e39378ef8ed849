"""What may be seen of disposals and certificates, and who may do what with them."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.queries import has_role, may
from accounts.roles import Role
from retention.exceptions import NotFound
from retention.models import Certificate, Disposal
from retention.queries.emptied import as_seen_by, of_what_goes_on, over_for
from retention.queries.holds import first_hold_on

#: What is not over yet.
OPEN = (Disposal.State.PROPOSED, Disposal.State.APPROVED, Disposal.State.EXECUTING)


def disposals_for(viewer: User) -> QuerySet[Disposal]:
    """Disposals, newest first, for whoever works with records and may know of them."""
    if not may(viewer, "use_records"):
        return Disposal.objects.none()
    people = ("proposed_by", "approved_by", "withdrawn_by", "emptied_by")
    shown = Disposal.objects.exclude(number__in=secret_disposals(viewer).values("number"))
    return shown.select_related("policy", *people).order_by("-number")


def secret_disposals(viewer: User) -> QuerySet[Disposal]:
    """The disposals of nothing but what is held: they would tell the viewer of a hold on them. One
    of which an objection took out the rest was seen before: it stays, as withdrawn (`emptied`). So
    does one that was proposed before there was a hold on them, and has nothing of it."""
    since = first_hold_on(viewer)
    if since is None:
        return Disposal.objects.none()
    return Disposal.objects.filter(due=0, emptied_at=None, proposed_at__gte=since)


def open_for(viewer: User) -> QuerySet[Disposal]:
    """Those that are not over yet, as the viewer sees them."""
    found = disposals_for(viewer).filter(state__in=OPEN)
    return found.exclude(number__in=over_for(viewer).values("number"))


def disposal_for(viewer: User, number: int) -> Disposal:
    """One disposal as the viewer sees it, or NotFound."""
    disposal = disposals_for(viewer).filter(number=number).first()
    if disposal is None:
        raise NotFound
    return as_seen_by(viewer, disposal)


def open_disposal(record_class: str, *, of_held_alone: bool = False) -> Disposal | None:
    """The disposal of a class that is not over yet. One of nothing but what is held stands apart:
    it would tell whom the hold is on, by whatever it kept from being proposed."""
    found = Disposal.objects.filter(record_class=record_class, state__in=OPEN)
    return (found.filter(due=0) if of_held_alone else found.exclude(due=0)).first()


def ended_this_month(record_class: str) -> bool:
    """Whether people have ended a disposal of the class since the month began, so that the machine
    does not propose the same again the next night."""
    begun = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lapsed = Q(state=Disposal.State.EXPIRED, expires_at__gte=begun)
    of_class = Disposal.objects.filter(record_class=record_class)
    by_people = Q(withdrawn_by__isnull=False, withdrawn_at__gte=begun) | Q(emptied_at__gte=begun)
    return of_class.filter(by_people | lapsed).exists()


def may_put_forward(viewer: User, disposal: Disposal) -> bool:
    """Whether the viewer may make the machine's proposal their own."""
    waits = disposal.state == Disposal.State.PROPOSED and disposal.proposed_by_id is None
    return waits and may(viewer, "use_records")


def may_approve_disposal(viewer: User, disposal: Disposal) -> bool:
    """Whether the viewer may be the second person: an approver who did not propose it, once a
    person has."""
    waits = disposal.state == Disposal.State.PROPOSED and disposal.proposed_by_id is not None
    return waits and may(viewer, "approve_records") and viewer.pk != disposal.proposed_by_id


def may_withdraw(viewer: User, disposal: Disposal) -> bool:
    """Whether the viewer may take it back: who proposed it, or an approver."""
    if disposal.state not in {Disposal.State.PROPOSED, Disposal.State.APPROVED}:
        return False
    return viewer.pk == disposal.proposed_by_id or has_role(viewer, Role.APPROVER)


def may_stop(viewer: User, disposal: Disposal) -> bool:
    """Whether the viewer may stop it with a reason: the data protection officer, before the last
    chunk is done."""
    if disposal.state not in OPEN or disposal.withdrawn_at or not has_role(viewer, Role.DPO):
        return False
    return disposal.chunks.filter(done_at=None).exists()


def certificates_for(viewer: User) -> QuerySet[Certificate]:
    """Certificates, newest first."""
    seen = disposals_for(viewer).values("number")
    return of_what_goes_on(viewer).filter(disposal__in=seen).order_by("-number")


def certificate_for(viewer: User, number: int) -> Certificate:
    """One certificate, or NotFound."""
    found = certificates_for(viewer).select_related("disposal").filter(number=number).first()
    if found is None:
        raise NotFound
    return found
