"""How long the steps of a disposal last, and what becomes of objections."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.queries import may
from accounts.views import signed_in
from retention.exceptions import RetentionError
from retention.proposal_forms import DecisionForm, StepsForm
from retention.queries.objections import heard, may_decide_objection, objection_for
from retention.queries.rules import policy_of
from retention.queries.steps import records_settings
from retention.services.objections import decide_objection
from retention.services.steps import change_steps
from retention.views.naming import name_of
from retention.views.seams import act, records


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The lengths of the steps; an approver changes them."""
    viewer, present = signed_in(request), records_settings()
    may_change = may(viewer, "approve_records")
    form = StepsForm(request.POST or None, instance=present)
    if may_change and form.is_valid():
        try:
            change_steps(by=viewer, wanted=form.cleaned_data)
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. What is under way keeps its days."))
            return redirect("retention_steps")
    context = {"form": form, "present": records_settings(), "may_change": may_change}
    return render(request, "retention/steps.html", context)


@records
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, number: int, objection_id: int) -> HttpResponse:
    """One objection with its reason, and the form that decides about it."""
    viewer = signed_in(request)
    objection = objection_for(viewer, number, objection_id)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        return act(
            request,
            lambda: decide_objection(by=viewer, number=number, objection_id=objection_id, **values),
            done=_("It is taken out and kept for now.") if values["upheld"] else _("It stays in."),
            then="retention_disposal",
            number=number,
        )
    wanted = objection.wanted_class
    context = {
        "heard": heard(objection),
        "wanted": policy_of(wanted).name if wanted else "",
        "channel": name_of(objection.channel),
        "disposal": objection.disposal,
        "form": form,
        "may_decide": may_decide_objection(viewer, objection),
    }
    return render(request, "retention/objection.html", context)
