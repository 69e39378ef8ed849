"""`/records/searches/`: those who approve look at the safeguarding lead's searches afterwards."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oversight.entrances import guarded, person_of
from oversight.queries.reviews import searches_to_review
from oversight.services.reviews import review_searches

ROWS_A_PAGE: Final = 25


@guarded
@require_GET
def searches(request: HttpRequest) -> HttpResponse:
    """Others' searches with reason, scope, hits and what was opened."""
    viewer = person_of(request)
    page = Paginator(searches_to_review(viewer), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": review_searches(by=viewer, searches=page)}
    return render(request, "oversight/review.html", context)
