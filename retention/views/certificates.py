"""Certificates of disposals: to read, to print and keep, and to check elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.views import signed_in
from audit import keyring
from audit.actions import Action
from audit.models import Entry
from audit.proofs import proof_of_entry
from retention.certificates import reading
from retention.certificates.pdf import pdf_of
from retention.certificates.signing import compose
from retention.models import Certificate
from retention.queries.disposals import certificate_for
from retention.queries.replays import signed_for
from retention.views.seams import records


@records
def one(request: HttpRequest, number: int) -> HttpResponse:
    """A certificate to read and to print."""
    found = certificate_for(signed_in(request), number)
    context = {
        "certificate": found,
        "document": found.document,
        "times": _times(found.document),
        "left_out": reading.left_out(found.document),
        "declared": reading.declared(found.document),
        "holds": found.signed.holds(keyring.ring().public_key),
        "superseded_by": Certificate.objects.filter(supersedes=found).first(),
    }
    return render(request, "retention/certificate.html", context)


def _times(document: dict[str, Any]) -> dict[str, str]:
    """Its days and times as people read them."""
    days = {"copies_ended": "copies_ended_on", "copies_end": "beyond_use_on"}
    return {
        "sent": reading.span(document),
        "proposed": reading.time(document["proposed"]["at"]),
        "approved": reading.time(document["approved"]["at"]),
        "carried_out": reading.carried_out(document),
        "holds_checked": reading.time(document.get("holds_checked_at")),
        "issued": reading.time(document["issued_at"]),
    } | {name: reading.day(document[key]) for name, key in days.items() if document.get(key)}


@records
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """It as PDF/A, with the signed file attached."""
    signed = signed_for(signed_in(request), number)
    return _download(pdf_of(signed), "application/pdf", f"certificate-{number}.pdf")


@records
def signed_file(request: HttpRequest, number: int) -> HttpResponse:
    """It as signed, for a program: the document, its signature and the digest."""
    signed = signed_for(signed_in(request), number)
    return _download(compose(signed), "application/json", f"certificate-{number}.json")


@records
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof that the log has entered it, under a signed checkpoint of after the disposal."""
    found = certificate_for(signed_in(request), number)
    text = proof_of_entry(_entry_of(found))
    if text is None:
        messages.info(request, _("No checkpoint covers this certificate yet. Try again later."))
        return redirect("retention_certificate", number=number)
    return _download(text, "text/plain; charset=utf-8", f"certificate-{number}.tlog-proof")


def _entry_of(certificate: Certificate) -> Entry:
    issued = (Action.DISPOSAL_CERTIFIED, Action.CERTIFICATE_SUPERSEDED)
    entries = Entry.objects.filter(action__in=issued, subject=certificate.disposal.uid)
    return entries.get(facts__certificate_sha256=certificate.sha256)


def _download(content: str | bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
