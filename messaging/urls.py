"""The chat and the pages behind it."""

from django.urls import path

from messaging import (
    file_views,
    later_views,
    own_views,
    saved_views,
    search_views,
    settings_views,
    upload_views,
    views,
)

urlpatterns = [
    path("search/", search_views.own_search, name="search"),
    path("search/count/", search_views.own_count, name="search-count"),
    path("", views.chat, name="chat"),
    path("messages/own/", own_views.own, name="own"),
    path("messages/saved/", saved_views.saved, name="saved"),
    path("messages/saved/<uuid:message_id>/", saved_views.save, name="save-message"),
    path("messages/saved/<uuid:message_id>/remove/", saved_views.forget, name="forget-saved"),
    path("messages/later/", later_views.later, name="later"),
    path("messages/later/new/", later_views.new_later, name="new-later"),
    path("messages/later/<uuid:waiting_id>/", later_views.change_later, name="change-later"),
    path("messages/later/<uuid:waiting_id>/send/", later_views.send_now, name="send-later-now"),
    path("messages/later/<uuid:waiting_id>/remove/", later_views.remove_later, name="remove-later"),
    path("messages/drafts/<uuid:channel_id>/", own_views.draft, name="draft"),
    path("channels/", views.browse, name="channels"),
    path("channels/new/", views.new_channel, name="new-channel"),
    path("channels/<uuid:channel_id>/join/", views.join, name="join-channel"),
    path("channels/<uuid:channel_id>/leave/", views.leave, name="leave-channel"),
    path("channels/<uuid:channel_id>/members/", views.members, name="channel-members"),
    path(
        "channels/<uuid:channel_id>/members/<uuid:person_id>/remove/",
        views.remove,
        name="remove-member",
    ),
    path(
        "channels/<uuid:channel_id>/members/<uuid:person_id>/role/",
        views.set_role,
        name="member-role",
    ),
    path("channels/<uuid:channel_id>/archive/", views.archive, name="archive-channel"),
    path(
        "channels/<uuid:channel_id>/settings/",
        settings_views.settings,
        name="channel-settings",
    ),
    path("channels/<uuid:channel_id>/files/", file_views.of_channel, name="channel-files"),
    path("messages/uploads/", upload_views.uploads, name="uploads"),
    path("messages/uploads/<uuid:upload_id>/", upload_views.upload, name="upload"),
    path(
        "messages/uploads/<uuid:upload_id>/thumbnail/",
        upload_views.upload_thumbnail,
        name="upload-thumbnail",
    ),
    path("messages/files/<uuid:message_id>/<uuid:file_id>/", file_views.file, name="file"),
    path(
        "messages/files/<uuid:message_id>/<uuid:file_id>/thumbnail/",
        file_views.thumbnail,
        name="file-thumbnail",
    ),
]
