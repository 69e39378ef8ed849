"""The table of contents."""

from django.urls import include, path

from schoolchat import health
from schoolchat.accessibility import accessibility
from schoolchat.backup.views import health_page, records_page
from schoolchat.look.views import look_colours, look_logo
from schoolchat.metrics import metrics
from schoolchat.words import words

urlpatterns = [
    path("", include("messaging.urls")),
    path("accounts/activity/", include("oversight.own_urls")),
    path("accounts/", include("accounts.urls")),
    path("manage/school/", include("messaging.school.urls")),
    path("manage/health/", health_page, name="manage-health"),
    path("manage/", include("accounts.manage_urls")),
    path("records/backups/", records_page, name="records-backups"),
    path("records/searches/", include("oversight.review_urls")),
    path("records/", include("retention.urls")),
    path("safeguarding/", include("oversight.safeguarding_urls")),
    path("audit/", include("oversight.audit_urls")),
    path("", include("oversight.chat_urls")),
    path("", include("retention.channel_urls")),
    path("words.js", words, name="words"),
    path("accessibility/", accessibility),
    path("look/colours.css", look_colours, name="look-colours"),
    path("look/logo", look_logo, name="look-logo"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics),
]

handler403 = "schoolchat.failures.forbidden"
handler404 = "schoolchat.failures.missing"
handler500 = "schoolchat.failures.failed"
