"""Copies of the keyring, which open what was disposed of until they are taken away."""

from django.db import models

from audit.clock import now


class CopiesEnded(models.Model):
    """That at a time every copy of the keyring in the school's backups from `before` was gone."""

    number = models.BigAutoField(primary_key=True)
    before = models.DateTimeField()
    at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
