"""Who a request or a websocket comes from: a session's cookie or an API token."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final, LiteralString
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Field, Model
from django.http import HttpRequest

from accounts.bell import session_hash
from accounts.models import ApiToken, User
from accounts.security import SecurityEvent, address_in, note
from accounts.services.secrets import sha256
from audit.clock import now
from audit.statements import ask

_SCHEME: Final = "bearer"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Somebody who is let in, and by what.

    Attributes:
        person, name: who.
        session: hex SHA-256 of the session's key, as the bell names it; None with a token.
        token: the id of the API token; None with a session.
        hash: what the session must carry for this person (`User.get_session_auth_hash`).
    """

    person: UUID
    name: str
    session: str | None = None
    token: UUID | None = None
    session_key: str | None = field(default=None, repr=False, compare=False)
    hash: str | None = field(default=None, repr=False, compare=False)


def bearer_secret(header: str) -> str | None:
    """The secret in an Authorization header of scheme Bearer (RFC 6750), else None."""
    scheme, _, secret = header.strip().partition(" ")
    return secret.strip() if scheme.lower() == _SCHEME else None


def open_token(secret: str) -> ApiToken | None:
    """The token with this secret, if it is open and its person's account is."""
    rows = ask(_token_question(), {"sha256": sha256(secret)})
    if not rows:
        return None
    token = _made(ApiToken, rows[0])
    token.person = _made(User, rows[0][-len(_fields(User)) :])
    return token if token.is_open(now()) and token.person.is_active else None


@cache
def _token_question() -> LiteralString:
    """What the ORM would ask, put together once: thousands may come back at the same moment, and
    putting it together takes longer than asking."""
    of_token, of_person = (
        ", ".join(f"{table}.{field.column}" for field in _fields(model))
        for table, model in (("t", ApiToken), ("p", User))
    )
    question: Any = (
        f"SELECT {of_token}, {of_person}"  # noqa: S608  (names of our own columns)
        " FROM accounts_apitoken t JOIN accounts_user p ON p.id = t.person_id"
        " WHERE t.token_sha256 = %(sha256)b"
    )
    return question  # type: ignore[no-any-return]


def _fields(model: type[Model]) -> "Sequence[Field[Any, Any]]":
    return model._meta.concrete_fields


def _made[M: Model](model: type[M], row: Sequence[Any]) -> M:
    """The object whose columns a row begins with."""
    names = [field.attname for field in _fields(model)]
    return model.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)])


def person_from_scope(scope: Mapping[str, Any]) -> Signed | None:
    """Who opens this ASGI connection; None lets nobody in."""
    admitted = admit(scope)
    return admitted[0] if admitted else None


def admit(scope: Mapping[str, Any]) -> tuple[Signed, User] | None:
    """Who opens this ASGI connection, with their account; None lets nobody in.

    A token that is given must be right: a cookie beside it does not help. Reads the database.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}
    secret = bearer_secret(headers.get(b"authorization", ""))
    if secret is not None:
        return _by_token(secret, address_in((scope.get("client") or [None])[0]))
    key = _session_key(headers.get(b"cookie", ""))
    return _by_session(key) if key else None


def no_longer_allowed(connections: Iterable[Signed]) -> list[Signed]:
    """Those whose account, session or token has ended: for a hub that may have missed a bell.

    Three queries, whatever their number.
    """
    known = list(connections)
    people = User.objects.filter(is_active=True).in_bulk({one.person for one in known})
    tokens = ApiToken.objects.in_bulk({one.token for one in known if one.token})
    sessions = _open_sessions({one.session_key for one in known if one.session_key})
    present = now()

    def is_open(one: Signed) -> bool:
        person = people.get(one.person)
        if person is None:
            return False
        if one.token is not None:
            return one.token in tokens and tokens[one.token].is_open(present)
        return one.session_key in sessions and one.hash == person.get_session_auth_hash()

    return [one for one in known if not is_open(one)]


def _open_sessions(keys: Collection[str]) -> set[str]:
    """Which of these sessions are there and not over."""
    there = Session.objects.filter(session_key__in=keys, expire_date__gt=now())
    return set(there.values_list("session_key", flat=True)) if keys else set()


def _by_token(secret: str, address: str | None) -> tuple[Signed, User] | None:
    token = open_token(secret)
    if token is None:
        note(SecurityEvent.TOKEN_REFUSED, person=None, address=address)
        return None
    person = token.person
    return Signed(person=person.pk, name=person.display_name, token=token.pk), person


def _by_session(key: str) -> tuple[Signed, User] | None:
    request = HttpRequest()
    request.session = _session(key)
    # Checks the account, the password's hash and the epoch, as for any page.
    person = get_user(request)
    if not isinstance(person, User):
        return None
    signed = Signed(
        person=person.pk,
        name=person.display_name,
        session=session_hash(key),
        session_key=key,
        hash=person.get_session_auth_hash(),
    )
    return signed, person


def _session(key: str) -> SessionBase:
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return store


def _session_key(cookie_header: str) -> str | None:
    try:
        cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return cookie.value if cookie else None
