"""Disposals: what is due, who agreed, what each waits for, and the certificate."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.views import signed_in
from retention.forms import ReasonForm, TypedNumberForm
from retention.models import Clearance, Disposal
from retention.proposing.due import what_is_due
from retention.queries.batches import months_of
from retention.queries.disposals import (
    certificates_for,
    disposal_for,
    disposals_for,
    may_approve_disposal,
    may_put_forward,
    may_stop,
    may_withdraw,
)
from retention.queries.emptied import as_seen_by, clearances_for
from retention.queries.objections import (
    heard,
    lacking_clearances,
    may_clear,
    may_decide_objection,
    objections_for,
)
from retention.queries.replays import lost_certificates_for, replays_for
from retention.queries.rules import period, policies
from retention.services.clearances import clear_disposal
from retention.services.disposals import (
    approve_disposal,
    propose_disposals,
    put_disposal_forward,
    stop_disposal,
    withdraw_disposal,
)
from retention.views.seams import act, records
from retention.waits import waits_for

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """All disposals, newest first, with what each waits for."""
    viewer = signed_in(request)
    page = Paginator(disposals_for(viewer), ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = {policy.record_class: policy.name for policy in policies()}
    rows = [
        {
            "disposal": d,
            "name": names.get(d.record_class, d.record_class),
            "waits": waits_for(d),
        }
        for d in (as_seen_by(viewer, one) for one in page)
    ]
    restored = replays_for(viewer) or lost_certificates_for(viewer).exists()
    context = {"page_obj": page, "rows": rows, "replays": restored}
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
            done=_("Approved. The page says from when it may be carried out."),
            then="retention_disposal",
            number=number,
        )
    return render(request, "retention/disposal.html", _facts(viewer, disposal) | {"form": form})


def _facts(viewer: User, disposal: Disposal) -> dict[str, Any]:
    months, waits = months_of(viewer, disposal), waits_for(disposal)
    found = objections_for(viewer, disposal)
    return {
        "disposal": disposal,
        "months": months,
        "held": sum(month.held for month in months),
        "exclusions": disposal.exclusions.order_by("reason"),
        "period": period(disposal.policy.term),
        "waits": waits,
        "objections": [
            {"heard": heard(one), "may_decide": may_decide_objection(viewer, one)} for one in found
        ],
        "clearances": clearances_for(viewer, disposal),
        "to_clear": [
            part for part in lacking_clearances(disposal) if may_clear(viewer, disposal, part)
        ],
        "may_put_forward": may_put_forward(viewer, disposal),
        "may_approve": may_approve_disposal(viewer, disposal),
        "may_withdraw": may_withdraw(viewer, disposal),
        "may_stop": may_stop(viewer, disposal),
        "stop_form": ReasonForm(auto_id="id_stop_%s"),
        "certificate": certificates_for(viewer).filter(disposal=disposal.number).first(),
    }


@records
@require_POST
def put_forward(request: HttpRequest, number: int) -> HttpResponse:
    """Make what the machine proposed one's own proposal."""
    return act(
        request,
        lambda: put_disposal_forward(by=signed_in(request), number=number),
        done=_("Put forward in your name. Somebody else approves it."),
        then="retention_disposal",
        number=number,
    )


@records
@require_POST
def clear(request: HttpRequest, number: int) -> HttpResponse:
    """Whoever answers for the kind of record has no objection."""
    part = request.POST.get("part", "")
    return act(
        request,
        lambda: clear_disposal(by=signed_in(request), number=number, part=part),
        done=_("Cleared: %(part)s.") % {"part": dict(Clearance.Part.choices).get(part, "")},
        then="retention_disposal",
        number=number,
    )


@records
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take back a disposal of which nothing has been carried out."""
    return act(
        request,
        lambda: withdraw_disposal(by=signed_in(request), number=number),
        done=_("Withdrawn. Nothing of it is destroyed."),
        then="retention_disposal",
        number=number,
    )


@records
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """The data protection officer stops it, and says why."""
    reason = request.POST.get("reason", "")
    return act(
        request,
        lambda: stop_disposal(by=signed_in(request), number=number, reason=reason),
        done=_("Stopped. Nothing more of it is destroyed."),
        then="retention_disposal",
        number=number,
    )
