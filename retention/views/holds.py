"""Holds: what may not be disposed of."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import signed_in
from audit.sealed import open_record
from retention.exceptions import RetentionError
from retention.forms import HoldForm, ReasonForm
from retention.models import Hold
from retention.queries.holds import hold_for, holds_for, may_release
from retention.services.holds import place_hold, release_hold
from retention.views.naming import name_of
from retention.views.seams import act, records

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """Open holds, or released ones."""
    state = request.GET.get("state", "open")
    found = holds_for(signed_in(request)).filter(released_at__isnull=state != "released")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"hold": hold, "on": _on(hold)} for hold in page]
    context = {"page_obj": page, "rows": rows, "state": state}
    return render(request, "retention/holds.html", context)


@records
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    viewer = signed_in(request)
    form = HoldForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        values = form.cleaned_data
        try:
            hold = place_hold(
                by=viewer,
                kind=values["kind"],
                reason=values["reason"],
                review_on=values["review_on"],
                channel=values["channel"],
                person=values["person"],
            )
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The hold is in force. Nothing that it covers is destroyed.")
            )
            return redirect("retention_hold", number=hold.number)
    return render(request, "retention/hold_new.html", {"form": form})


@records
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One hold; for an approver who did not place it, the form that releases it."""
    viewer = signed_in(request)
    hold = hold_for(viewer, number)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        return act(
            request,
            lambda: release_hold(by=viewer, number=number, reason=form.cleaned_data["reason"]),
            done=_("The hold is released. What it covered is disposed of when it is due."),
            then="retention_hold",
            number=number,
        )
    context = {
        "hold": hold,
        "on": _on(hold),
        "reason": open_record(hold.record)["reason"],
        "form": form,
        "may_release": may_release(viewer, hold),
    }
    return render(request, "retention/hold.html", context)


def _on(hold: Hold) -> str:
    parts = []
    if hold.person:
        parts.append(hold.person.display_name)
    if hold.channel:
        parts.append(name_of(hold.channel))
    return " in ".join(parts)
