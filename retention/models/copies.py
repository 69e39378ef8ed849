"""Copies of the keyring, which open what was disposed of until they are taken away."""

from django.db import models

from audit.clock import now


class KeyringCopy(models.Model):
    """That a copy of the keyring of a time was to be written to a place: a folder for them, known
    by its id. It is entered before the copy is made, so that none is there that nobody knows of."""

    number = models.BigAutoField(primary_key=True)
    place = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class CopiesEnded(models.Model):
    """That at a time every copy of the keyring from `before` in a place was gone; of an unknown
    place, None, as an earlier version saw it."""

    number = models.BigAutoField(primary_key=True)
    place = models.UUIDField(null=True)
    before = models.DateTimeField()
    at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
