"""The rules: what is kept for how long."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.queries import may
from accounts.views import signed_in
from retention.exceptions import RetentionError
from retention.presets import CHECK
from retention.queries.proposals import (
    rule_proposal_for,
    rule_proposals_for,
)
from retention.queries.rules import history_of, is_short, keeps_less, period, policies, policy_of
from retention.rule_forms import PolicyForm
from retention.services.policies import (
    Rule,
    approve_rule,
    change_policy,
    propose_rule,
    withdraw_rule,
)
from retention.views.seams import act, asked_for, records


@records
def listing(request: HttpRequest) -> HttpResponse:
    """The rule in force for each record class, and which of them wait for a second person."""
    viewer = signed_in(request)
    waiting = rule_proposals_for(viewer).filter(state="waiting")
    classes = set(waiting.values_list("record_class", flat=True))
    rows = [
        {
            "policy": p,
            "period": period(p.term),
            "is_short": is_short(p.term),
            "waits": p.record_class in classes,
        }
        for p in policies()
    ]
    return render(
        request,
        "retention/policies.html",
        {"rows": rows, "is_approver": may(viewer, "approve_records")},
    )


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, record_class: str) -> HttpResponse:
    """A rule's versions, what was asked for, and the form for the next version."""
    viewer, versions = signed_in(request), list(history_of(record_class))
    if not versions:
        raise Http404
    form = PolicyForm(request.POST) if request.method == "POST" else PolicyForm.of(versions[0])
    if form.is_valid():
        try:
            done = _enter(viewer, record_class, form.rule(), form.cleaned_data["reason"])
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("retention_policy", record_class=record_class)
    context = {
        "form": form,
        "versions": [{"policy": one, "period": period(one.term)} for one in versions],
        "policy": versions[0],
        "check": CHECK,
        "is_approver": may(viewer, "approve_records"),
        "proposal": _waiting(viewer, record_class),
    }
    return render(request, "retention/policy.html", context)


def _enter(viewer: User, record_class: str, rule: Rule, reason: str) -> str:
    """Put it in force, or ask for it where that takes another person; says which."""
    if may(viewer, "approve_records") and not keeps_less(rule, policy_of(record_class)):
        change_policy(by=viewer, record_class=record_class, rule=rule, reason=reason)
        return _("The new version of the rule is in force.")
    propose_rule(by=viewer, record_class=record_class, rule=rule, reason=reason)
    return _("Asked for. The rule stays as it is until another person has approved it.")


def _waiting(viewer: User, record_class: str) -> dict[str, object] | None:
    found = rule_proposals_for(viewer).filter(record_class=record_class, state="waiting").first()
    if found is None:
        return None
    return asked_for(viewer, found) | {"period": period(found.term)}


@records
@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Be the second person."""
    viewer = signed_in(request)
    proposal = rule_proposal_for(viewer, number)
    return act(
        request,
        lambda: approve_rule(by=viewer, number=number),
        done=_("Approved. The new version of the rule is in force."),
        then="retention_policy",
        record_class=proposal.record_class,
    )


@records
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Let what was asked for be none."""
    viewer = signed_in(request)
    proposal = rule_proposal_for(viewer, number)
    return act(
        request,
        lambda: withdraw_rule(by=viewer, number=number),
        done=_("Withdrawn. The rule stays as it is."),
        then="retention_policy",
        record_class=proposal.record_class,
    )
