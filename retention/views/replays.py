"""What a restore disposed of again, and what it could not know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.views import signed_in
from retention.queries.replays import lost_certificates_for, replays_for
from retention.queries.rules import policies
from retention.views.seams import records


@records
def listing(request: HttpRequest) -> HttpResponse:
    """All of it, what is unclear first."""
    viewer = signed_in(request)
    names = {policy.record_class: policy.name for policy in policies()}
    rows = [
        {"batch": batch, "name": names.get(batch.record_class, batch.record_class)}
        for batch in replays_for(viewer)
    ]
    return render(
        request,
        "retention/replays.html",
        {"rows": rows, "certificates": lost_certificates_for(viewer)},
    )
