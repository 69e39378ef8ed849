"""The rules: what is kept for how long."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.queries import may
from accounts.views import signed_in
from retention.exceptions import RetentionError
from retention.forms import PolicyForm
from retention.presets import CHECK
from retention.queries.rules import history_of, is_short, period, policies
from retention.services.policies import change_policy
from retention.views.seams import records


@records
def listing(request: HttpRequest) -> HttpResponse:
    """The rule in force for each record class."""
    rows = [
        {"policy": p, "period": period(p.term), "is_short": is_short(p.term)} for p in policies()
    ]
    context = {"rows": rows, "may_change": may(signed_in(request), "approve_records")}
    return render(request, "retention/policies.html", context | {"check": CHECK})


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, record_class: str) -> HttpResponse:
    """A rule's versions, and for an approver the form for the next."""
    viewer, versions = signed_in(request), list(history_of(record_class))
    if not versions:
        raise Http404
    may_change = may(viewer, "approve_records")
    form = PolicyForm(request.POST) if request.method == "POST" else PolicyForm.of(versions[0])
    if may_change and form.is_valid():
        try:
            change_policy(
                by=viewer,
                record_class=record_class,
                rule=form.rule(),
                reason=form.cleaned_data["reason"],
            )
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The new version of the rule is in force."))
            return redirect("retention_policies")
    context = {"form": form, "versions": versions, "policy": versions[0], "check": CHECK}
    return render(request, "retention/policy.html", context | {"may_change": may_change})
