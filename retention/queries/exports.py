"""What may be seen of exports: one is invisible to whom it concerns."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.queries import may
from retention.exceptions import NotFound
from retention.models import Export


def exports_for(viewer: User) -> QuerySet[Export]:
    """The exports that the viewer may know of, newest first."""
    if not may(viewer, "use_records"):
        return Export.objects.none()
    concerning = Export.objects.filter(
        Q(subjects__person=viewer) | Q(channel__subjects__person=viewer)
    )
    return (
        Export.objects.exclude(number__in=concerning.values("number"))
        .select_related("channel", "requested_by", "approved_by", "refused_by")
        .order_by("-number")
    )


def export_for(viewer: User, number: int) -> Export:
    """An export that the viewer may know of, or NotFound."""
    export = exports_for(viewer).filter(number=number).first()
    if export is None:
        raise NotFound
    return export


def may_decide(viewer: User, export: Export) -> bool:
    """Whether the viewer may approve or refuse it: an approver who did not ask."""
    if export.state != Export.State.REQUESTED or not may(viewer, "approve_records"):
        return False
    return viewer.pk != export.requested_by_id and exports_for(viewer).filter(pk=export.pk).exists()
