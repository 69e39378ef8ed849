"""The files of messages, for whoever may read the message."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from messaging.exceptions import MessageNotFound
from messaging.files.handing_out import hand_out, hand_out_thumbnail
from messaging.files.queries import attachment_for
from messaging.views import person_of


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
