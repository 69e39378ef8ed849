"""People, where the database came from, invitations, roles asked for and held, API tokens."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from accounts.roles import LABELS, PERMISSIONS, Role
from audit.clock import now
from audit.models import Generation


class UserManager(BaseUserManager["User"]):
    """Makes people; the address is the login and is kept in lower case."""

    def create_user(
        self, email: str, password: str | None = None, *, display_name: str = "", **fields: Any
    ) -> "User":
        """A person with this password, or with none that works."""
        address = email.strip().lower()
        person = self.model(email=address, display_name=display_name or address, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "User":
        """By e-mail address, however it was typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the school. No telephone number, no user name."""

    # No flag may stand above the roles; removes the field of PermissionsMixin.
    is_superuser = False
    is_staff = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    department = models.CharField(max_length=120, blank=True)
    staff_id = models.CharField(max_length=64, blank=True)
    leaving_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    joined_at = models.DateTimeField(null=True, blank=True, default=now, editable=False)
    # Part of the session's hash: one more, and every session of the person is over.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    # How the person likes their own pages. No fact that the school keeps of them: no entry is made
    # when it changes. An empty language is the one that the browser asks for.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    undo_send = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        ordering = ("display_name", "id")
        permissions = tuple(PERMISSIONS.items())
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))), name="accounts_user_email_lower"
            ),
            models.UniqueConstraint(
                fields=("staff_id",), condition=~Q(staff_id=""), name="accounts_user_staff_id"
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def chosen_language(self) -> str:
        """The code of the language that they chose, as long as there is that one; or nothing."""
        return self.language if self.language in dict(settings.LANGUAGES) else ""

    def get_full_name(self) -> str:
        """What others see."""
        return self.display_name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.display_name.split(" ", 1)[0]

    def get_session_auth_hash(self) -> str:
        """What a session must carry: it changes with the password and with the epoch."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier secret keys."""
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}.{self.session_epoch}"


class Provenance(models.Model):
    """What this database was made for: one row, written at its creation and unalterable.

    accounts/sql/provenance.sql refuses UPDATE, DELETE and TRUNCATE by trigger.
    """

    class Kind(models.TextChoices):
        """A school's own, the demonstration, or a synthetic history."""

        SCHOOL = "school", gettext_lazy("School")
        DEMO = "demo", gettext_lazy("Demonstration")
        GENERATED = "generated", gettext_lazy("Generated")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    school_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="accounts_provenance_one_row"),
            models.CheckConstraint(
                condition=Q(kind__in=["school", "demo", "generated"]),
                name="accounts_provenance_kind",
            ),
        )

    def __str__(self) -> str:
        return self.school_name


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
