"""What the pages share: outsiders meet 404, and a refusal is one sentence on the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.queries import may
from accounts.views import signed_in
from audit.sealed import open_record
from retention.exceptions import NotFound, RetentionError
from retention.models.proposals import Proposal
from retention.queries.proposals import may_approve_proposal, may_withdraw_proposal

type View = Callable[..., HttpResponse]


def records(view: View) -> View:
    """Refuses with 404 whoever does not work with records, and what they may not know of."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may(signed_in(request), "use_records"):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            raise Http404 from None

    return guarded


def asked_for(viewer: User, proposal: Proposal) -> dict[str, object]:
    """What waits for a second person, as its page shows it."""
    return {
        "row": proposal,
        "reason": open_record(proposal.record)["reason"],
        "may_approve": may_approve_proposal(viewer, proposal),
        "may_withdraw": may_withdraw_proposal(viewer, proposal),
    }


def act(
    request: HttpRequest, do: Callable[[], object], *, done: str, then: str, **where: Any
) -> HttpResponse:
    """Do it and say so, or say why not; then show the page it belongs to."""
    try:
        do()
    except NotFound:
        raise
    except RetentionError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    answer: HttpResponse = redirect(then, **where)
    return answer
