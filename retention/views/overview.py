"""The front page of the records, and the key against which what leaves the school is checked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.queries import may
from accounts.views import signed_in
from audit import keyring
from audit.clock import now
from retention.exports.signature import fingerprint
from retention.models import Disposal, Export
from retention.queries.dates import dates_waiting_for
from retention.queries.disposals import open_for
from retention.queries.exports import exports_for
from retention.queries.holds import holds_for, holds_to_review
from retention.queries.rules import policies, policy_of
from retention.views.seams import records
from retention.waits import waits_for


@records
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, and where everything is."""
    viewer = signed_in(request)
    context = {
        "holds": holds_for(viewer).filter(released_at=None).count(),
        "to_review": holds_to_review(viewer, now().date()).count(),
        "disposals": open_for(viewer).filter(state=Disposal.State.PROPOSED).count(),
        "open": [
            {"disposal": one, "name": policy_of(one.record_class).name, "waits": waits_for(one)}
            for one in open_for(viewer)
        ],
        "exports": exports_for(viewer).filter(state=Export.State.REQUESTED).count(),
        "dates": dates_waiting_for(viewer).count(),
        "rules": len(policies()),
        "is_approver": may(viewer, "approve_records"),
        "fingerprint": fingerprint(keyring.ring().public_key),
    }
    return render(request, "retention/overview.html", context)


@records
def signing_key(_request: HttpRequest) -> HttpResponse:
    """The public half of the signing key, as verify_export --key wants it."""
    return HttpResponse(
        keyring.ring().public_pem,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="signing-key.pem"'},
    )
