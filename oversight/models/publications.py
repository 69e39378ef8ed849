"""Checkpoints that left the building: whom they go to, when they were sent, and what arrived.

Names and addresses of recipients stand here and in the sealed records of adding and removing them;
the log has their ids.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from audit.models import Checkpoint

_PERSON = settings.AUTH_USER_MODEL


class Recipient(models.Model):
    """Somebody, or some place, outside that is sent every checkpoint, until they are removed.

    Only e-mail has an `address`: the folder and the webhook are named by the server's settings, so
    that no page can make the server write or call somewhere.
    """

    class Way(models.TextChoices):
        """How it gets there."""

        EMAIL = "email", gettext_lazy("By e-mail")
        FILE = "file", gettext_lazy("Into the folder outside")
        WEBHOOK = "webhook", gettext_lazy("To the web address outside")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    name = models.CharField(max_length=100)
    way = models.CharField(max_length=7, choices=Way.choices)
    address = models.EmailField(blank=True)
    added_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)
    removed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(Q(way="email") & ~Q(address=""))
                | Q(way__in=["file", "webhook"], address=""),
                name="oversight_recipient_address",
            ),
            models.CheckConstraint(
                condition=Q(removed_by=None, removed_at=None)
                | Q(removed_by__isnull=False, removed_at__isnull=False),
                name="oversight_recipient_removed",
            ),
            models.UniqueConstraint(
                fields=["way", "address"],
                condition=Q(removed_at=None),
                name="oversight_recipient_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Recipient {self.number}"


class Publication(models.Model):
    """A signed head that was let out, and the time stamp of an authority over it, if it has one.

    `stamp` is the whole RFC 3161 response, as `openssl ts -verify` reads it.
    """

    class Reason(models.TextChoices):
        """Why it was let out."""

        DAILY = "daily", gettext_lazy("Every day")
        ASKED = "asked", gettext_lazy("Asked for")
        FIRST = "first", gettext_lazy("The first, or somebody’s first")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=5, choices=Reason.choices)
    asked_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    stamp = models.BinaryField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="oversight_publication_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason="asked", asked_by__isnull=False)
                | Q(reason__in=["daily", "first"], asked_by=None),
                name="oversight_publication_asked",
            ),
            models.UniqueConstraint(
                fields=["checkpoint"],
                condition=Q(reason="daily"),
                name="oversight_publication_daily",
            ),
        ]

    def __str__(self) -> str:
        return f"Publication {self.number}"


class Delivery(models.Model):
    """A publication on its way to one recipient.

    `state` stays 'waiting' while it is tried again, and `error` says what stood in the way last.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", gettext_lazy("On its way")
        DELIVERED = "delivered", gettext_lazy("Delivered")
        FAILED = "failed", gettext_lazy("Given up")

    class Error(models.TextChoices):
        """What stood in the way; never what a server answered, which may hold an address."""

        NOT_SET_UP = "not_set_up", gettext_lazy("this way is not set up on the server any more")
        UNREACHABLE = "unreachable", gettext_lazy("it could not be reached")
        REFUSED = "refused", gettext_lazy("it was refused there")
        OCCUPIED = "occupied", gettext_lazy("another file of that name is there already")

    id = models.BigAutoField(primary_key=True)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    tries = models.IntegerField(default=0)
    last_tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=11, choices=Error.choices, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "recipient"], name="oversight_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False)
                | Q(state__in=["waiting", "failed"], delivered_at=None),
                name="oversight_delivery_delivered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publication"],
                condition=Q(state="waiting"),
                name="oversight_delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"Delivery {self.id}"
