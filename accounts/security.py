"""The security log: what was tried and refused, and whose access ended.

It stands beside the record, not in it: a line of JSON an event on standard error, which may go on
to a syslog (schoolchat/logs.py), and a counter in `/metrics`. It knows people by their ids and
machines by their addresses, and never holds what was typed: a password typed into the wrong field
would stand there. docs/reference/security-log.md lists events and fields; a test holds it to this.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from ipaddress import ip_address
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.http import HttpRequest

from audit.counters import counter

LOGGER: Final = "schoolchat.security"


class SecurityEvent(StrEnum):
    """Everything that the security log can say."""

    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_CLOSED = "sign_in_closed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    ATTEMPTS_LIMITED = "attempts_limited"
    DOOR_REFUSED = "door_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  (the name of an event)
    TOKEN_MISPLACED = "token_misplaced"  # noqa: S105
    FORGERY_REFUSED = "forgery_refused"
    ORIGIN_REFUSED = "origin_refused"
    FILE_INFECTED = "file_infected"
    SESSIONS_ENDED = "sessions_ended"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    ROLE_ENDED = "role_ended"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    ACCOUNT_CLOSED = "account_closed"


_WHO: Final = ("person", "address")

#: The fields of each event, beside `event`, `level`, `logger` and `timestamp`.
FIELDS: Final[Mapping[SecurityEvent, tuple[str, ...]]] = {
    SecurityEvent.SIGN_IN_FAILED: _WHO,
    SecurityEvent.SIGN_IN_CLOSED: _WHO,
    SecurityEvent.SECOND_FACTOR_FAILED: _WHO,
    SecurityEvent.ATTEMPTS_LIMITED: _WHO,
    SecurityEvent.DOOR_REFUSED: (*_WHO, "door"),
    SecurityEvent.TOKEN_REFUSED: _WHO,
    SecurityEvent.TOKEN_MISPLACED: _WHO,
    SecurityEvent.FORGERY_REFUSED: _WHO,
    SecurityEvent.ORIGIN_REFUSED: _WHO,
    SecurityEvent.FILE_INFECTED: ("person", "found"),
    SecurityEvent.SESSIONS_ENDED: ("person", "sessions"),
    SecurityEvent.TOKEN_REVOKED: ("person",),
    SecurityEvent.ROLE_ENDED: ("person", "by", "role"),
    SecurityEvent.SECOND_FACTOR_REMOVED: ("person",),
    SecurityEvent.ACCOUNT_CLOSED: ("person", "by", "sessions", "tokens"),
}

#: What somebody did to themselves or in their duty; all else was refused.
_ORDINARY: Final = frozenset(
    {
        SecurityEvent.SESSIONS_ENDED,
        SecurityEvent.TOKEN_REVOKED,
        SecurityEvent.ROLE_ENDED,
        SecurityEvent.SECOND_FACTOR_REMOVED,
        SecurityEvent.ACCOUNT_CLOSED,
    }
)

EVENTS: Final = counter("security_events", "Lines of the security log.", ["event"])
_COUNTED: Final = {event: EVENTS.labels(str(event)) for event in SecurityEvent}

type Value = UUID | int | StrEnum | str | None


class NotOfTheEvent(ValueError):
    """A field that the security log's vocabulary does not give to this event."""


def note(event: SecurityEvent, **fields: Value) -> None:
    """Write one line, at once. Every field of the event is named, None where it is not known.

    `person` and `by` are ids, `address` is an IP address, all else a number or one of a fixed list
    of words.
    """
    if fields.keys() != set(FIELDS[event]):
        raise NotOfTheEvent(f"{event} has {', '.join(FIELDS[event])}")
    _COUNTED[event].inc()
    log = structlog.get_logger(LOGGER).bind(logger=LOGGER)
    write: Callable[..., Any] = log.info if event in _ORDINARY else log.warning
    write(str(event), **{name: _plain(value) for name, value in fields.items()})


def note_refused(
    event: SecurityEvent, request: HttpRequest, *, person: UUID | None = None, **fields: Value
) -> None:
    """The same with where a request came from, and `person`, or else whoever is signed in."""
    who = person or getattr(getattr(request, "user", None), "pk", None)
    address = address_in(request.META.get("REMOTE_ADDR"))
    note(event, person=who, address=address, **fields)


def note_done(event: SecurityEvent, **fields: Value) -> None:
    """The same for what the present transaction does: once it is committed, and else never."""
    transaction.on_commit(partial(note, event, **fields))


def address_in(client: object) -> str | None:
    """An IP address as the server gives it; None for whatever else a proxy may have passed on."""
    try:
        return str(ip_address(str(client)))
    except ValueError:
        return None


def _plain(value: Value) -> str | int | None:
    return value if value is None or type(value) is int else str(value)
