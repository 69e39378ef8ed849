"""People, and how they like their own pages."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from accounts.roles import PERMISSIONS
from audit.clock import now


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
    # Who entered that date: they are not the second person who agrees to what is counted from it.
    leaving_set_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", editable=False
    )
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
