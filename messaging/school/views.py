"""`/manage/school/`: what holds for everybody. The gate has let only managers in."""

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries import may
from messaging.school.forms import SchoolForm
from messaging.school.queries import school_settings
from messaging.services.school import change_school
from messaging.views import person_of


@never_cache
@require_http_methods(["GET", "POST"])
def school(request: HttpRequest) -> HttpResponse:
    """See and change the settings of the school."""
    person = person_of(request)
    if not may(person, "manage_school"):
        raise Http404
    form = SchoolForm(request.POST or None, instance=school_settings())
    if request.method == "POST" and form.is_valid():
        change_school(by=person, wanted=form.cleaned_data)
        flash.success(request, _("Saved. Every page that is open follows at once."))
        return redirect("manage-school")
    return render(request, "messaging/school.html", {"form": form})
