"""The files of messages at the safeguarding desk: their addresses, and what stands behind them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from audit.sealed import RecordGone
from messaging.files.handing_out import hand_out
from oversight.entrances import guarded, person_of
from oversight.queries.desk import concern_for, inquiry_of, search_for
from oversight.queries.hits import MessageInContext
from oversight.queries.results import LINES_OF_CONTEXT, Results
from oversight.services.files import open_concerning_file, open_found_file

type Message = dict[str, Any]


@guarded
@require_GET
def found_file(
    request: HttpRequest, number: int, message_id: UUID, file_id: UUID
) -> HttpResponseBase:
    """A file that the place of a hit lays open, or a range of it."""
    viewer = person_of(request)
    search = search_for(viewer, number)
    try:
        inquiry = inquiry_of(search)
    except RecordGone:
        return render(request, "oversight/search_gone.html", {"search": search}, status=410)
    file = open_found_file(
        by=viewer,
        search=search,
        inquiry=inquiry,
        message_id=message_id,
        file_id=file_id,
        in_part="Range" in request.headers,
    )
    return hand_out(request, file)


@guarded
@require_GET
def concerning_file(request: HttpRequest, number: int, file_id: UUID) -> HttpResponseBase:
    """A file that a concern lays open, or a range of it."""
    viewer = person_of(request)
    file = open_concerning_file(
        by=viewer,
        concern=concern_for(viewer, number),
        file_id=file_id,
        in_part="Range" in request.headers,
    )
    return hand_out(request, file)


def link_found(results: Results, number: int) -> None:
    """Give what a search found, and the files in it, their addresses."""
    for hit in results.hits:
        found = hit["message"]
        hit["url"] = reverse("desk-message", args=[number, found["id"]])
        if LINES_OF_CONTEXT in {len(hit["before"]), len(hit["after"])}:  # else there are no more
            hit["around"] = reverse("desk-around", args=[number, *hit["place"]])
        _link([found, *hit["before"], *hit["after"]], "desk-file", number, found["id"])


def link_place(place: MessageInContext, name: str, *ids: object) -> None:
    """Give the files of a place their addresses, those of this name."""
    _link([*place.lines, *(version["message"] for version in place.versions)], name, *ids)


def _link(messages: Iterable[Message], name: str, *ids: object) -> None:
    for message in messages:
        for file in message["attachments"]:
            address = reverse(name, args=[*ids, file["id"]])
            # By itself a browser shows a picture; a player's page may not load what it is to play.
            picture = file["type"].startswith("image/")
            file["url"] = address if picture else f"{address}?download"
