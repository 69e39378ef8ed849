"""API tokens: made by the operator or oneself, confirmed by their person, revoked at any time."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import bell
from accounts.errors import NotAllowed, NotWaiting
from accounts.models import ApiToken, User
from accounts.queries import is_a_school
from accounts.security import SecurityEvent, note_done
from accounts.services.secrets import new_secret, sha256
from audit.actions import Action
from audit.clock import now
from audit.services import record

# Lets a scanner of leaked secrets know one of ours.
PREFIX = "schoolchat_"


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token just made; `secret` is shown once and kept nowhere."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(*, by: User | None, person: User, name: str) -> NewToken:
    """A token for one's own chat. The operator's (`by` None) waits in a school for its person."""
    if by is not None and by.pk != person.pk:
        raise NotAllowed
    if not person.is_active:
        raise NotAllowed(gettext_noop("This account is closed."))
    secret, at = new_secret(PREFIX), now()
    at_once = by is not None or not is_a_school()
    token = ApiToken.objects.create(
        person=person,
        token_sha256=sha256(secret),
        name=name,
        created_by=by,
        created_at=at,
        expires_at=at + timedelta(days=settings.TOKEN_DAYS),
        confirmed_at=at if at_once else None,
    )
    record(
        Action.TOKEN_CREATED,
        actor=None if by is None else by.pk,
        subject=person.pk,
        token=token.pk,
        expires_at=token.expires_at,
    )
    return NewToken(token=token, secret=secret)


@transaction.atomic
def confirm_token(*, by: User, token_id: UUID) -> None:
    """Let a token in that the operator asked for in one's name."""
    waiting = ApiToken.objects.filter(
        pk=token_id, person=by, confirmed_at=None, revoked_at=None, expires_at__gt=now()
    )
    if not waiting.update(confirmed_at=now()):
        raise NotWaiting
    record(Action.TOKEN_CONFIRMED, actor=by.pk, subject=by.pk, token=token_id)


@transaction.atomic
def revoke_token(*, by: User, token_id: UUID) -> None:
    """End one's own token and the sockets that it opened."""
    if not ApiToken.objects.filter(pk=token_id, person=by, revoked_at=None).update(
        revoked_at=now()
    ):
        raise NotWaiting
    record(Action.TOKEN_REVOKED, actor=by.pk, subject=by.pk, token=token_id)
    note_done(SecurityEvent.TOKEN_REVOKED, person=by.pk)
    bell.close_tokens([token_id])
