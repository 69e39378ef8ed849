"""What the pages share: outsiders meet 404, and a refusal is one sentence on the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.queries import may
from accounts.views import signed_in
from retention.exceptions import NotFound, RetentionError

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
