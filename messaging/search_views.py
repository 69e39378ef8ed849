"""`/search/`: a member's own search, over what they may read. It asks no reason and leaves none."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from messaging.marking import marked
from messaging.models import Channel
from messaging.queries import Named, channels_for, names_for
from messaging.rendering import message_json, names_of, put_corrections
from messaging.search.asked import HAS, Choices, understood
from messaging.search.hits import Hit
from messaging.search.query import Has, Query, QueryError
from messaging.search.run import Page, search
from messaging.search.scope import Position, Scope
from messaging.views import person_of


class OwnSearchForm(forms.Form):
    """If wanted, one of one's channels, the person who wrote, days and what it has. The words are
    read as they are: the search says itself what it cannot read."""

    channel = forms.UUIDField(required=False)
    person = forms.UUIDField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    has = forms.TypedChoiceField(
        choices=[(has.value, label) for has, label in HAS.items()], coerce=Has, required=False
    )


@require_GET
@never_cache
@login_required
def own_search(request: HttpRequest) -> HttpResponse:
    """Search one's channels: `q` with its filters, the fields beside it and, to go on, `before`."""
    person = person_of(request)
    form = OwnSearchForm(request.GET)
    form.full_clean()
    fields = {name: value for name, value in form.cleaned_data.items() if value}
    words = request.GET.get("q", "").replace("\0", " ").strip()
    choices = _choices(person)
    context = {"words": words, "fields": fields, "choices": choices, "having": HAS}
    status = 200
    try:
        asked = understood(words, fields, choices)
        context |= {"chips": asked.chips, "likened": asked.likened}
        if asked.query is not None:
            page = _find(person, asked.query, request.GET.get("before", ""))
            context |= {"page": page, "hits": _shown(page.hits, choices)}
    except QueryError as unreadable:
        context["error"], status = str(unreadable), 422
    return render(request, "messaging/search.html", context, status=status)


def _find(person: User, query: Query, before: str) -> Page:
    channels = frozenset(channels_for(person).values_list("id", flat=True))
    position = Position.read(before) if before else None
    return search(Scope(channels=channels), query, before=position)


def _shown(hits: list[Hit], choices: Choices) -> list[dict[str, Any]]:
    names = names_of(hit.message.author_id for hit in hits)
    told = [message_json(hit.message, hit.body, names) for hit in hits]
    put_corrections(told)
    return [
        {
            "message": message,
            "html": marked(hit.body.text, hit.spans),
            "files": hit.files,
            "channel_name": choices.channels.get(hit.message.channel_id, ""),
            "url": f"/?channel={hit.message.channel_id}&message={hit.message.id}",
            "before": [],
            "after": [],
        }
        for hit, message in zip(hits, told, strict=True)
    ]


def _choices(person: User) -> Choices:
    """Whom and what the filters may name: colleagues, and the person's own channels."""
    people = User.objects.filter(is_active=True).order_by("display_name")
    channels = sorted(_channel_names(person).items(), key=lambda pair: pair[1].casefold())
    return Choices(
        me=person,
        people=dict(people.values_list("id", "display_name")),
        channels=dict(channels),
    )


def _channel_names(person: User) -> dict[UUID, str]:
    """The person's channels; a direct conversation is called after its people."""
    return {channel: _shown_name(named) for channel, named in names_for(person).items()}


def _shown_name(named: Named) -> str:
    if named.kind == Channel.Kind.DIRECT:
        return _("Direct: %(name)s") % {"name": named.name}
    return str(named.name)
