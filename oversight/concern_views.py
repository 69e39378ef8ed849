"""`/safeguarding/concerns/…`: a message that was passed on, who has taken it, and its end."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.sealed import RecordGone, open_record
from oversight.entrances import guarded, person_of, roles_said
from oversight.errors import HitNotFound
from oversight.file_views import link_place
from oversight.models import Concern
from oversight.queries.desk import channel_names, concern_for, kept_of
from oversight.services.concerns import acknowledge_concern, close_concern, open_concern


@guarded
@require_GET
def concern(request: HttpRequest, number: int) -> HttpResponse:
    """A message that was passed on, in its conversation."""
    viewer = person_of(request)
    found = concern_for(viewer, number)
    try:
        place = open_concern(by=viewer, concern=found)
        link_place(place, "desk-concern-file", number)
    except HitNotFound:
        place = None
    context = {
        "row": concern_row(found),
        "place": place,
        "role": roles_said(viewer),
        "kept": kept_of(viewer, found.number),
    }
    return render(request, "oversight/concern.html", context)


@guarded
@require_POST
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    """'I have this.'"""
    taken = acknowledge_concern(by=person_of(request), number=number)
    flash.success(
        request,
        _("%(concern)s is with %(name)s.") % {"concern": taken, "name": taken.acknowledged_by},
    )
    return redirect("desk-concern", number)


@guarded
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """'This is dealt with.'"""
    closed = close_concern(by=person_of(request), number=number)
    if closed.closed_at:
        said = _("%(concern)s is closed. Its message is kept no longer than its rule says.")
        flash.success(request, said % {"concern": closed})
    else:
        flash.error(request, _("Somebody has to take this concern before it is closed."))
    return redirect("desk-concern", number)


def concern_row(concern: Concern) -> dict[str, Any]:
    """A concern as the desk's pages show it."""
    try:
        note = open_record(concern.record)["note"]
    except RecordGone:
        note = ""
    return {
        "concern": concern,
        "note": note,
        "channel_name": channel_names([concern.channel])[concern.channel_id],
    }
