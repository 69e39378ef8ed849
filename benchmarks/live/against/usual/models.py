"""Memberships and messages, as a first version of a chat has them."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Membership(models.Model):
    objects: ClassVar[models.Manager["Membership"]]
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    channel = models.UUIDField()


class Message(models.Model):
    objects: ClassVar[models.Manager["Message"]]
    channel = models.UUIDField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    ref = models.UUIDField()
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["channel", "id"])]
