"""Verifications of the log: when, how far, and how many things were wrong."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from uuid_utils.compat import uuid7

from audit.clock import now

_PERSON = settings.AUTH_USER_MODEL
#: After so many a verification stops to count (`oversight.verification`).
MOST_PROBLEMS: Final = 100

_RESULTS: Final = {
    "waiting": gettext_noop("Waiting"),
    "running": gettext_noop("Running"),
    "interrupted": gettext_noop("Interrupted"),
}


class Verification(models.Model):
    """One verification of the log: asked for by somebody, or made by the machine at night.

    `asked_by` None is the machine. While it runs, `step`, `done` and `total` say how far it is, and
    `heard_at` is when its worker last said so. A finished one that has no count of `problems`
    came to no end: its worker was stopped, or verifying itself failed. The sentences that it found
    stand in a sealed record (`record`, class "verification"), because a sentence may name things.
    """

    class Scope(models.TextChoices):
        """How much of it."""

        NIGHTLY = "nightly", gettext_lazy("Every entry, and a share of the messages")
        WHOLE = "whole", gettext_lazy("Every entry and every message")

    class Step(models.TextChoices):
        """What it is at; the words of `oversight.verification.verify`."""

        NONE = "", gettext_lazy("Beginning")
        LOG = "log", gettext_lazy("Reading every entry of the log and the tree over them")
        CONTENT = "content", gettext_lazy("Holding messages against what the log says of them")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    scope = models.CharField(max_length=7, choices=Scope.choices)
    asked_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=7, choices=Step.choices, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    size = models.BigIntegerField(null=True)
    entries = models.BigIntegerField(null=True)
    versions = models.BigIntegerField(null=True)
    problems = models.IntegerField(null=True)
    findings_record = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=["nightly", "whole"]), name="oversight_verification_scope"
            ),
            models.CheckConstraint(
                condition=Q(step__in=["", "log", "content"]), name="oversight_verification_step"
            ),
            models.CheckConstraint(
                condition=Q(problems=None) | Q(finished_at__isnull=False),
                name="oversight_verification_finished",
            ),
            models.UniqueConstraint(
                fields=["scope"],
                condition=Q(finished_at=None),
                name="oversight_verification_one_open",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="oversight_verification_asked")]

    def __str__(self) -> str:
        return _("Verification %(number)s") % {"number": self.number}

    @property
    def result(self) -> str:
        """How it stands, in one word."""
        if self.finished_at is None:
            return "waiting" if self.started_at is None else "running"
        if self.problems is None:
            return "interrupted"
        return "failed" if self.problems else "sound"

    @property
    def outcome(self) -> str:
        """The same as people read it."""
        match self.result:
            case "sound":
                return _("Nothing is wrong")
            case "failed":
                return self._wrong(self.problems or 0)
        return _(_RESULTS[self.result])

    def _wrong(self, count: int) -> str:
        if count == MOST_PROBLEMS:
            return _("%(count)d or more things are wrong") % {"count": count}
        one = ngettext("%(count)d thing is wrong", "%(count)d things are wrong", count)
        return one % {"count": count}
