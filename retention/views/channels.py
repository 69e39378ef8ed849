"""Which rule each channel is under."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.views import signed_in
from messaging.models import Channel
from retention.queries.dates import counted_from
from retention.queries.proposals import (
    class_proposal_for,
    class_proposals_for,
)
from retention.queries.reach import exportable_for
from retention.queries.rules import keeping_of, keeps_less, period, policy_of
from retention.rule_forms import ClassForm
from retention.services.classes import (
    approve_class,
    propose_class,
    set_record_class,
    withdraw_class,
)
from retention.views.naming import name_of
from retention.views.seams import act, asked_for, records

ROWS_A_PAGE = 100


@records
def listing(request: HttpRequest) -> HttpResponse:
    """The channels with a name; direct conversations have a class of their own."""
    named = exportable_for(signed_in(request)).exclude(kind=Channel.Kind.DIRECT).order_by("name")
    page = Paginator(named, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"channel": one, "keeping": keeping_of(one), "counted": counted_from(one)} for one in page
    ]
    return render(request, "retention/channels.html", {"page_obj": page, "rows": rows})


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Put a channel under another rule, or ask for that where it takes two people."""
    viewer = signed_in(request)
    channel = exportable_for(viewer).filter(pk=channel_id).first()
    if channel is None:
        raise Http404
    form = ClassForm(request.POST or None, initial={"record_class": channel.record_class})
    if form.is_valid():
        values = {"by": viewer, "channel": channel, **form.cleaned_data}
        less = keeps_less(policy_of(values["record_class"]), policy_of(channel.record_class))
        return act(
            request,
            lambda: propose_class(**values) if less else set_record_class(**values),
            done=_("Asked for. The channel is kept as before until another person has approved it.")
            if less
            else _("The channel is under the other rule."),
            then="retention_channel",
            channel_id=channel_id,
        )
    context = {"form": form, "name": name_of(channel), "keeping": keeping_of(channel)}
    context |= {"channel": channel, "counted": counted_from(channel)}
    context["proposal"] = _waiting(viewer, channel)
    return render(request, "retention/channel.html", context)


def _waiting(viewer: User, channel: Channel) -> dict[str, object] | None:
    found = class_proposals_for(viewer).filter(channel=channel, state="waiting").first()
    if found is None:
        return None
    rule = policy_of(found.record_class)
    return asked_for(viewer, found) | {"rule": rule, "period": period(rule.term)}


@records
@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Be the second person."""
    viewer = signed_in(request)
    proposal = class_proposal_for(viewer, number)
    return act(
        request,
        lambda: approve_class(by=viewer, number=number),
        done=_("Approved. The channel is under the other rule."),
        then="retention_channel",
        channel_id=proposal.channel_id,
    )


@records
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Let what was asked for be none."""
    viewer = signed_in(request)
    proposal = class_proposal_for(viewer, number)
    return act(
        request,
        lambda: withdraw_class(by=viewer, number=number),
        done=_("Withdrawn. The channel is kept as before."),
        then="retention_channel",
        channel_id=proposal.channel_id,
    )
