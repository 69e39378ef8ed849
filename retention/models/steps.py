"""The steps between a proposal and its end: their length, objections, clearances, exclusions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.clock import now
from messaging.models import Channel
from retention.models.disposals import Disposal

_PERSON = settings.AUTH_USER_MODEL


def _days(label: Any, days: int) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(label, default=days)


class RecordsSettings(models.Model):
    """How long the steps last: one row, made with the first change. Never for one person alone.

    `closed` is the text of the days on which the school is closed, a line a period
    (`retention.closures`).
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    object_days = _days(_("School days in which owners may object"), 10)
    cool_days = _days(_("Days between the approval and the disposal"), 14)
    expire_days = _days(_("Days after which an approval lapses"), 30)
    closed = models.TextField(_("Days on which the school is closed"), blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="retention_recordssettings_one_row"),
            models.CheckConstraint(
                condition=Q(object_days__lte=60, cool_days__lte=90, expire_days__lte=180),
                name="retention_recordssettings_longest",
            ),
            models.CheckConstraint(
                condition=Q(expire_days__gt=F("cool_days")),
                name="retention_recordssettings_time_to_act",
            ),
        ]

    def __str__(self) -> str:
        return "The steps of a disposal"


class Objection(models.Model):
    """An owner's objection to a channel's part of a proposal; `record` seals the reason.

    It waits until somebody who works with records, and not the objector, has decided: upheld, the
    part is taken out of the proposal. `answer` seals why, or why not. `wanted_class` is the kind of
    record, kept longer, that the owner asks for; to put the channel under it is an act of its own.
    """

    id = models.BigAutoField(primary_key=True)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="objections")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    record = models.UUIDField()
    wanted_class = models.CharField(max_length=40, blank=True, default="")
    decided_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    answer = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["disposal", "channel"], name="retention_objection_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, upheld=None, answer=None)
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    upheld__isnull=False,
                    answer__isnull=False,
                ),
                name="retention_objection_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")),
                name="retention_objection_two_people",
            ),
        ]


class Clearance(models.Model):
    """The word of whoever answers for a kind of record that nothing in a proposal is needed."""

    class Part(models.TextChoices):
        """What is cleared."""

        SAFEGUARDING = "safeguarding", _("Safeguarding")
        HR = "hr", _("Personnel")

    id = models.BigAutoField(primary_key=True)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="clearances")
    part = models.CharField(max_length=12, choices=Part.choices)
    by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["disposal", "part"], name="retention_clearance_once")
        ]


class Exclusion(models.Model):
    """Messages that a proposal leaves out, and why. What is held is never told here: an earlier
    version counted it as well, so that of some it is not known how many they are."""

    class Reason(models.TextChoices):
        """Why they are left out."""

        REVIEW = "review", _("They are to be reviewed")
        UNKNOWN = "unknown", _("The date from which they are kept is not known")
        RECLASSED = "reclassed", _("They are kept longer, as another kind of record")
        OBJECTION = "objection", _("An owner has objected")

    id = models.BigAutoField(primary_key=True)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=9, choices=Reason.choices)
    messages = models.IntegerField(null=True)

    class Meta:
        default_permissions = ()
