"""`/audit/`: the log, its entries and its signed heads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oversight.entrances import guarded, person_of
from oversight.forms import LogForm
from oversight.queries.log import check_reader, head, head_over, key_fingerprint, sees_names
from oversight.services.log import view_entry, view_log
from oversight.wording import GROUPS


@guarded
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The log, newest first, under the filters of the address."""
    viewer = person_of(request)
    check_reader(viewer)
    form = LogForm(request.GET, names=sees_names(viewer))
    wanted = form.wanted()
    before = request.GET.get("before", "")
    rows, more = view_log(
        by=viewer, wanted=wanted, before=int(before) if before.isdecimal() else None
    )
    context = {
        "form": form,
        "wanted": wanted,
        "groups": GROUPS,
        "rows": rows,
        "more": more,
        "later_page": bool(before),
        "head": head(),
        "fingerprint": key_fingerprint(),
        "names": sees_names(viewer),
    }
    return render(request, "oversight/log.html", context)


@guarded
@require_GET
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: its facts, its leaf and the head that covers it."""
    viewer = person_of(request)
    row = view_entry(by=viewer, entry_id=entry_id)
    context = {
        "row": row,
        "hash": bytes(row.entry.hash).hex(),
        "head": head_over(row.leaf),
        "fingerprint": key_fingerprint(),
    }
    return render(request, "oversight/entry.html", context)
