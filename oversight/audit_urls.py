"""The log's pages."""

from django.urls import include, path

from oversight import how_to_check_views, log_views, published_views, verification_views

urlpatterns = [
    path("", log_views.log, name="log"),
    path("entries.csv", log_views.download, {"form": "csv"}, name="log-csv"),
    path("entries.jsonl", log_views.download, {"form": "jsonl"}, name="log-jsonl"),
    path("entries/<int:entry_id>/", log_views.entry, name="log-entry"),
    path("entries/<int:entry_id>/entry.tlog-proof", log_views.proof, name="log-proof"),
    path("verifications/", verification_views.verifications, name="log-verifications"),
    path("verifications/history.csv", verification_views.history, name="log-history"),
    path("verifications/<int:number>/", verification_views.verification, name="log-verification"),
    path("how-to-check/", how_to_check_views.how_to_check, name="log-how-to-check"),
    path("how-to-check/verify_log.py", how_to_check_views.script, name="log-script"),
    path("checkpoints/", include("oversight.checkpoint_urls")),
    path("alerts/", include("oversight.alert_urls")),
    path("checkpoint", published_views.head, name="published-head"),
    path("tile/<path:place>", published_views.tile, name="published-tile"),
    path("former/<uuid:log_id>/checkpoint", published_views.former_head, name="former-head"),
    path(
        "former/<uuid:log_id>/tile/<path:place>",
        published_views.former_tile,
        name="former-tile",
    ),
]
