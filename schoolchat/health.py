"""Whether this process answers, and whether what it needs answers."""

from channels.layers import get_channel_layer
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from messaging.files import scanner
from messaging.files.places import place


def alive(_request: HttpRequest) -> JsonResponse:
    """`/healthz`: the process answers."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """`/readyz`: the database answers and there is a channel layer; 503 when not.

    It also says whether the storage of files and the virus scanner answer. Without them everything
    but files goes on, so they make no process unready.
    """
    needed = {"database": _database(), "layer": get_channel_layer() is not None}
    of_files = {"files": place().ready(), "scanner": scanner.answers()}
    return JsonResponse(needed | of_files, status=200 if all(needed.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
