"""Rings every process's hub when somebody's sockets have to close.

The bell is part of the transaction that ends the access, as its last statement, so that it is
heard exactly when that has happened, on every machine, also while Redis is away. It carries ids
and hashes and nothing else.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import batched
from uuid import UUID

from django.db import connection

CHANNEL = "schoolchat"
# A hash in JSON takes 67 bytes and PostgreSQL refuses a payload of 8,000 bytes or more.
IDS_A_PAYLOAD = 100


def session_hash(session_key: str) -> str:
    """The name a session goes by outside its own row: hex SHA-256 of its key."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def close_people(people: Iterable[UUID]) -> None:
    """Every socket of these people closes."""
    _ring("people", [str(person) for person in people])


def close_sessions(session_keys: Iterable[str]) -> None:
    """Every socket opened with these sessions closes."""
    _ring("sessions", [session_hash(key) for key in session_keys])


def close_tokens(tokens: Iterable[UUID]) -> None:
    """Every socket opened with these API tokens closes."""
    _ring("tokens", [str(token) for token in tokens])


def _ring(kind: str, ids: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for some in batched(ids, IDS_A_PAYLOAD, strict=False):
            payload = json.dumps({kind: some}, separators=(",", ":"))
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
