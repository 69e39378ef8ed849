"""Which rule each channel is under."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import signed_in
from messaging.models import Channel
from retention.forms import ClassForm
from retention.queries.reach import exportable_for
from retention.queries.rules import keeping_of
from retention.services.classes import set_record_class
from retention.views.naming import name_of
from retention.views.seams import act, records

ROWS_A_PAGE = 100


@records
def listing(request: HttpRequest) -> HttpResponse:
    """The channels with a name; direct conversations have a class of their own."""
    named = exportable_for(signed_in(request)).exclude(kind=Channel.Kind.DIRECT).order_by("name")
    page = Paginator(named, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"channel": one, "keeping": keeping_of(one)} for one in page]
    return render(request, "retention/channels.html", {"page_obj": page, "rows": rows})


@records
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Put a channel under another rule."""
    viewer = signed_in(request)
    channel = exportable_for(viewer).filter(pk=channel_id).first()
    if channel is None:
        raise Http404
    form = ClassForm(request.POST or None, initial={"record_class": channel.record_class})
    if form.is_valid():
        values = form.cleaned_data
        return act(
            request,
            lambda: set_record_class(by=viewer, channel=channel, **values),
            done=_("The channel is under the other rule."),
            then="retention_channel",
            channel_id=channel_id,
        )
    context = {"form": form, "name": name_of(channel), "keeping": keeping_of(channel)}
    return render(request, "retention/channel.html", context)
