"""What oversight adds to the chat's own pages."""

from django.urls import path

from oversight import chat_views

urlpatterns = [
    path("channels/<uuid:channel_id>/readers/", chat_views.readers, name="readers"),
    path("messages/<uuid:message_id>/concern/", chat_views.concern, name="pass-on"),
]
