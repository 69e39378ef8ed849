"""`/safeguarding/`: the desk, and the search of the whole record."""

from datetime import timedelta
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from audit.sealed import RecordGone
from messaging.process.giving_up import given_up, while_waited
from messaging.search.best import MOST_RANKED
from messaging.search.figures import in_words
from messaging.search.query import QueryError
from messaging.search.ranking import has_words
from messaging.search.scope import Position
from oversight.concern_views import concern_row
from oversight.entrances import guarded, person_of, roles_said
from oversight.errors import OversightError
from oversight.file_views import link_found
from oversight.forms import SearchForm
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.asking import chips_of, query_of
from oversight.queries.desk import (
    concerns_for,
    inquiry_of,
    kept_of,
    named_channel,
    named_person,
    search_for,
    searches_of,
)
from oversight.queries.hits import count_of
from oversight.queries.reviews import opened_counts
from oversight.services.searches import open_search, show_results

ROWS_A_PAGE: Final = 25


@guarded
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What was passed on, new first, and the latest searches."""
    viewer = person_of(request)
    page = Paginator(concerns_for(viewer), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [concern_row(concern) for concern in page],
        "new": concerns_for(viewer).filter(acknowledged_at=None).count(),
        "searches": _search_rows(list(searches_of(viewer)[:5])),
        "kept": kept_of(viewer),
    }
    return render(request, "oversight/desk.html", context)


@guarded
@require_GET
def searches(request: HttpRequest) -> HttpResponse:
    """The viewer's own searches."""
    found = searches_of(person_of(request))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "searches": _search_rows(list(page))}
    return render(request, "oversight/searches.html", context)


@guarded
@require_http_methods(["GET", "POST"])
def new_search(request: HttpRequest) -> HttpResponse:
    """Ask with a reason; `?wider=12` starts from an earlier search."""
    viewer = person_of(request)
    form = SearchForm(request.POST or None, by=viewer, initial=_widened(request, viewer))
    if request.method == "POST" and form.is_valid():
        try:
            waited = while_waited(request)
            search = open_search(by=viewer, inquiry=form.inquiry(), waited=waited)
            return redirect("desk-search", search.number)
        except OversightError as refused:
            form.add_error("words", str(refused))
    status = 422 if form.errors else 200
    return render(request, "oversight/new_search.html", {"form": form}, status=status)


@guarded
@require_GET
@given_up
def search(request: HttpRequest, number: int) -> HttpResponse:
    """What a search found, in context."""
    viewer = person_of(request)
    record = search_for(viewer, number)
    try:
        inquiry = inquiry_of(record)
        before = Position.read(asked) if (asked := request.GET.get("before")) else None
        skip = _skip(request)
        results = show_results(by=viewer, search=record, inquiry=inquiry, before=before, skip=skip)
    except RecordGone:
        return render(request, "oversight/search_gone.html", {"search": record}, status=410)
    except QueryError:
        return redirect("desk-search", number)
    link_found(results, number)
    context = _understood(viewer, record, inquiry) | {
        "results": results,
        "later_page": before is not None or bool(skip),
        "best": results.best,
        "role": roles_said(viewer),
    }
    return render(request, "oversight/search.html", context)


@guarded
@require_GET
@given_up
def search_count(request: HttpRequest, number: int) -> HttpResponse:
    """How many texts a search finds; part of the search that is on record already."""
    viewer = person_of(request)
    record = search_for(viewer, number)
    try:
        counted = in_words(count_of(viewer, inquiry_of(record), record.opened_at), versions=True)
    except RecordGone:
        counted = ""
    return render(request, "messaging/partials/counted.html", {"counted": counted})


def _search_rows(found: list[SearchRecord]) -> list[dict[str, Any]]:
    opened = opened_counts(found)
    return [
        {"search": each, "inquiry": _inquiry_or_none(each), "opened": opened[each.uid]}
        for each in found
    ]


def _inquiry_or_none(search: SearchRecord) -> Inquiry | None:
    try:
        return inquiry_of(search)
    except RecordGone:
        return None


def _understood(viewer: User, record: SearchRecord, inquiry: Inquiry) -> dict[str, Any]:
    """What a search asked, as the page above its results says it."""
    return {
        "search": record,
        "asked": _asked(viewer, inquiry),
        "chips": chips_of(viewer, inquiry, record.opened_at),
        "wider": f"{reverse('desk-new-search')}?wider={record.number}",
        "can_rank": has_words(query_of(viewer, inquiry, record.opened_at).tree),
    }


def _asked(viewer: User, inquiry: Inquiry) -> dict[str, Any]:
    """The inquiry with names in the place of ids, and the last day that it reaches."""
    where = named_channel(viewer, inquiry)
    person = named_person(viewer, inquiry)
    return {
        "inquiry": inquiry,
        "last": inquiry.until and inquiry.until - timedelta(microseconds=1),
        "where": where and where.name,
        "person": person and person.display_name,
    }


def _widened(request: HttpRequest, viewer: User) -> dict[str, Any]:
    """What the form of a wider search starts with: the earlier one without its bounds."""
    number = request.GET.get("wider", "")
    if not number.isdecimal():
        return {}
    inquiry = _inquiry_or_none(search_for(viewer, int(number)))
    if inquiry is None:
        return {}
    return {
        "reason": inquiry.reason,
        "words": inquiry.words,
        "name": inquiry.name,
        "concern": inquiry.concern,
        "person": inquiry.person,
        "channel": named_channel(viewer, inquiry),
        "span": "all",
    }


def _skip(request: HttpRequest) -> int | None:
    """How many of the best to pass over; None where the newest come first."""
    if request.GET.get("sort") != "best":
        return None
    asked = request.GET.get("skip", "")
    return min(int(asked), MOST_RANKED) if asked.isdecimal() else 0
