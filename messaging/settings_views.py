"""A channel's settings, for its owners."""

from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from messaging.exceptions import ChannelNotFound, MessagingError
from messaging.forms import ChannelSettingsForm
from messaging.models import Channel
from messaging.queries import channel_for, may_manage
from messaging.services.channel_settings import change_channel
from messaging.views import person_of


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def settings(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Name, purpose, who may mention everybody, and whether pictures may be posted."""
    person = person_of(request)
    channel = _managed(person, channel_id)
    form = ChannelSettingsForm(request.POST or None, initial=_present(channel))
    if request.method == "POST" and form.is_valid():
        try:
            change_channel(by=person, channel_id=channel_id, **form.cleaned_data)
        except MessagingError as refused:
            form.add_error(None, str(refused))
        else:
            flash.success(request, _("The settings of this channel are saved."))
            return redirect(request.path)
    return render(request, "messaging/channel_settings.html", {"channel": channel, "form": form})


def _managed(person: User, channel_id: UUID) -> Channel:
    """A channel that this person owns; whoever does not finds no such page."""
    try:
        channel = channel_for(person, channel_id)
    except ChannelNotFound:
        raise Http404 from None
    if not may_manage(person, channel) or channel.archived_at:
        raise Http404
    return channel


def _present(channel: Channel) -> dict[str, str | bool]:
    return {
        "name": channel.name,
        "purpose": channel.purpose,
        "mention_all": channel.mention_all,
        "no_images": channel.no_images,
    }
