"""`/messages/saved/`: the messages that a person wants to find again."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from messaging.exceptions import MessageNotFound, MessagingError
from messaging.own_queries import saved_for
from messaging.queries import names_for
from messaging.rendering import messages_json
from messaging.services.saved import forget_message, save_message
from messaging.views import person_of


@require_GET
@never_cache
@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """The list, with a way to each."""
    return render(request, "messaging/saved.html", {"hits": _shown(person_of(request))})


@require_http_methods(["PUT", "DELETE"])
@login_required
def save(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Save a message, or take it off the list: 204."""
    person = person_of(request)
    try:
        if request.method == "PUT":
            save_message(person=person, message_id=message_id)
        else:
            forget_message(person=person, message_id=message_id)
    except MessageNotFound:
        raise Http404 from None
    except MessagingError as refused:
        return JsonResponse({"code": refused.code, "detail": str(refused)}, status=409)
    return HttpResponse(status=204)


@require_POST
@login_required
def forget(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The same from the list."""
    forget_message(person=person_of(request), message_id=message_id)
    return redirect("saved")


def _shown(person: User) -> list[dict[str, Any]]:
    names = names_for(person)
    messages = [each.message for each in saved_for(person)]
    return [
        {
            "message": shown,
            "channel_name": names[message.channel_id].name,
            "url": f"/?channel={message.channel_id}&message={message.id}",
        }
        for message, shown in zip(messages, messages_json(messages), strict=True)
    ]
