"""The gate in front of the four doors: signed in, a role that opens it, a second factor.

A stranger to a door meets the same 404 as at an address that does not exist. The second factor is
left out only where the database's one provenance row says demo or generated; no setting does it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from accounts.doors import Door
from accounts.models import User
from accounts.queries import is_a_school, may
from accounts.security import SecurityEvent, note_refused

SECOND_FACTOR = "mfa"


def refusal(request: HttpRequest, door: Door) -> HttpResponse | None:
    """What a request gets instead of the page behind the door; None lets it through."""
    person = request.user
    if not isinstance(person, User):
        return _lead(request, redirect_to_login(_back(request, door)).url)
    if not may(person, *door.permissions):
        note_refused(SecurityEvent.DOOR_REFUSED, request, door=door.name)
        raise Http404
    if is_a_school() and not used_second_factor(request, person):
        return _lead(request, _to_second_factor(request, person, door))
    return None


def used_second_factor(request: HttpRequest, person: User) -> bool:
    """Whether this session was opened, or confirmed later, with a second factor still enrolled."""
    records = get_authentication_records(request, person)
    return any(one.get("method") == SECOND_FACTOR for one in records) and has_second_factor(person)


def has_second_factor(person: User) -> bool:
    """Whether an authenticator app is enrolled."""
    enrolled = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP)
    return bool(enrolled.exists())


def _to_second_factor(request: HttpRequest, person: User, door: Door) -> str:
    page = "mfa_reauthenticate" if has_second_factor(person) else "accounts_second_factor"
    return f"{reverse(page)}?{urlencode({'next': _back(request, door)})}"


def _back(request: HttpRequest, door: Door) -> str:
    """Where to go afterwards: a form that was under way starts at the door again."""
    return request.get_full_path() if request.method == "GET" else door.prefix


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for those who are signed in; others are led to the door, also out of htmx."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        there = urlencode({"next": request.get_full_path()})
        return _lead(request, f"{reverse('account_login')}?{there}")

    return enter


def _lead(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, also when htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": resolve_url(url)})
    return HttpResponseRedirect(url)
