"""Which channels the viewer's work with records reaches: none that is about the viewer."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.queries import may
from messaging.models import Channel, Membership


def channels_about(viewer: User) -> Q:
    """Channels that concern the viewer: they are its subject, or it is their direct one."""
    mine = Membership.objects.filter(person=viewer).values("channel")
    return Q(channel__subjects__person=viewer) | Q(channel__kind="direct", channel__in=mine)


def exportable_for(viewer: User) -> QuerySet[Channel]:
    """The channels of which the viewer may ask for an export: all but those about them."""
    if not may(viewer, "use_records"):
        return Channel.objects.none()
    mine = Membership.objects.filter(person=viewer).values("channel")
    about = Channel.objects.filter(Q(subjects__person=viewer) | Q(kind="direct", id__in=mine))
    return Channel.objects.exclude(id__in=about.values("id"))
