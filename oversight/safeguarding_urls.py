"""The safeguarding desk."""

from django.urls import path

from oversight import concern_views, file_views, hit_views, kept_views, safeguarding

urlpatterns = [
    path("", safeguarding.desk, name="desk"),
    path("concerns/<int:number>/", concern_views.concern, name="desk-concern"),
    path(
        "concerns/<int:number>/files/<uuid:file_id>/",
        file_views.concerning_file,
        name="desk-concern-file",
    ),
    path("concerns/<int:number>/acknowledge/", concern_views.acknowledge, name="desk-acknowledge"),
    path("concerns/<int:number>/close/", concern_views.close, name="desk-close"),
    path("searches/", safeguarding.searches, name="desk-searches"),
    path("searches/new/", safeguarding.new_search, name="desk-new-search"),
    path("searches/<int:number>/", safeguarding.search, name="desk-search"),
    path("searches/<int:number>/again/", kept_views.again, name="desk-search-again"),
    path("searches/<int:number>/let-go/", kept_views.let_go, name="desk-search-let-go"),
    path("searches/<int:number>/count/", safeguarding.search_count, name="desk-search-count"),
    path(
        "searches/<int:number>/messages/<uuid:message_id>/",
        hit_views.message,
        name="desk-message",
    ),
    path(
        "searches/<int:number>/messages/<uuid:message_id>/<int:version>/around/",
        hit_views.around,
        name="desk-around",
    ),
    path(
        "searches/<int:number>/messages/<uuid:message_id>/files/<uuid:file_id>/",
        file_views.found_file,
        name="desk-file",
    ),
    path(
        "searches/<int:number>/messages/<uuid:message_id>/<int:version>.tlog-proof",
        hit_views.proof,
        name="desk-proof",
    ),
]
