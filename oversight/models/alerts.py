"""Things that somebody ought to look at soon: what kind, about what, and who has looked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now

_PERSON = settings.AUTH_USER_MODEL


class AlertKind(models.TextChoices):
    """What an alert is for; docs/reference/alerts.md says when each is raised."""

    MASS_SEARCH = "mass_search", gettext_lazy("One person searched the record very often")
    EXPORT_VOLUME = (
        "export_volume",
        gettext_lazy("One person asked for many exports, or took very much away"),
    )
    FAILED_SECOND_FACTOR = (
        "failed_second_factor",
        gettext_lazy("Wrong codes were typed again and again for one account"),
    )
    ROLE_CHANGED = (
        "role_changed",
        gettext_lazy("Somebody was given a role with authority over others"),
    )
    LOG_VERIFICATION_FAILED = (
        "log_verification_failed",
        gettext_lazy("A check of the log found something wrong"),
    )
    VERIFICATION_MISSING = (
        "verification_missing",
        gettext_lazy("The nightly check of the log did not come to its end"),
    )
    DELIVERY_MISSING = (
        "delivery_missing",
        gettext_lazy("A checkpoint has not reached somebody outside"),
    )
    CLOCK_WRONG = "clock_wrong", gettext_lazy("The server’s clock cannot be relied on")
    SEALING_BEHIND = "sealing_behind", gettext_lazy("Entries of the log are waiting to be sealed")
    ROLLED_BACK = (
        "rolled_back",
        gettext_lazy("The database is older than the log that it once held"),
    )
    LOG_RESTORED = "log_restored", gettext_lazy("A restore of the database was declared")
    JOURNAL_WRONG = (
        "journal_wrong",
        gettext_lazy("The journal outside the server is missing, behind or changed"),
    )


class Alert(models.Model):
    """One thing to look at. While it is open, what raises it again changes nothing.

    `about` is an id without a constraint, and what it names depends on the kind: a person, the
    grant of a role, a check, a checkpoint, an entry of the log; None where the kind says it all.
    """

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    kind = models.CharField(max_length=32, choices=AlertKind.choices)
    about = models.UUIDField(null=True)
    raised_at = models.DateTimeField(default=now)
    acknowledged_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    # When the notice went out by e-mail; None where no mail is set up, or not yet.
    told_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=Q(acknowledged_at=None),
                nulls_distinct=False,
                name="oversight_alert_one_open",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[*AlertKind]), name="oversight_alert_known"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by=None, acknowledged_at=None)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="oversight_alert_acknowledged",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "about", "-raised_at"], name="oversight_alert_last")
        ]

    def __str__(self) -> str:
        return _("Alert %(number)s") % {"number": self.number}

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet that they looked into it."""
        return self.acknowledged_at is None
