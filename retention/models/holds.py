"""Holds: what may not be disposed of."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel

_PERSON = settings.AUTH_USER_MODEL


class Hold(models.Model):
    """What may not be disposed of: a channel, a person's messages, or theirs in that channel.

    A person's hold covers what they wrote and the direct conversations that they were ever in.
    """

    class Kind(models.TextChoices):
        """Why something is held."""

        SAFEGUARDING = "safeguarding", gettext_lazy("Safeguarding or an allegation")
        LITIGATION = "litigation", gettext_lazy("Legal claim or tribunal")
        POLICE = "police", gettext_lazy("Police")
        INQUIRY = "inquiry", gettext_lazy("Statutory inquiry")
        REQUEST = "request", gettext_lazy("Subject access or freedom of information request")
        COMPLAINT = "complaint", gettext_lazy("Complaint or grievance")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    record = models.UUIDField()
    placed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=now)
    review_on = models.DateField()
    released_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=False) | Q(person__isnull=False),
                name="retention_hold_on_something",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="retention_hold_released",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("placed_by")),
                name="retention_hold_two_people",
            ),
        ]

    def __str__(self) -> str:
        return _("Hold %(number)s") % {"number": self.number}
