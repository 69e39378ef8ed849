"""Rules of record classes, and channels put under another one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel

_PERSON = settings.AUTH_USER_MODEL


class Policy(models.Model):
    """One version of the rule of a record class; the newest version rules.

    `approved_by` None marks a preset that the school has not made its own.
    """

    class Action(models.TextChoices):
        """What happens when the period is over."""

        DISPOSE = "dispose", gettext_lazy("Dispose of, once approved")
        REVIEW = "review", gettext_lazy("Keep until reviewed")
        KEEP = "keep", gettext_lazy("Keep")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    record_class = models.CharField(max_length=40)
    version = models.IntegerField(default=1)
    name = models.CharField(max_length=120)
    months = models.IntegerField()
    action = models.CharField(max_length=8, choices=Action.choices)
    authority = models.CharField(max_length=300)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record_class", "version"], name="retention_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=1_200), name="retention_policy_months"
            ),
            models.CheckConstraint(
                condition=Q(action__in=["dispose", "review", "keep"]),
                name="retention_policy_action",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.version}"


class Reclassing(models.Model):
    """A channel given another record class. Until `reindexed_at` its search is the former's."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    former = models.CharField(max_length=40)
    record_class = models.CharField(max_length=40)
    changed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=now)
    reindexed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
