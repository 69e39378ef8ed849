"""What anybody may have of the log, without signing in: C2SP tlog-tiles under `/audit/`.

Outside tools follow the log by its newest published head and the hashes below it. They see no entry
and no fact of one, and of heads that were not let out nothing at all. The logs before a declared
restore stand below `/audit/former/`, each under the id in its name.
"""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from audit.checkpoints import note_of
from audit.models import Checkpoint
from oversight.queries import former
from oversight.queries.publications import published_checkpoint, published_tile

#: What a tile holds never changes.
_FOR_EVER: Final = "public, max-age=31536000, immutable"


# All only answer GET and HEAD; without the exemption a POST would be told of a missing token.
@csrf_exempt
@require_safe
def head(_request: HttpRequest) -> HttpResponse:
    """The newest published checkpoint, as a signed note."""
    return _note(published_checkpoint())


@csrf_exempt
@require_safe
def tile(_request: HttpRequest, place: str) -> HttpResponse:
    """Up to 256 hashes side by side."""
    return _hashes(published_tile(f"tile/{place}"))


@csrf_exempt
@require_safe
def former_head(_request: HttpRequest, log_id: UUID) -> HttpResponse:
    """The newest published checkpoint of a log that a restore has ended."""
    return _note(former.former_checkpoint(log_id))


@csrf_exempt
@require_safe
def former_tile(_request: HttpRequest, log_id: UUID, place: str) -> HttpResponse:
    """Its hashes."""
    return _hashes(former.former_tile(log_id, f"tile/{place}"))


def _note(checkpoint: Checkpoint | None) -> HttpResponse:
    if checkpoint is None:
        raise Http404
    return HttpResponse(
        note_of(checkpoint),
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


def _hashes(hashes: bytes | None) -> HttpResponse:
    if hashes is None:
        raise Http404
    return HttpResponse(
        hashes,
        content_type="application/octet-stream",
        headers={"Cache-Control": _FOR_EVER},
    )
