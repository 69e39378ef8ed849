"""Exports: what is taken out, for whom, and by whose authority."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.views import signed_in
from retention.exceptions import RetentionError
from retention.exports.asked import bundle_number, reason_of
from retention.forms import ExportForm
from retention.models import Export
from retention.queries.exports import export_for, exports_for, may_decide
from retention.queries.holds import holds_for
from retention.services.exports import (
    approve_export,
    refuse_export,
    request_export,
    show_passphrase,
)
from retention.views.naming import name_of
from retention.views.seams import act, records

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """All exports that the viewer may know of."""
    found = exports_for(signed_in(request))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"export": export, "channel": name_of(export.channel)} for export in page]
    return render(request, "retention/exports.html", {"page_obj": page, "rows": rows})


@records
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for an export."""
    viewer = signed_in(request)
    form = ExportForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        values = {key: form.cleaned_data[key] for key in form.fields if key != "people"}
        try:
            export = request_export(by=viewer, **values)
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Asked for. An approver decides about it."))
            return redirect("retention_export", number=export.number)
    return render(request, "retention/export_new.html", {"form": form})


@records
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One export and how far it is."""
    viewer = signed_in(request)
    return render(request, "retention/export.html", _context(viewer, export_for(viewer, number)))


@records
@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """The second person agrees."""
    return act(
        request,
        lambda: approve_export(by=signed_in(request), number=number),
        done=_("Approved. The bundle can be written now."),
        then="retention_export",
        number=number,
    )


@records
@require_POST
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    """The second person does not agree."""
    return act(
        request,
        lambda: refuse_export(by=signed_in(request), number=number),
        done=_("Refused. Whoever asked may ask again, for less."),
        then="retention_export",
        number=number,
    )


@records
@require_POST
def passphrase(request: HttpRequest, number: int) -> HttpResponse:
    """Show the passphrase, on this one answer."""
    viewer = signed_in(request)
    try:
        shown = show_passphrase(by=viewer, number=number)
    except RetentionError as refused:
        export_for(viewer, number)
        messages.error(request, str(refused))
        return redirect("retention_export", number=number)
    context = _context(viewer, export_for(viewer, number))
    return render(request, "retention/export.html", context | {"passphrase": shown})


def _context(viewer: User, export: Export) -> dict[str, object]:
    decided = export.state in {Export.State.APPROVED, Export.State.WRITTEN}
    approved = decided and export.ended_at is None
    mine = export.requested_by_id == viewer.pk
    return {
        "export": export,
        "name": bundle_number(export),
        "channel": name_of(export.channel),
        "subjects": [subject.person for subject in export.subjects.select_related("person")],
        "hold": holds_for(viewer).filter(export=export).first(),
        "may_decide": may_decide(viewer, export),
        "may_see_passphrase": approved and mine and export.passphrase_shown_at is None,
        "approved": approved,
        **reason_of(export),
    }
