"""Behind the chat: who can read a channel, and passing a message to the safeguarding lead."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from messaging.queries import message_for
from messaging.rendering import messages_json
from oversight.entrances import guarded, person_of
from oversight.errors import AlreadyPassedOn, OversightError
from oversight.forms import ConcernForm
from oversight.queries.desk import own_concern
from oversight.queries.readers import readers_of
from oversight.services.concerns import raise_concern


@gzip_page  # as the chat itself: the page says nothing of what was asked for
@guarded
@require_GET
def readers(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Who can read a channel: the panel for the chat, or a page of its own."""
    context = vars(readers_of(person_of(request), channel_id))
    part = "messaging/partials/readers.html"
    whole = "oversight/readers.html"
    return render(request, part if request.headers.get("HX-Request") else whole, context)


@guarded
@require_http_methods(["GET", "POST"])
def concern(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Pass a message to the safeguarding lead; afterwards it says that this was done."""
    person = person_of(request)
    message = message_for(person, message_id)
    form = ConcernForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _passed_on(person, message_id, form):
        return redirect(request.path)
    context = {
        "form": form,
        "message": messages_json([message])[0],
        "back": f"/?channel={message.channel_id}&message={message.id}",
        "passed": own_concern(person, message_id),
    }
    return render(request, "oversight/pass_on.html", context)


def _passed_on(person: User, message_id: UUID, form: ConcernForm) -> bool:
    try:
        raise_concern(by=person, message_id=message_id, note=form.cleaned_data["note"])
    except AlreadyPassedOn:
        return True
    except OversightError as refused:
        form.add_error(None, str(refused))
        return False
    return True
