"""How the record is looked after: `/manage/health/` for those who run the school, and the same
under `/records/backups/` for those who answer for the record. The gate has let only these in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
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
    return _shown(request, name=_("Health"), above=_("Manage"), url=reverse("manage_people"))


@never_cache
@require_safe
def records_page(request: HttpRequest) -> HttpResponse:
    """The same, for who works with records."""
    if not may(signed_in(request), "use_records"):
        raise Http404
    return _shown(request, name=_("Backups"), above=_("Records"), url=reverse("retention_overview"))


def _shown(request: HttpRequest, *, name: str, above: str, url: str) -> HttpResponse:
    context = {"status": status(), "name": name, "above": above, "above_url": url}
    return render(request, "schoolchat/health.html", context)
