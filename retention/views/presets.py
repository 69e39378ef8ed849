"""The presets of a nation and of a type of school."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.queries import may
from accounts.views import signed_in
from retention.exceptions import RetentionError
from retention.presets import CHECK
from retention.rule_forms import PresetsForm
from retention.services.presets import Chosen, choose_presets
from retention.views.seams import records


@records
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """For an approver: which presets the school's rules begin with."""
    viewer = signed_in(request)
    if not may(viewer, "approve_records"):
        raise Http404
    form = PresetsForm(request.POST or None)
    if form.is_valid():
        try:
            chosen = choose_presets(by=viewer, **form.cleaned_data)
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said(chosen))
            return redirect("retention_policies")
    return render(request, "retention/presets.html", {"form": form, "check": CHECK})


def _said(chosen: Chosen) -> str:
    count = len(chosen.changed)
    said = ngettext("%(n)d rule was changed.", "%(n)d rules were changed.", count) % {"n": count}
    if chosen.left:
        names = ", ".join(_(name) for name in chosen.left)
        said += " " + _("These would be kept for less long, and stay as they are: %(names)s.") % {
            "names": names
        }
    return said
