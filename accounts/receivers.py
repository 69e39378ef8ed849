"""What Django and allauth only tell by signal, handed on to a service each."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.apps.registry import Apps
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import ROLE_PERMISSIONS
from accounts.security import SecurityEvent, note_refused
from accounts.services import sessions


def connect() -> None:
    """Once, when the app is ready."""
    user_logged_in.connect(on_sign_in, dispatch_uid="accounts.sign_in")
    user_logged_out.connect(on_sign_out, dispatch_uid="accounts.sign_out")
    password_changed.connect(on_password_changed, dispatch_uid="accounts.password_changed")
    authenticator_added.connect(on_factor_added, dispatch_uid="accounts.factor_added")
    authenticator_removed.connect(on_factor_removed, dispatch_uid="accounts.factor_removed")
    authenticator_reset.connect(on_factor_added, dispatch_uid="accounts.factor_reset")
    authentication_failed.connect(on_factor_failed, dispatch_uid="accounts.factor_failed")


def make_role_groups(*, apps: Apps, using: str, **_: Any) -> None:
    """Make the roles' groups and their permissions agree with accounts.roles, after a migration."""
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:  # only another app was migrated, before auth exists
        return
    known = {
        permission.codename: permission
        for permission in permission_model.objects.using(using).filter(
            content_type__app_label="accounts", content_type__model="user"
        )
    }
    for role, names in ROLE_PERMISSIONS.items():
        group, _made = group_model.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in names if name in known])


def on_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """A session has started."""
    methods = {one.get("method") for one in get_authentication_records(request, user)}
    sessions.record_sign_in(person=user, method="mfa" if "mfa" in methods else "password")


def on_sign_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    """The present session ends. Nothing to do for one that had ended already."""
    if user is not None and request.session.session_key:
        sessions.sign_out(person=user, session_key=request.session.session_key)


def on_password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """All other sessions end."""
    sessions.password_changed(person=user, kept_key=request.session.session_key)


def on_factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """A second factor was enrolled, or new recovery codes took the place of the old ones."""
    sessions.second_factor_added(person=user, method=authenticator.type)


def on_factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """A second factor was taken away."""
    sessions.second_factor_removed(person=user, method=authenticator.type)


def on_factor_failed(request: HttpRequest, user: User, **_: Any) -> None:
    """A wrong code."""
    note_refused(SecurityEvent.SECOND_FACTOR_FAILED, request, person=user.pk)
    sessions.count_failed_code(person=user)
