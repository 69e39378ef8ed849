"""`/manage/school/`."""

from django.urls import path

from messaging.school import views

urlpatterns = [path("", views.school, name="manage-school")]
