"""`/manage/`: people and roles."""

from django.urls import path

from accounts import manage

urlpatterns = [
    path("", manage.overview, name="manage_people"),
    path("invite/", manage.invite, name="manage_invite"),
    path("people/<uuid:person_id>/", manage.person, name="manage_person"),
    path("people/<uuid:person_id>/change/", manage.change, name="manage_change"),
    path("people/<uuid:person_id>/invite/", manage.invite_again, name="manage_invite_again"),
    path("people/<uuid:person_id>/deactivate/", manage.deactivate, name="manage_deactivate"),
    path("people/<uuid:person_id>/reactivate/", manage.reactivate, name="manage_reactivate"),
    path("people/<uuid:person_id>/roles/", manage.ask, name="manage_ask_role"),
    path("roles/", manage.role_requests, name="manage_roles"),
    path("roles/<uuid:grant_id>/grant/", manage.grant, name="manage_grant_role"),
    path("roles/<uuid:grant_id>/refuse/", manage.refuse, name="manage_refuse_role"),
    path("roles/<uuid:grant_id>/end/", manage.end, name="manage_end_role"),
]
