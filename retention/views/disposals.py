"""Disposals: what is due, who agreed, and the certificate."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views import signed_in
from retention.forms import TypedNumberForm
from retention.queries.batches import months_of
from retention.queries.disposals import (
    disposal_for,
    disposals_for,
    may_approve_disposal,
    may_withdraw,
)
from retention.queries.replays import replays_for
from retention.queries.rules import period, policies
from retention.services.disposals import (
    approve_disposal,
    propose_disposals,
    what_is_due,
    withdraw_disposal,
)
from retention.views.seams import act, records

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """All disposals, newest first."""
    found = disposals_for(signed_in(request))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = {policy.record_class: policy.name for policy in policies()}
    rows = [{"disposal": d, "name": names.get(d.record_class, d.record_class)} for d in page]
    context = {"page_obj": page, "rows": rows, "replays": replays_for(signed_in(request))}
    return render(request, "retention/disposals.html", context)


@records
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Look for what is due and propose it."""
    viewer = signed_in(request)
    proposed = propose_disposals(by=viewer)
    if disposals_for(viewer).filter(number__in=[one.number for one in proposed]).exists():
        messages.success(request, _("What is due has been proposed. A second person approves it."))
    elif any(due.due for due in what_is_due()):
        messages.info(request, _("What is due has been proposed already, or is kept for review."))
    else:
        messages.info(request, _("Nothing is due."))
    return redirect("retention_disposals")


@records
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """A proposal with what it holds; for a second person, the number to type."""
    viewer = signed_in(request)
    disposal = disposal_for(viewer, number)
    form = TypedNumberForm(request.POST or None, expected=number)
    if form.is_valid():
        return act(
            request,
            lambda: approve_disposal(by=viewer, number=number),
            done=_("Approved. It is carried out with the next run of apply_retention."),
            then="retention_disposal",
            number=number,
        )
    months = months_of(viewer, disposal)
    context = {
        "disposal": disposal,
        "months": months,
        "held": sum(month.held for month in months),
        "period": period(disposal.policy.term),
        "form": form,
        "may_approve": may_approve_disposal(viewer, disposal),
        "may_withdraw": may_withdraw(viewer, disposal),
        "certificate": disposal.certificate,
    }
    return render(request, "retention/disposal.html", context)


@records
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a disposal of which nothing has been carried out."""
    return act(
        request,
        lambda: withdraw_disposal(by=signed_in(request), number=number),
        done=_("Withdrawn. Nothing of it is destroyed."),
        then="retention_disposal",
        number=number,
    )
