"""The searches with authority, for those who approve."""

from django.urls import path

from oversight import review_views

urlpatterns = [path("", review_views.searches, name="review-searches")]
