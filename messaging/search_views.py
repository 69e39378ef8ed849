"""`/search/`: a member's own search, over what they may read. It asks no reason and leaves none."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from messaging.marking import marked
from messaging.models import Channel
from messaging.queries import channels_for, rail_for
from messaging.rendering import message_json, names_of
from messaging.search.query import MAX_CHARS, Query, QueryError, parse
from messaging.search.run import Hit, Page, search
from messaging.search.scope import Position, Scope
from messaging.views import person_of


class OwnSearchForm(forms.Form):
    """Words and, if wanted, one of one's channels and the person who wrote."""

    q = forms.CharField(max_length=MAX_CHARS, required=False, label="Words")
    channel = forms.UUIDField(required=False)
    person = forms.UUIDField(required=False)


@require_GET
@never_cache
@login_required
def own_search(request: HttpRequest) -> HttpResponse:
    """Search one's channels: `q`, `channel`, `person` and, to go on, `before`."""
    person = person_of(request)
    form = OwnSearchForm(request.GET)
    form.full_clean()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    context = {"words": asked.get("q", ""), **_chips(person, asked)}
    status = 200
    if asked.keys() - {"channel"}:
        try:
            page = _find(person, asked, request.GET.get("before", ""))
            context |= {"page": page, "hits": _shown(person, page.hits)}
        except QueryError as unreadable:
            context["error"], status = str(unreadable), 422
    return render(request, "messaging/search.html", context, status=status)


def _find(person: User, asked: dict[str, Any], before: str) -> Page:
    channels = frozenset(channels_for(person).values_list("id", flat=True))
    query: Query = parse(
        asked.get("q", ""), channel=asked.get("channel"), author=asked.get("person")
    )
    position = Position.read(before) if before else None
    return search(Scope(channels=channels), query, before=position)


def _shown(person: User, hits: list[Hit]) -> list[dict[str, Any]]:
    channels = _channel_names(person)
    names = names_of(hit.message.author_id for hit in hits)
    return [
        {
            "message": message_json(hit.message, hit.body, names),
            "html": marked(hit.body.text, hit.spans),
            "channel_name": channels.get(hit.message.channel_id, ""),
            "url": f"/?channel={hit.message.channel_id}&message={hit.message.id}",
            "before": [],
            "after": [],
        }
        for hit in hits
    ]


def _chips(person: User, asked: dict[str, Any]) -> dict[str, Any]:
    """The filters in words; an id that is not the person's own filters, and is named by nothing."""
    channels = _channel_names(person)
    writer = User.objects.filter(id=asked["person"]).first() if "person" in asked else None
    return {
        "channels": sorted(channels.items(), key=lambda pair: pair[1].casefold()),
        "channel": asked.get("channel"),
        "writer": writer,
        "writers": User.objects.filter(is_active=True).order_by("display_name"),
        "narrowed": len(asked) - ("q" in asked),
    }


def _channel_names(person: User) -> dict[UUID, str]:
    """The person's channels; a direct conversation is called after its people."""
    return {
        listed.id: f"Direct: {listed.name}" if listed.kind == Channel.Kind.DIRECT else listed.name
        for listed in rail_for(person)
    }
