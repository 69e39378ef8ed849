"""Whether this process answers, and whether what it needs answers."""

from typing import Final

import psycopg
from channels.layers import get_channel_layer
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from messaging.files import scanner
from messaging.files.places import place

#: Beside the two seconds that the pool is waited for: whoever monitors us waits for five.
_CONNECT_SECONDS: Final = 2
_ALL_TAKEN: Final = (
    "All connections of this process to the database are in use. If it stays so, look in the "
    "database for what keeps them, or start more processes."
)


def alive(_request: HttpRequest) -> JsonResponse:
    """`/healthz`: the process answers."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """`/readyz`: the database answers, one of the pool's connections to it is free, and there is a
    channel layer; 503 when not.

    It also says whether the storage of files and the virus scanner answer. Without them everything
    but files goes on, so they make no process unready.
    """
    free = _answers_in_turn()
    needed = {
        "database": free or _answers_beside(),
        "connections": free,
        "layer": get_channel_layer() is not None,
    }
    of_files = {"files": place().ready(), "scanner": scanner.answers()}
    said = {"said": _ALL_TAKEN} if needed["database"] and not free else {}
    return JsonResponse(needed | of_files | said, status=200 if all(needed.values()) else 503)


def _answers_in_turn() -> bool:
    """Over one of the connections that pages and messages share."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _answers_beside() -> bool:
    """Over a connection of its own, for which no other is waited."""
    parameters = {**connection.get_connection_params(), "connect_timeout": _CONNECT_SECONDS}
    parameters.pop("pool", None)
    try:
        with psycopg.connect(**parameters) as own:
            own.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
