"""`/audit/`: the log, its entries, and what of it is taken away."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from oversight.entrances import guarded, person_of
from oversight.errors import NotYetSealed
from oversight.forms import LogForm
from oversight.lines import csv_of, jsonl_of
from oversight.queries.access import check_may_enter, reads_all, sees_names
from oversight.queries.heads import head, head_over, key_fingerprint
from oversight.queries.log import Found, extract_of, own_acts_of
from oversight.queries.rows import Row
from oversight.services.log import download_log, download_proof, view_entry, view_log
from oversight.streams import Streamed
from oversight.wording import GROUPS

_MOST_DIGITS: Final = 18  # of an id
#: How a file is written, and what a browser is told it is.
FORMS: Final[dict[str, tuple[Callable[[Iterable[Row]], Iterator[str]], str]]] = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "jsonl": (jsonl_of, "application/jsonl; charset=utf-8"),
}


@guarded
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The log, newest first, under the filters of the address."""
    viewer = person_of(request)
    check_may_enter(viewer)
    form = LogForm(request.GET, names=sees_names(viewer))
    wanted = form.wanted()
    before = _before(request)
    found = view_log(by=viewer, wanted=wanted, before=before)
    context = _context(form, found, before) | {
        "wanted": wanted,
        "head": head(),
        "fingerprint": key_fingerprint(),
        "names": sees_names(viewer),
        "reads_all": reads_all(viewer),
    }
    return render(request, "oversight/log.html", context)


@guarded
@require_GET
def own_acts(request: HttpRequest) -> HttpResponse:
    """What the log holds of one's own acts. Looking at them is no reading with authority."""
    viewer = person_of(request)
    form = LogForm(request.GET, names=True, own=True)
    wanted = form.wanted()
    before = _before(request)
    found = own_acts_of(viewer, wanted).page(before)
    context = _context(form, found, before) | {"wanted": wanted}
    return render(request, "oversight/own_acts.html", context)


@guarded
@require_GET
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: its facts, its leaf and the head that covers it."""
    row = view_entry(by=person_of(request), entry_id=entry_id)
    context = {
        "row": row,
        "hash": bytes(row.entry.hash).hex(),
        "head": head_over(row.leaf),
        "fingerprint": key_fingerprint(),
    }
    return render(request, "oversight/entry.html", context)


@guarded
@require_GET
def proof(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The proof of one entry as a file, or the entry's page as long as there is none."""
    try:
        text = download_proof(by=person_of(request), entry_id=entry_id)
    except NotYetSealed as waits:
        flash.warning(request, str(waits))
        return redirect("log-entry", entry_id)
    name = f"entry-{entry_id}.tlog-proof"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@guarded
@require_GET
def download(request: HttpRequest, form: str) -> Streamed:
    """What one sees under the filters of the address, as a file."""
    viewer = person_of(request)
    check_may_enter(viewer)
    wanted = LogForm(request.GET, names=sees_names(viewer)).wanted()
    extract = download_log(by=viewer, wanted=wanted, form=form)
    return _file(extract.entries.rows(), "log", form)


@guarded
@require_GET
def own_download(request: HttpRequest, form: str) -> Streamed:
    """One's own acts as a file."""
    wanted = LogForm(request.GET, names=True, own=True).wanted()
    extract = extract_of(own_acts_of(person_of(request), wanted))
    return _file(extract.entries.rows(), "my-acts", form)


def _before(request: HttpRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) <= _MOST_DIGITS else None


def _context(form: LogForm, found: Found, before: int | None) -> dict[str, Any]:
    return {
        "form": form,
        "groups": GROUPS,
        "rows": found.rows,
        "more": found.more,
        "later_page": before is not None,
    }


def _file(rows: Iterable[Row], name: str, form: str) -> Streamed:
    lines, kind = FORMS[form]
    day = timezone.localdate().isoformat()
    return Streamed(lines(rows), name=f"{name}-{day}.{form}", kind=kind)
