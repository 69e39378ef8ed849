"""Alerts, for those who look after the log."""

from django.urls import path

from oversight import alert_views

urlpatterns = [
    path("", alert_views.alerts, name="alerts"),
    path("<uuid:alert_id>/acknowledge/", alert_views.acknowledge, name="acknowledge-alert"),
]
