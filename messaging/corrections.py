"""Corrections: notes appended to a message that leave it as it is (UK GDPR, Article 16)."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from audit.clock import now

#: Of one message: more would be read by nobody, and each travels with the message.
MOST_CORRECTIONS: Final = 20
#: Unicode code points of one correction.
MOST_CHARS: Final = 2_000
#: Of the reference to a request or a case.
MOST_REFERENCE: Final = 60


class Correction(models.Model):
    """A note on what is wrong in a message: its words, sealed, and who appended it, when and why.

    Numbered from 1 within its message. Nobody changes or takes one back: a wrong one is followed by
    another. It is sealed under a content key of its message's month, and goes with the message.
    """

    class Reason(models.TextChoices):
        """Why it was appended."""

        OWN = "own", gettext_lazy("The author puts their own words right")
        REQUEST = "request", gettext_lazy("Somebody asked for it (Article 16)")
        FOUND = "found", gettext_lazy("The school found it itself")

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    message = models.ForeignKey(
        "messaging.Message",
        models.PROTECT,
        related_name="corrections",
        db_index=False,
        db_constraint=False,  # sql/hanging.sql looks after it
    )
    number = models.IntegerField()
    key = models.ForeignKey("messaging.ContentKey", models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    reason = models.CharField(max_length=8, choices=Reason.choices)
    written_at = models.DateTimeField(default=now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="messaging_correction_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(reason__in=["own", "request", "found"]),
                name="messaging_correction_reason",
            ),
        ]
