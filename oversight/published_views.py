"""What anybody may have of the log, without signing in: C2SP tlog-tiles under `/audit/`.

Outside tools follow the log by its newest published head and the hashes below it. They see no entry
and no fact of one, and of heads that were not let out nothing at all.
"""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from audit.checkpoints import note_of
from oversight.queries.publications import published_checkpoint, published_tile

#: What a tile holds never changes.
_FOR_EVER: Final = "public, max-age=31536000, immutable"


# Both only answer GET and HEAD; without the exemption a POST would be told of a missing token.
@csrf_exempt
@require_safe
def head(_request: HttpRequest) -> HttpResponse:
    """The newest published checkpoint, as a signed note."""
    checkpoint = published_checkpoint()
    if checkpoint is None:
        raise Http404
    return HttpResponse(
        note_of(checkpoint),
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@csrf_exempt
@require_safe
def tile(_request: HttpRequest, place: str) -> HttpResponse:
    """Up to 256 hashes side by side."""
    hashes = published_tile(f"tile/{place}")
    if hashes is None:
        raise Http404
    return HttpResponse(
        hashes,
        content_type="application/octet-stream",
        headers={"Cache-Control": _FOR_EVER},
    )
