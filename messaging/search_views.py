"""`/search/`: a member's own search, over what they may read. It asks no reason and leaves none."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import signed_in
from accounts.models import User
from audit.clock import now
from messaging.marking import marked
from messaging.process.giving_up import given_up
from messaging.queries import channels_for
from messaging.rendering import message_json, names_of, put_corrections
from messaging.search.asked import HAS, Choices, understood
from messaging.search.beats import at_a_beat
from messaging.search.best import at, best
from messaging.search.counting import Count, count
from messaging.search.figures import in_words
from messaging.search.hits import Hit
from messaging.search.query import Query, QueryError
from messaging.search.ranking import has_words
from messaging.search.run import search
from messaging.search.scope import Position, Scope
from messaging.search_form import BEST, OwnSearchForm, choices_of
from messaging.views import person_of


@require_GET
@never_cache
@given_up
@signed_in
def own_search(request: HttpRequest) -> HttpResponse:
    """Search one's channels: `q` with its filters, the fields beside it and, to go on, `before`."""
    return _answer(request, _asked(request, person_of(request)))


@require_GET
@never_cache
@given_up
@signed_in
def own_count(request: HttpRequest) -> HttpResponse:
    """How many messages the same search finds, which may take longer than its first page."""
    person = person_of(request)
    choices = choices_of(person)
    form = OwnSearchForm(request.GET, choices=choices)
    query = None
    with suppress(QueryError):
        if not form.is_wrong:
            query = understood(_words(request), form.filled(), choices).query
    counted = "" if query is None else in_words(_counted(_scope(person), query))
    return render(request, "messaging/partials/counted.html", {"counted": counted})


def _counted(scope: Scope, query: Query) -> Count:
    with at_a_beat(scope):
        return count(scope, query)


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page; while somebody types what changes of it, and what is not finished is no fault."""
    if "HX-Request" not in request.headers:
        status = 422 if "error" in context or context["form"].is_wrong else 200
        return render(request, "messaging/search.html", context, status=status)
    context["said"] = _said(context)
    answer = render(request, "messaging/partials/found.html", context)
    answer["HX-Replace-Url"] = _address(request)
    return answer


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", " ").strip()


def _asked(request: HttpRequest, person: User) -> dict[str, Any]:
    """What the page shows. With a filter that cannot be read nothing is searched:
    what is found without it would be taken for an answer."""
    choices = choices_of(person)
    form = OwnSearchForm(request.GET, choices=choices)
    fields = form.filled()
    sort, skip = fields.pop("sort", ""), fields.pop("skip", 0)
    context: dict[str, Any] = {
        "words": _words(request),
        "form": form,
        "fields": fields,
        "choices": choices,
        "having": HAS,
    }
    if form.is_wrong:
        return context
    try:
        asked = understood(_words(request), fields, choices)
        context |= {"chips": asked.chips, "likened": asked.likened}
        if asked.query is not None:
            before = request.GET.get("before", "")
            context |= _found(person, asked.query, before, skip, best_first=sort == BEST)
            context["hits"] = _shown(context.pop("found"), choices)
            context["figure"] = _figure(context, before)
    except QueryError as unreadable:
        context |= {"error": str(unreadable), "stumble": unreadable.place}
    return context


def _scope(person: User) -> Scope:
    return Scope(channels=frozenset(channels_for(person).values_list("id", flat=True)))


def _figure(context: Mapping[str, Any], before: str) -> str:
    """What stands above the first page: how many there are, or where to ask; else nothing."""
    page = context["page"]
    if before or "best" in context or not context["hits"]:
        return ""
    if page.next is None:
        return in_words(Count(number=len(context["hits"]), exact=not page.unread, partial=False))
    return "ask"


def _said(context: Mapping[str, Any]) -> str:
    """What a screen reader says of what was found while somebody types."""
    if "page" not in context:
        wrong = next(filter(None, context["form"].wrong.values()), "")
        return wrong or str(context.get("error", "")) or _("Type a word to search for.")
    said = _number_said(context)
    return f"{said} {_('Not everything could be searched.')}" if context["page"].unread else said


def _number_said(context: Mapping[str, Any]) -> str:
    number = len(context["hits"])
    if not number:
        return _("Nothing was found.")
    if context["page"].next or ("best" in context and context["best"].next):
        return ngettext(
            "%(count)s message found, and there are more.",
            "%(count)s messages found, and there are more.",
            number,
        ) % {"count": number}
    found = ngettext("%(count)s message found.", "%(count)s messages found.", number)
    return found % {"count": number}


def _address(request: HttpRequest) -> str:
    """The page's own, with what is filled in alone."""
    filled = {name: value for name, value in request.GET.items() if value}
    return f"{request.path}?{urlencode(filled)}" if filled else request.path


def _found(
    person: User, query: Query, before: str, skip: int, *, best_first: bool
) -> dict[str, Any]:
    """What was found, and for the template the page, or the best with the moment they are of."""
    position = Position.read(before) if before else None
    scope = _scope(person)
    can_rank = has_words(query.tree)
    if best_first and can_rank:
        as_of = position or at(now())
        with at_a_beat(scope):
            ranked = best(scope, query, as_of=as_of, skip=skip)
        shown = {"page": ranked.found, "best": ranked, "as_of": as_of}
        return shown | {"found": ranked.hits, "can_rank": True}
    with at_a_beat(scope):
        page = search(scope, query, before=position)
    return {"page": page, "found": page.hits, "can_rank": can_rank}


def _shown(hits: list[Hit], choices: Choices) -> list[dict[str, Any]]:
    names = names_of(hit.message.author_id for hit in hits)
    told = [message_json(hit.message, hit.body, names) for hit in hits]
    put_corrections(told)
    return [
        {
            "id": hit.message.id,
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
