"""`/safeguarding/searches/…`: what stands around a hit, shown beside it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.sealed import RecordGone
from messaging.process.giving_up import given_up
from oversight.entrances import guarded, person_of
from oversight.file_views import link_place
from oversight.queries.desk import inquiry_of, search_for
from oversight.services.searches import open_around


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
