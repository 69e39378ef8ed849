"""`/messages/own/`: what a person keeps for themselves, for their own pages alone."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from messaging.exceptions import ChannelNotFound
from messaging.own_forms import DraftForm
from messaging.own_queries import answered_by, draft_json, drafts_of, saved_for, waiting_for
from messaging.own_words import OwnWords
from messaging.queries import channel_for
from messaging.services.kept_drafts import keep_draft
from messaging.views import person_of


@require_GET
@never_cache
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """What a person's pages show of it: `{"drafts": [{"channel", "text", "reply_to",
    "changed_at"}], "waiting", "refused", "saved"}`.

    `reply_to` is the message that is answered; then how many texts wait to be sent, how many of
    them were refused, and the ids of saved messages.
    """
    person = person_of(request)
    kept = drafts_of(person)
    answered = answered_by(person, (each.words for each in kept))
    shown = [
        draft_json(each, answered.get(each.words.reply_to) if each.words.reply_to else None)
        for each in kept
    ]
    waiting = list(waiting_for(person).values_list("refused", flat=True))
    counts = {"waiting": len(waiting), "refused": sum(map(bool, waiting))}
    saved = list(saved_for(person).values_list("message_id", flat=True))
    return JsonResponse({"drafts": shown, **counts, "saved": saved})


@require_http_methods(["PUT", "DELETE"])
@never_cache
@login_required
def draft(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Keep `{"text", "reply_to", "age"}` as the draft of a channel, or keep none."""
    person, form = person_of(request), DraftForm(sent(request))
    try:
        if not form.is_valid():
            channel_for(person, channel_id)  # outsiders are told only that it is not there
            why = next(iter(form.errors.get("text", ())), _("This cannot be kept as a draft."))
            return JsonResponse({"detail": why}, status=400)
        words = form.words() if request.method == "PUT" else OwnWords(text="")
        keep_draft(person=person, channel_id=channel_id, words=words, written_at=form.written_at())
    except ChannelNotFound:
        raise Http404 from None
    return HttpResponse(status=204)


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the request's body; anything else counts as an empty one."""
    try:
        found = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
