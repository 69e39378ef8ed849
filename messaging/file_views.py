"""The files of messages, for whoever may read the message."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.exceptions import ChannelNotFound, MessageNotFound
from messaging.files.handing_out import hand_out, hand_out_thumbnail
from messaging.files.queries import attachment_for, files_in
from messaging.views import person_of


@require_safe
@never_cache
@login_required
def of_channel(request: HttpRequest, channel_id: UUID) -> HttpResponseBase:
    """The files of a channel as JSON, the newest first; `?before=MESSAGE` goes on from there."""
    try:
        before = UUID(request.GET["before"]) if request.GET.get("before") else None
        files, more = files_in(person_of(request), channel_id, before)
    except (ChannelNotFound, ValueError):
        raise Http404 from None
    return JsonResponse({"files": files, "more": more})


@require_safe
@login_required
def file(request: HttpRequest, message_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file of a message, or a range of it."""
    try:
        found = attachment_for(person_of(request), message_id, file_id)
    except MessageNotFound:
        raise Http404 from None
    return hand_out(request, found)


@require_safe
@login_required
def thumbnail(request: HttpRequest, message_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The small picture of a picture."""
    try:
        found = attachment_for(person_of(request), message_id, file_id)
    except MessageNotFound:
        raise Http404 from None
    if found.thumbnail is None:
        raise Http404
    return hand_out_thumbnail(request, found)
