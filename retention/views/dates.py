"""What a channel's rule is counted from."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.views import signed_in
from messaging.models import Channel
from retention.exceptions import OtherDate
from retention.queries.dates import counted_from, may_agree
from retention.queries.reach import exportable_for
from retention.queries.rules import keeping_of
from retention.rule_forms import AgreeForm, DateForm
from retention.services.dates import agree_to_date, set_trigger
from retention.views.naming import name_of
from retention.views.seams import act, records


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Set the day, or the person whose leaving begins the period."""
    viewer = signed_in(request)
    channel = _channel(viewer, channel_id)
    form = DateForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        return act(
            request,
            lambda: set_trigger(by=viewer, channel=channel, **form.cleaned_data),
            done=_("The date is set. What would be due earlier by it waits for a second person."),
            then="retention_channel",
            channel_id=channel_id,
        )
    context = {"form": form, "channel": channel, "name": name_of(channel)}
    context |= {"keeping": keeping_of(channel), "counted": counted_from(channel)}
    context["may_agree"] = may_agree(viewer, channel)
    return render(request, "retention/channel_date.html", context)


@records
@require_POST
def agree(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Be the second person for the date that the page showed."""
    viewer = signed_in(request)
    channel = _channel(viewer, channel_id)
    form = AgreeForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(OtherDate()))
        return redirect("retention_channel_date", channel_id=channel_id)
    return act(
        request,
        lambda: agree_to_date(by=viewer, channel=channel, on=form.cleaned_data["on"]),
        done=_("Agreed. The rule is counted from that day."),
        then="retention_channel",
        channel_id=channel_id,
    )


def _channel(viewer: User, channel_id: UUID) -> Channel:
    found = exportable_for(viewer).filter(pk=channel_id).first()
    if found is None:
        raise Http404
    return found
