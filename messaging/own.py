"""What people keep for themselves, outside record, index and log: all of it hangs on their key."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import PersonalKey
from audit.clock import now
from audit.models import Generation


class KeptDraft(models.Model):
    """What somebody has written in a channel and not sent, sealed; empty when it was sent or
    thrown away, so that what another device says late does not bring it back."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    key = models.ForeignKey(PersonalKey, models.DB_CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey("messaging.Channel", models.DB_CASCADE, related_name="+")
    # Of the key of these words alone, under the person's besides; none where there are no words.
    generation = models.ForeignKey(
        Generation, models.DO_NOTHING, null=True, related_name="+", db_column="generation"
    )
    wrapped = models.BinaryField(max_length=40, null=True)
    sealed = models.BinaryField(default=b"")
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key", "channel"], name="messaging_keptdraft_once")
        ]


class WaitingText(models.Model):
    """A text that is to be sent at a time, sealed. It becomes a message by the ordinary way."""

    class Refusal(models.TextChoices):
        """Why it could not be sent when its time had come."""

        NOT_A_MEMBER = "not_a_member", _("You are no longer in this channel.")
        ARCHIVED = "archived", _("This channel is archived: nothing can be added to it.")
        READ_ONLY = "read_only", _("You may no longer write in this channel.")
        NOTHING_TO_ANSWER = (
            "no_question",
            _("The message that it answers is no longer there."),
        )
        NO_FILE = (
            "no_file",
            _("A file of it is no longer there. Please remove it and write it again."),
        )
        NO_PICTURES = (
            "no_pictures",
            _("Pictures are not allowed in this channel any more. Please remove it."),
        )
        TOO_LATE = (
            "too_late",
            _("SchoolChat was not running at that time. Send it now, or choose another time."),
        )
        OTHERWISE = "otherwise", _("It could not be sent as it stands. Please change it.")

    id = models.UUIDField(primary_key=True, default=uuid7)
    key = models.ForeignKey(PersonalKey, models.DB_CASCADE, related_name="+")
    channel = models.ForeignKey("messaging.Channel", models.DB_CASCADE, related_name="+")
    # The message's own, given now, so that it is posted once however often it is tried.
    ref = models.UUIDField(default=uuid4, unique=True)
    generation = models.ForeignKey(
        Generation, models.DO_NOTHING, null=True, related_name="+", db_column="generation"
    )
    wrapped = models.BinaryField(max_length=40, null=True)
    sealed = models.BinaryField()
    due_at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField(default=now)
    refused = models.CharField(max_length=12, choices=Refusal.choices, blank=True)

    class Meta:
        default_permissions = ()


class SavedMessage(models.Model):
    """A message that somebody wants to find again. It goes with the message, and with their key."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    key = models.ForeignKey(PersonalKey, models.DB_CASCADE, related_name="+", db_index=False)
    # sql/hanging.sql looks after it.
    message = models.ForeignKey(
        "messaging.Message", models.DO_NOTHING, related_name="+", db_constraint=False
    )
    saved_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key", "message"], name="messaging_savedmessage_once")
        ]
