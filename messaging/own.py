"""What people keep for themselves, outside record, index and log: all of it hangs on their key."""

from django.db import models

from accounts.models import PersonalKey


class KeptDraft(models.Model):
    """What somebody has written in a channel and not sent, sealed; empty when it was sent or
    thrown away, so that what another device says late does not bring it back."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    key = models.ForeignKey(PersonalKey, models.DB_CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey("messaging.Channel", models.DB_CASCADE, related_name="+")
    sealed = models.BinaryField(default=b"")
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key", "channel"], name="messaging_keptdraft_once")
        ]
