"""Rings every process's hub when somebody's sockets have to close.

The bell is part of the transaction that ends the access, as its last statement, so that it is
heard exactly when that has happened, on every machine, also while Redis is away. It carries ids
and hashes and nothing else.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any, Final
from uuid import UUID

from audit.statements import array, ask

CHANNEL: Final = "schoolchat"
# A hash in JSON takes 67 bytes and PostgreSQL refuses a payload of 8,000 bytes or more.
IDS_A_PAYLOAD: Final = 100
# When it was rung stands in it by the database's clock, the one that all machines share.
_RING: Final = """
SELECT pg_notify(%(channel)b, '{"at":' || extract(epoch FROM clock_timestamp()) * 1000 || ','
                     || substr(said, 2))
FROM unnest(%(said)b::text[]) AS said
"""


def session_hash(session_key: str) -> str:
    """The name a session goes by outside its own row: hex SHA-256 of its key."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def close_people(people: Iterable[UUID]) -> None:
    """Every socket of these people closes."""
    _close("people", [str(person) for person in people])


def close_sessions(session_keys: Iterable[str]) -> None:
    """Every socket opened with these sessions closes."""
    _close("sessions", [session_hash(key) for key in session_keys])


def close_tokens(tokens: Iterable[UUID]) -> None:
    """Every socket opened with these API tokens closes."""
    _close("tokens", [str(token) for token in tokens])


def _close(kind: str, ids: Sequence[str]) -> None:
    ring([{kind: some} for some in batched(ids, IDS_A_PAYLOAD)])


def ring(payloads: Sequence[dict[str, Any]]) -> None:
    """Ring once for each payload, in one statement, with the time of ringing added as `at`:
    milliseconds since the epoch.

    A payload is not empty and stays below 7,900 bytes as JSON.
    """
    if payloads:
        said = [json.dumps(payload, separators=(",", ":")) for payload in payloads]
        ask(_RING, {"channel": CHANNEL, "said": array(said)})
