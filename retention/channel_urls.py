"""What retention adds to the pages of a channel."""

from django.urls import path

from retention.views import keeping

urlpatterns = [
    path("channels/<uuid:channel_id>/keeping/", keeping.of_channel, name="channel-keeping"),
]
