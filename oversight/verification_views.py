"""`/audit/verifications/`: verifying the log, how far that is, and what it found in the past."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseStopPolling

from accounts.models import User
from oversight.entrances import guarded, person_of
from oversight.forms import PeriodForm
from oversight.lines import csv_of_verifications
from oversight.models import Verification
from oversight.queries.access import reads_all, sees_names
from oversight.queries.verifications import (
    findings_for,
    is_silent,
    unfinished,
    verification_for,
    verifications_for,
)
from oversight.services.log import download_verifications
from oversight.services.verifications import ask_verification

ROWS_A_PAGE: Final = 50


@guarded
@require_http_methods(["GET", "POST"])
def verifications(request: HttpRequest) -> HttpResponse:
    """What was verified, newest first; POST has the whole log verified now."""
    viewer = person_of(request)
    if request.method == "POST":
        return redirect("log-verification", ask_verification(by=viewer).number)
    form = PeriodForm(request.GET)
    found = verifications_for(viewer, form.period())
    context = {
        "form": form,
        "page_obj": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "running": unfinished().first(),
        "names": sees_names(viewer),
    }
    return render(request, "oversight/verifications.html", context)


@guarded
@require_GET
def verification(request: HttpRequest, number: int) -> HttpResponse:
    """One of them: how far it is, or what it found. Its page asks again until it is over."""
    viewer = person_of(request)
    one = verification_for(viewer, number)
    context = _context(viewer, one)
    if not request.headers.get("HX-Request"):
        return render(request, "oversight/verification.html", context)
    context |= {"heard": request.GET.get("heard", ""), "polled": True}
    answer = render(request, "oversight/partials/verification.html", context)
    return HttpResponseStopPolling(answer.content) if one.finished_at else answer


@guarded
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """The verifications of a period as a table to be kept."""
    viewer = person_of(request)
    period = PeriodForm(request.GET).period()
    found = download_verifications(by=viewer, period=period)
    name = f"verifications-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        csv_of_verifications(found, named=sees_names(viewer)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _context(viewer: User, one: Verification) -> dict[str, Any]:
    return {
        "verification": one,
        "step": one.get_step_display(),
        "silent": is_silent(one),
        "findings": findings_for(viewer, one),
        "names": sees_names(viewer),
        "reads_all": reads_all(viewer),
    }
