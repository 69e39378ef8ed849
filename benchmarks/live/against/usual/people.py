"""The people of the generated school, each with a session that their token stands for."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from benchmarks.live.against.usual.models import Membership

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def session_key(token: str) -> str:
    """A token's session: its last 32 characters, which are as good as the whole."""
    return token[-32:]


def fill(people: Iterable[dict[str, Any]]) -> None:
    """Write them all; `people` are the lines that `generate --tokens` wrote."""
    for person in people:
        user = User.objects.create(username=person["email"], first_name=person["email"][:8])
        Session.objects.create(
            session_key=session_key(person["token"]),
            session_data=SessionStore().encode(_signed_in(user)),
            expire_date=timezone.now() + timedelta(days=1),
        )
        Membership.objects.bulk_create(
            Membership(person=user, channel=channel) for channel in person["channels"]
        )


def _signed_in(user: User) -> dict[str, str]:
    return {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: _BACKEND,
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
