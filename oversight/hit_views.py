"""`/safeguarding/searches/…`: a hit in its conversation, what stands around it, and its proof."""

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from audit.sealed import RecordGone
from messaging.process.giving_up import given_up
from oversight.entrances import guarded, person_of, roles_said
from oversight.errors import NotYetSealed
from oversight.file_views import link_place
from oversight.queries.desk import inquiry_of, search_for
from oversight.services.proofs import prove_message
from oversight.services.searches import open_around, open_message


@guarded
@require_GET
def message(request: HttpRequest, number: int, message_id: UUID) -> HttpResponse:
    """The place of a hit."""
    viewer = person_of(request)
    record = search_for(viewer, number)
    try:
        inquiry = inquiry_of(record)
    except RecordGone:
        return render(request, "oversight/search_gone.html", {"search": record}, status=410)
    place = open_message(by=viewer, search=record, inquiry=inquiry, message_id=message_id)
    link_place(place, "desk-file", number, message_id)
    context = {
        "search": record,
        "place": place,
        "role": roles_said(viewer),
        "back": _back(request, number, message_id),
    }
    return render(request, "oversight/place.html", context)


@guarded
@require_GET
def proof(request: HttpRequest, number: int, message_id: UUID, version: int) -> HttpResponse:
    """The proof of one version of a hit as a file, or its place as long as there is none."""
    viewer = person_of(request)
    record = search_for(viewer, number)
    try:
        inquiry = inquiry_of(record)
        text = prove_message(
            by=viewer, search=record, inquiry=inquiry, message_id=message_id, version=version
        )
    except RecordGone:
        return render(request, "oversight/search_gone.html", {"search": record}, status=410)
    except NotYetSealed as waits:
        flash.warning(request, str(waits))
        return redirect("desk-message", number, message_id)
    name = f"message-{message_id}-{version}.tlog-proof"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@guarded
@require_GET
@given_up
def around(request: HttpRequest, number: int, message_id: UUID, version: int) -> HttpResponse:
    """The lines before and after a hit, in the place of the few that came with it."""
    viewer = person_of(request)
    record = search_for(viewer, number)
    try:
        inquiry = inquiry_of(record)
    except RecordGone:
        return render(request, "oversight/search_gone.html", {"search": record}, status=410)
    place = open_around(by=viewer, search=record, inquiry=inquiry, message_id=message_id)
    link_place(place, "desk-file", number, message_id)
    before, after = place.sides
    hit = {"id": f"{message_id}-{version}", "before": before, "after": after}
    return render(request, "oversight/partials/around.html", {"hit": hit})


def _back(request: HttpRequest, number: int, message_id: UUID) -> str:
    """To the hit on the page of results that one came from."""
    results = reverse("desk-search", args=[number])
    came = urlsplit(request.headers.get("Referer", ""))
    query = f"?{came.query}" if came.path == results and came.query else ""
    return f"{results}{query}#hit-{message_id}"
