"""`/safeguarding/searches/…`: a search that is kept, made again or let go."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.sealed import RecordGone
from messaging.process.giving_up import while_waited
from oversight.entrances import guarded, person_of
from oversight.queries.desk import search_for
from oversight.services.searches import repeat_search, stop_keeping


@guarded
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Make it again, of the record as it is now."""
    viewer = person_of(request)
    search = search_for(viewer, number)
    try:
        made = repeat_search(by=viewer, search=search, waited=while_waited(request))
        return redirect("desk-search", made.number)
    except RecordGone:
        return render(request, "oversight/search_gone.html", {"search": search}, status=410)


@guarded
@require_POST
def let_go(request: HttpRequest, number: int) -> HttpResponse:
    """Keep it no longer; it stays on record."""
    viewer = person_of(request)
    search = search_for(viewer, number)
    stop_keeping(by=viewer, search=search)
    flash.success(request, _("%(search)s is no longer kept.") % {"search": search})
    return redirect("desk")
