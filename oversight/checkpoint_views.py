"""`/audit/checkpoints/`: what left the building, whom it goes to, and a sheet to be kept."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from oversight.checkpoint_forms import RecipientForm
from oversight.entrances import guarded, person_of
from oversight.errors import NotForCheckpoints, OversightError
from oversight.models import Publication
from oversight.picture import qr_of
from oversight.queries.publications import (
    decides,
    outside_for,
    publication_for,
    publications_for,
    rows_of,
)
from oversight.queries.sheets import sheet_of
from oversight.services.publications import add_recipient, publish, remove_recipient

ROWS_A_PAGE: Final = 25


@guarded
@require_http_methods(["GET", "POST"])
def checkpoints(request: HttpRequest) -> HttpResponse:
    """What was let out, newest first; POST lets the newest out now."""
    viewer = person_of(request)
    if request.method == "POST":
        return _publish_now(request, viewer)
    found = publications_for(viewer)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    outside = outside_for(viewer)
    context = {
        "page_obj": page,
        "rows": rows_of(page),
        "newest": found.first(),
        "outside": outside,
        "missing": sum(one.missing for one in outside),
        "decides": decides(viewer),
    }
    return render(request, "oversight/checkpoints.html", context)


@guarded
@require_GET
def checkpoint(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """One of them, on a page to be printed and kept."""
    publication = publication_for(person_of(request), publication_id)
    sheet = sheet_of(publication)
    context = {
        "row": rows_of([publication])[0],
        "sheet": sheet,
        "picture": qr_of(sheet.note),
        "address": f"{settings.PUBLIC_URL.rstrip('/')}/audit/",
    }
    return render(request, "oversight/checkpoint.html", context)


@guarded
@require_GET
def note(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """The signed note as a file."""
    publication = publication_for(person_of(request), publication_id)
    return _file(sheet_of(publication).note.encode(), "text/plain; charset=utf-8", publication)


@guarded
@require_GET
def stamp(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """The authority's time stamp over that file."""
    publication = publication_for(person_of(request), publication_id)
    if publication.stamp is None:
        raise Http404
    return _file(bytes(publication.stamp), "application/timestamp-reply", publication)


@guarded
@require_http_methods(["GET", "POST"])
def new_recipient(request: HttpRequest) -> HttpResponse:
    """Have checkpoints sent to somebody."""
    viewer = person_of(request)
    if not decides(viewer):
        raise NotForCheckpoints
    form = RecipientForm(request.POST or None)
    if form.is_valid():
        try:
            added = add_recipient(by=viewer, **form.cleaned_data)
        except OversightError as refused:
            form.add_error(None, str(refused))
        else:
            flash.success(
                request,
                _("%(name)s gets the newest checkpoint within minutes.") % {"name": added.name},
            )
            return redirect("checkpoints")
    status = 422 if form.errors else 200
    return render(request, "oversight/new_recipient.html", {"form": form}, status=status)


@guarded
@require_POST
def remove(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """Send somebody nothing more."""
    remove_recipient(by=person_of(request), uid=recipient_id)
    flash.success(request, _("Removed. Nothing more is sent there."))
    return redirect("checkpoints")


def _publish_now(request: HttpRequest, viewer: User) -> HttpResponse:
    try:
        made = publish(by=viewer, reason=Publication.Reason.ASKED)
    except OversightError as refused:
        flash.error(request, str(refused))
        return redirect("checkpoints")
    if made is None:
        return redirect("checkpoints")
    flash.success(request, _("Published. It is on its way to everybody on the list."))
    return redirect("checkpoint", made.uid)


def _file(content: bytes, kind: str, publication: Publication) -> HttpResponse:
    suffix = "tsr" if kind.startswith("application/") else "txt"
    name = f"checkpoint-{publication.checkpoint.size}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
