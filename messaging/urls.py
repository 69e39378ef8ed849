"""The chat and the pages behind it."""

from django.urls import path

from messaging import file_views, own_views, search_views, settings_views, upload_views, views

urlpatterns = [
    path("search/", search_views.own_search, name="search"),
    path("", views.chat, name="chat"),
    path("messages/drafts/", own_views.drafts, name="drafts"),
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
