"""The calendar of what is coming."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.views import signed_in
from retention.queries.calendar import calendar_for
from retention.queries.rules import period
from retention.views.seams import records


@records
def coming(request: HttpRequest) -> HttpResponse:
    """By month and kind of record, how many messages come due in the next year."""
    found = calendar_for(signed_in(request), timezone.localdate())
    rows = [{"coming": one, "period": period(one.policy.term)} for one in found]
    return render(request, "retention/calendar.html", {"rows": rows})
