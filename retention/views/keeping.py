"""What owners see of the keeping of their channel: what is due soon, and where they may object."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.views import signed_in
from retention.exceptions import NotFound
from retention.proposal_forms import ObjectionForm
from retention.queries.keeping import coming_in, own_channel, parts_of_channel
from retention.queries.objections import kept_longer
from retention.queries.rules import keeping_of
from retention.services.objections import object_to_disposal
from retention.views.naming import name_of
from retention.views.seams import act
from retention.waits import said


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def of_channel(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """The rule, what is due soon, and the channel's part of proposals; a POST objects."""
    owner = signed_in(request)
    try:
        channel = own_channel(owner, channel_id)
    except NotFound:
        raise Http404 from None
    form = ObjectionForm(request.POST or None, longer=kept_longer(channel))
    number = request.POST.get("number", "")
    if number.isdecimal() and form.is_valid():
        return act(
            request,
            lambda: object_to_disposal(
                by=owner,
                channel_id=channel_id,
                number=int(number),
                **form.cleaned_data,
            ),
            done=_("Your objection is with those who decide about it."),
            then="channel-keeping",
            channel_id=channel_id,
        )
    parts = parts_of_channel(owner, channel)
    context = {
        "channel": channel,
        "name": name_of(channel),
        "keeping": keeping_of(channel),
        "coming": coming_in(channel, timezone.localdate()),
        "parts": [{"part": part, "until": said(part.disposal.object_before)} for part in parts],
        "form": form,
    }
    return render(request, "retention/keeping.html", context)
