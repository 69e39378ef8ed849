"""Sensitive roles, asked for and held."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from accounts.models.people import User
from accounts.roles import LABELS, Role
from audit.clock import now


class RoleGrant(models.Model):
    """A sensitive role: asked for by one person, granted by another, never to either's own self.

    States: asked (neither granted nor ended), held (granted, not ended), refused (ended without a
    grant), ended. `origin` setup is written only while a database is made: then nobody is there who
    could ask or grant.
    """

    class Origin(models.TextChoices):
        """How it came to be."""

        REQUEST = "request", gettext_lazy("Asked for and granted")
        SETUP = "setup", gettext_lazy("Given when the database was made")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=32, choices=[(r.value, LABELS[r]) for r in Role])
    origin = models.CharField(max_length=16, choices=Origin.choices, default=Origin.REQUEST)
    requested_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="roles_requested"
    )
    requested_at = models.DateTimeField(default=now)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="roles_granted"
    )
    granted_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="roles_ended"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("-requested_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "role"),
                condition=Q(ended_at__isnull=True),
                name="accounts_rolegrant_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(requested_by=F("person")) & ~Q(granted_by=F("person")),
                name="accounts_rolegrant_not_to_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(granted_by=F("requested_by")), name="accounts_rolegrant_two_people"
            ),
            models.CheckConstraint(
                condition=Q(
                    origin="request",
                    requested_by__isnull=False,
                    granted_by__isnull=True,
                    granted_at__isnull=True,
                )
                | Q(
                    origin="request",
                    requested_by__isnull=False,
                    granted_by__isnull=False,
                    granted_at__isnull=False,
                )
                | Q(
                    origin="setup",
                    requested_by__isnull=True,
                    granted_by__isnull=True,
                    granted_at__isnull=False,
                ),
                name="accounts_rolegrant_origin",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.id}"

    @property
    def label(self) -> str:
        """The role as people read it."""
        return Role(self.role).label
