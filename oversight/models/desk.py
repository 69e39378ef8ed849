"""Searches of the whole record, and messages passed to the safeguarding lead.

Reasons, words and filters stand in sealed records of their own (`audit.sealed`), never here: the
tables hold ids, times and counts.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel

_PERSON = settings.AUTH_USER_MODEL


class SearchRecord(models.Model):
    """A search of the record with authority: by whom, as of when, and how much it found.

    `record` names the sealed record of words, reason and filters; it goes when its term ends and
    this row stays. `opened_at` is the bound that makes a search repeatable: it finds only what had
    been written by then. `hits` counts the first page; `partial` says that there may be more.
    `kept` is whether the searcher wants it at hand, by the name in its sealed record.
    """

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    searcher = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    record = models.UUIDField(unique=True)
    hits = models.IntegerField()
    partial = models.BooleanField()
    kept = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["searcher", "-number"], name="oversight_search_own")]
        constraints = [models.CheckConstraint(condition=Q(hits__gte=0), name="oversight_hits")]

    def __str__(self) -> str:
        return _("Search %(number)s") % {"number": self.number}


class Concern(models.Model):
    """A message that a member passed to the safeguarding lead.

    `message` is an id without a constraint: the concern outlives the message that it names, which
    is not disposed of before the concern is closed (`retention.matters`).
    """

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    message = models.UUIDField()
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    # Whose message it is; null for an imported one. Nobody takes a concern about themselves.
    author = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    # Null where only the journal of a restore knows that it was raised.
    raised_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(default=now)
    record = models.UUIDField(unique=True)
    acknowledged_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None)
                | Q(
                    closed_by__isnull=False, closed_at__isnull=False, acknowledged_at__isnull=False
                ),
                name="oversight_concern_closed",
            ),
            models.UniqueConstraint(fields=["message", "raised_by"], name="oversight_concern_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_by=None, acknowledged_at=None)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="oversight_concern_acknowledged",
            ),
        ]
        indexes = [
            models.Index(
                fields=["raised_at"],
                condition=Q(acknowledged_at=None),
                name="oversight_concern_new",
            )
        ]

    def __str__(self) -> str:
        return _("Concern %(number)s") % {"number": self.number}

    @property
    def is_new(self) -> bool:
        """Whether nobody at the desk has said yet that they have it."""
        return self.acknowledged_at is None
