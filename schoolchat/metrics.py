"""`/metrics`: how busy the school is, for those who run the machines."""

from hmac import compare_digest
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from accounts.authentication import bearer_secret
from audit.counters import exposition

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
#: A request that bears one of these came through a proxy, whoever asked it.
_OF_PROXIES: Final = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All counters of this machine's processes; for everybody else there is no such page."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(
        exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"}
    )


def _may_read(request: HttpRequest) -> bool:
    """With the token, where one is set; else only from the machine itself."""
    if settings.METRICS_TOKEN:
        given = bearer_secret(request.headers.get("Authorization", "")) or ""
        return compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    passed_on = any(name in request.headers for name in _OF_PROXIES)
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not passed_on
