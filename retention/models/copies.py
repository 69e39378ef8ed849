"""Copies of the keyring, which open what was disposed of until they are taken away."""

from django.db import models
from django.db.models import Q

from audit.clock import now
from retention.models.proposals import Proposal


class KeyringPlace(models.Model):
    """A folder that copies of the keyring are written to, known by the id that lies in it.

    Attributes:
        folder: its path when a backup last looked into it; "" where an earlier version did.
        mark: what a copy of the folder has not; "" where an earlier version looked into it.
        looked_at: when that was; None from a restore on until the next time, since what was written
            there after the backup that was put back is not known.
    """

    uid = models.UUIDField(primary_key=True)
    folder = models.TextField(default="")
    mark = models.TextField(default="")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.folder or str(self.uid)


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


class PlaceLoss(Proposal):
    """That a place was lost or destroyed on a day with all that was in it, as two people say whom
    no backup can tell. It stands until a backup looks into that place again."""

    place = models.ForeignKey(KeyringPlace, models.PROTECT, related_name="losses")
    lost_on = models.DateField()
    found_at = models.DateTimeField(null=True)

    class Meta(Proposal.Meta):
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state="waiting"),
                name="retention_placeloss_one_waits",
            ),
        ]
