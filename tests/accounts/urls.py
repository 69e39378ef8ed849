"""Accounts alone: its own pages, and an empty page behind each of the other doors."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [
    path("", page),
    path("accounts/", include("accounts.urls")),
    path("manage/", include("accounts.manage_urls")),
    *(path(door, page) for door in ("safeguarding/", "records/", "audit/")),
]
