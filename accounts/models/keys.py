"""What opens a door or a drawer of one person: invitations, API tokens, codes, keys."""

import datetime as dt

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from accounts.models.people import User
from audit.clock import now
from audit.models import Generation


class Invitation(models.Model):
    """A link with which a person sets their first password. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="invitations_made"
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="accounts_invitation_one_open",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)

    def is_open(self, at: dt.datetime) -> bool:
        """Whether the link still works."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at


class ApiToken(models.Model):
    """A program's key to one person's chat. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    created_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="api_tokens_made"
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: dt.datetime) -> bool:
        """Whether it opens the door: confirmed, not revoked, not expired."""
        return self.confirmed_at is not None and self.revoked_at is None and at < self.expires_at


class FailedCode(models.Model):
    """A wrong code of a second factor: when, and for whom; never what was typed. Kept for a day,
    so that whoever watches over the school hears of many (oversight.workers.watching)."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        default_permissions = ()


class PersonalKey(models.Model):
    """The key of what a person keeps for themselves, wrapped under a generation
    (`accounts.personal_keys`). Its row goes when the account is closed; what refers to it with
    `DB_CASCADE` goes with it."""

    # The database refuses to delete either while the key is there. Django wants DO_NOTHING here,
    # so that others may refer to the key with DB_CASCADE.
    person = models.OneToOneField(User, on_delete=models.DO_NOTHING, related_name="+")
    generation = models.ForeignKey(
        Generation, on_delete=models.DO_NOTHING, related_name="+", db_column="generation"
    )
    wrapped = models.BinaryField(max_length=40)

    class Meta:
        default_permissions = ()
