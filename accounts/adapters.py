"""What SchoolChat wants of allauth otherwise than it does by itself."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.security import SecurityEvent, note_refused
from accounts.services import sessions as session_services
from audit.sealed import open_record, seal_record

SECOND_FACTOR_CLASS = "second_factor"
_LIMITED = "too_many_login_attempts"
_WRONG_CODE = gettext_lazy(
    "That code is not right. Each lasts half a minute: type the one shown now."
)


class AccountAdapter(DefaultAccountAdapter):
    """People are invited; nobody registers."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "That address and that password do not belong together. Check both, and try again."
        ),
        "enter_current_password": gettext_lazy("That is not your present password."),
        "incorrect_password": gettext_lazy("That is not your password."),
        "incorrect_code": _WRONG_CODE,
        _LIMITED: gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never."""
        return False

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:
        """Guesses are counted by account: allauth would begin anew for each port in `Host`."""
        return str(credentials.get("email") or "").strip().lower()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Into the security log, by the person's id: what was typed is not kept."""
        email = str(credentials.get("email") or "").strip().lower()
        person = User.objects.filter(email=email).values_list("pk", flat=True).first()
        note_refused(SecurityEvent.SIGN_IN_FAILED, request, person=person)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Into the security log: somebody knows the password of an account that is closed."""
        note_refused(SecurityEvent.SIGN_IN_CLOSED, request, person=user.pk)
        answer: HttpResponse = super().respond_user_inactive(request, user)
        return answer

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Here allauth says, too, that there were too many attempts with a password or a code."""
        if code == _LIMITED:
            note_refused(SecurityEvent.ATTEMPTS_LIMITED, context.request)
        error: ValidationError = super().validation_error(code, *args)
        return error


class SecondFactorAdapter(DefaultMFAAdapter):
    """The authenticator's secrets stand in sealed records; allauth's table has only their ids."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret; returns the record's id."""
        with transaction.atomic():
            return str(seal_record(SECOND_FACTOR_CLASS, {"secret": text}).id)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return str(open_record(UUID(encrypted_text))["secret"])

    def build_totp_svg(self, url: str) -> str:
        """The picture as an element to stand in the page: black on white, also in the dark."""
        svg: str = super().build_totp_svg(url)
        start, rest = svg[svg.index("<svg") :].split(">", 1)
        return f'{start}><rect width="100%" height="100%" fill="#fff"/>{rest}'


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Ending a session on the page of devices also ends its sockets, and is recorded."""

    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        """All of one person, as allauth lists them."""
        if sessions:
            session_services.end_other_sessions(
                person=sessions[0].user, session_keys=[one.session_key for one in sessions]
            )
