"""What may be seen of corrections of the record."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import may
from messaging.models import Correction
from retention.queries.reach import exportable_for


def corrections_for(viewer: User) -> QuerySet[Correction]:
    """What was corrected with authority, newest first: less what concerns the viewer, and what a
    hold alone keeps."""
    if not may(viewer, "correct_records"):
        return Correction.objects.none()
    readable = exportable_for(viewer).values("id")
    found = Correction.objects.filter(message__channel__in=readable, message__out_of_view=False)
    found = found.exclude(reason=Correction.Reason.OWN)
    people = ("message__channel", "message__author", "key", "written_by")
    return found.select_related(*people).order_by("-id")
