"""`/manage/health/`: how the record is looked after. The gate has let only managers in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.queries import may
from accounts.views import signed_in
from schoolchat.backup.status import status


@never_cache
@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """Backups, drills, journal, room; for who looks after the school's settings."""
    if not may(signed_in(request), "manage_school"):
        raise Http404
    return render(request, "schoolchat/health.html", {"status": status()})
