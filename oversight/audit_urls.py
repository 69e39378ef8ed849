"""The log's pages."""

from django.urls import path

from oversight import log_views

urlpatterns = [
    path("", log_views.log, name="log"),
    path("entries/<int:entry_id>/", log_views.entry, name="log-entry"),
]
