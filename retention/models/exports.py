"""Exports: asked for by one person, approved by another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from audit.models import Generation
from messaging.models import Channel

_PERSON = settings.AUTH_USER_MODEL


class Export(models.Model):
    """A channel and date range to be handed out, asked for by one person, approved by another.

    `record` holds reason and recipient, `sealed` what the bundle is encrypted with.
    """

    class Purpose(models.TextChoices):
        """What it is for; it cannot be changed afterwards."""

        SAFEGUARDING = "safeguarding", gettext_lazy("Safeguarding referral")
        INVESTIGATION = "investigation", gettext_lazy("HR investigation")
        TRIBUNAL = "tribunal", gettext_lazy("Tribunal or legal claim")
        POLICE = "police", gettext_lazy("Police")
        ACCESS = "access", gettext_lazy("Subject access request")
        INFORMATION = "information", gettext_lazy("Freedom of information request")
        COMPLAINT = "complaint", gettext_lazy("Complaint")
        ARCHIVE = "archive", gettext_lazy("Archive")

    #: Requests for information, which hold what they concern by themselves until they are closed.
    REQUESTS: ClassVar = frozenset({Purpose.ACCESS, Purpose.INFORMATION})

    class State(models.TextChoices):
        """How far it is."""

        REQUESTED = "requested", gettext_lazy("Waits for approval")
        APPROVED = "approved", gettext_lazy("Approved")
        REFUSED = "refused", gettext_lazy("Refused")
        WRITTEN = "written", gettext_lazy("Written")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    purpose = models.CharField(max_length=13, choices=Purpose.choices)
    record = models.UUIDField()
    # A sealed record, of exports of before November 2026; since then the passphrase stands here,
    # under a key of its own, until the export has ended.
    passphrase = models.UUIDField(null=True)
    generation = models.ForeignKey(
        Generation, models.DO_NOTHING, null=True, related_name="+", db_column="generation"
    )
    wrapped = models.BinaryField(max_length=40, null=True)
    sealed = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)
    passphrase_shown_at = models.DateTimeField(null=True)
    requested_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=now)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    messages = models.IntegerField(null=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    bundle_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="retention_export_period"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="retention_export_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "refused"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="retention_export_approved",
            ),
        ]

    def __str__(self) -> str:
        return _("Export %(number)s") % {"number": self.number}


class ExportSubject(models.Model):
    """A person whom an export concerns: it is neither asked for nor approved by them."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(Export, models.PROTECT, related_name="subjects")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["export", "person"], name="retention_subject_once")
        ]
