"""Holds: what may not be disposed of."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import signed_in
from audit.clock import now
from audit.sealed import open_record
from retention.exceptions import RetentionError
from retention.forms import ReasonForm
from retention.hold_forms import HoldForm, ReviewForm
from retention.models import Hold
from retention.queries.holds import hold_for, holds_for, holds_to_review, may_release
from retention.services.holds import place_hold, release_hold, review_hold
from retention.views.naming import covered_by
from retention.views.seams import act, records

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """Open holds, or released ones; first those that wait for the viewer to look at them."""
    viewer = signed_in(request)
    state = request.GET.get("state", "open")
    found = holds_for(viewer).filter(released_at__isnull=state != "released")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"hold": hold, "on": covered_by(hold)} for hold in page]
    waiting = holds_to_review(viewer, now().date())
    context = {"page_obj": page, "rows": rows, "state": state, "waiting": waiting}
    return render(request, "retention/holds.html", context)


@records
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    viewer = signed_in(request)
    form = HoldForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        names = (
            "kind", "reason", "review_on", "owner", "channels", "people", "since", "until",
            "words",
        )  # fmt: skip
        values = {name: form.cleaned_data[name] for name in names}
        try:
            hold = place_hold(by=viewer, **values)
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
    context = _shown(hold) | {"form": form, "may_release": may_release(viewer, hold)}
    return render(request, "retention/hold.html", context)


@records
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Say why a hold goes on, and until when."""
    viewer = signed_in(request)
    hold = hold_for(viewer, number)
    form = ReviewForm(request.POST or None, hold=hold)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("reason", "owner", "review_on")}
        return act(
            request,
            lambda: review_hold(by=viewer, number=number, **values),
            done=_("The hold goes on. Its owner is reminded on the day that you chose."),
            then="retention_hold",
            number=number,
        )
    return render(request, "retention/hold_review.html", _shown(hold) | {"form": form})


def _shown(hold: Hold) -> dict[str, object]:
    return {
        "hold": hold,
        "on": covered_by(hold),
        **_sealed(hold),
        "is_due": hold.released_at is None and hold.review_on <= now().date(),
    }


def _sealed(hold: Hold) -> dict[str, object]:
    opened = open_record(hold.record)
    found = hold.matches.filter(unread=False).count() if hold.by_words else 0
    unread = hold.matches.filter(unread=True).count() if hold.by_words else 0
    words = opened.get("words", "")
    return {"reason": opened["reason"], "words": words, "found": found, "unread": unread}
