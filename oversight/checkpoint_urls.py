"""Checkpoints that left the building."""

from django.urls import path

from oversight import checkpoint_views as views

urlpatterns = [
    path("", views.checkpoints, name="checkpoints"),
    path("recipients/new/", views.new_recipient, name="checkpoint-new-recipient"),
    path(
        "recipients/<uuid:recipient_id>/remove/",
        views.remove,
        name="checkpoint-remove-recipient",
    ),
    path("<uuid:publication_id>/", views.checkpoint, name="checkpoint"),
    path("<uuid:publication_id>/checkpoint.txt", views.note, name="checkpoint-note"),
    path("<uuid:publication_id>/checkpoint.tsr", views.stamp, name="checkpoint-stamp"),
]
