"""What the views of oversight share: the signed-in person, and refusals as 'not found'."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.queries import roles_of
from accounts.roles import SENSITIVE_ROLES
from messaging.exceptions import ChannelNotFound, MessageNotFound
from oversight.errors import (
    AlertNotFound,
    ConcernNotFound,
    EntryNotFound,
    HitNotFound,
    NotAReader,
    NotAReviewer,
    NotAtTheDesk,
    NotForCheckpoints,
    PublicationNotFound,
    RecipientNotFound,
    SearchNotFound,
    SearchUnreadable,
    VerificationNotFound,
)

type View = Callable[..., HttpResponseBase]

_UNKNOWN = (
    AlertNotFound,
    ChannelNotFound,
    ConcernNotFound,
    EntryNotFound,
    HitNotFound,
    MessageNotFound,
    NotAReader,
    NotAReviewer,
    NotAtTheDesk,
    NotForCheckpoints,
    PublicationNotFound,
    RecipientNotFound,
    SearchNotFound,
    SearchUnreadable,
    VerificationNotFound,
)


def person_of(request: HttpRequest) -> User:
    """The signed-in person of a guarded view."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def roles_said(viewer: User) -> str:
    """The roles for which somebody reads here, by their names."""
    return ", ".join(role.label for role in roles_of(viewer) if role in SENSITIVE_ROLES)


def guarded(view: View) -> View:
    """Signed in, never cached, and outsiders meet the 404 of an address that does not exist."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except _UNKNOWN:
            raise Http404 from None

    return never_cache(login_required(inner))
