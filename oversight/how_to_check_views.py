"""`/audit/how-to-check/`: how anybody verifies the log without trusting this server."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.checkpoints import verifier_key
from oversight.entrances import guarded
from oversight.queries.former import former_logs
from oversight.queries.heads import key_fingerprint

#: The same file that the documentation holds and the tests run.
SCRIPT: Final = Path(settings.BASE_DIR) / "docs" / "verify_log.py"


@guarded
@require_GET
def how_to_check(request: HttpRequest) -> HttpResponse:
    """In plain words, for a governor with a printed checkpoint in the hand."""
    context = {
        "key": verifier_key(),
        "fingerprint": key_fingerprint(),
        "address": f"{settings.PUBLIC_URL.rstrip('/')}/audit",
        "former_logs": former_logs(),
    }
    return render(request, "oversight/how_to_check.html", context)


@guarded
@require_GET
def script(_request: HttpRequest) -> HttpResponse:
    """The script that verifies, from the school's own machine."""
    headers = {"Content-Disposition": f'attachment; filename="{SCRIPT.name}"'}
    return HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python", headers=headers)
