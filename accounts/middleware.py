"""Who a request is from, and the gate in front of the four doors."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import refusal
from accounts.authentication import bearer_secret, open_token
from accounts.doors import CLOSED_TO_TOKENS, OWN_TOKEN, door_of
from accounts.models import User
from accounts.security import SecurityEvent, address_in, note, note_refused

type Handler = Callable[[HttpRequest], HttpResponseBase]


def bearer(get_response: Handler) -> Handler:
    """`Authorization: Bearer`: the token's person, or 401; never the account pages or the doors.

    Stands behind Django's AuthenticationMiddleware and takes its place: with a token, the cookie
    does not count.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        secret = bearer_secret(request.headers.get("Authorization", ""))
        if secret is None or request.path_info == OWN_TOKEN:
            return get_response(request)
        token = open_token(secret)
        if token is None:
            address = address_in(request.META.get("REMOTE_ADDR"))
            note(SecurityEvent.TOKEN_REFUSED, person=None, address=address)
            return _plain(_("This API token is not valid."), HTTPStatus.UNAUTHORIZED)
        if request.path_info.startswith(CLOSED_TO_TOKENS):
            note_refused(SecurityEvent.TOKEN_MISPLACED, request, person=token.person_id)
            return _plain(_("An API token does not open this page; sign in."), HTTPStatus.FORBIDDEN)
        request.user = token.person
        request.auser = _always(token.person)
        # No browser sends this header by itself, so that a forged form cannot carry it.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def language(get_response: Handler) -> Handler:
    """The language that the signed-in person chose, where there is more than one to choose from;
    else, as LocaleMiddleware has it, the one that the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        person = request.user if len(settings.LANGUAGES) > 1 else None
        chosen = person.chosen_language if isinstance(person, User) else ""
        if not chosen:
            return get_response(request)
        with override(chosen):
            answer = get_response(request)
        answer.headers.setdefault("Content-Language", chosen)
        return answer

    return middleware


def gate(get_response: Handler) -> Handler:
    """Refuses whoever may not pass the door in front of an address, and notes it when a page
    was asked for too often."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        door = door_of(request.path_info)
        refused = refusal(request, door) if door else None
        answer = refused or get_response(request)
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            note_refused(SecurityEvent.ATTEMPTS_LIMITED, request)
        return answer

    return middleware


def _always(person: User) -> Callable[[], Awaitable[User]]:
    """What Django's own middleware would answer from the cookie."""

    async def auser() -> User:
        return person

    return auser


def _plain(sentence: str, status: HTTPStatus) -> HttpResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    return HttpResponse(
        f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers
    )
