"""What a channel's rule is counted from."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import signed_in
from retention.queries.dates import counted_from
from retention.queries.reach import exportable_for
from retention.queries.rules import keeping_of
from retention.rule_forms import DateForm
from retention.services.dates import set_trigger
from retention.views.naming import name_of
from retention.views.seams import act, records


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Set the day, or the person whose leaving begins the period."""
    viewer = signed_in(request)
    channel = exportable_for(viewer).filter(pk=channel_id).first()
    if channel is None:
        raise Http404
    form = DateForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        return act(
            request,
            lambda: set_trigger(by=viewer, channel=channel, **form.cleaned_data),
            done=_("The date is set."),
            then="retention_channel",
            channel_id=channel_id,
        )
    context = {"form": form, "channel": channel, "name": name_of(channel)}
    context |= {"keeping": keeping_of(channel), "counted": counted_from(channel)}
    return render(request, "retention/channel_date.html", context)
