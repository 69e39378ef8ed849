"""One's own acts, as the log holds them: for everybody, beside their account."""

from django.urls import path

from oversight import log_views

urlpatterns = [
    path("", log_views.own_acts, name="own-acts"),
    path("acts.csv", log_views.own_download, {"form": "csv"}, name="own-acts-csv"),
    path("acts.jsonl", log_views.own_download, {"form": "jsonl"}, name="own-acts-jsonl"),
]
