"""What is done to messages without words: reactions, pins, and the mentions that words make.

That each hangs on a message that is there, `sql/hanging.sql` looks after.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.clock import now

_PERSON = settings.AUTH_USER_MODEL


class Reaction(models.Model):
    """An emoji that somebody gave to a message; taken back, the row goes and the log keeps both."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    message = models.ForeignKey(
        "messaging.Message",
        models.PROTECT,
        related_name="reactions",
        db_index=False,
        db_constraint=False,
    )
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+", db_index=False)
    emoji = models.CharField(max_length=40)
    reacted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "person", "emoji"], name="messaging_reaction_once"
            )
        ]


class Pin(models.Model):
    """A message kept at hand for everybody in its channel; the newest pin has the highest id."""

    id = models.BigAutoField(primary_key=True)
    message = models.OneToOneField(
        "messaging.Message", models.PROTECT, related_name="pin", db_constraint=False
    )
    # Its message's, so that a channel's pins are found at one look.
    channel = models.ForeignKey(
        "messaging.Channel", models.PROTECT, related_name="+", db_index=False
    )
    pinned_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+", db_index=False)
    pinned_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["channel", "id"], name="messaging_pin_channel")]


class Mention(models.Model):
    """Somebody whom the present version of a message mentions by name, or all of its channel.

    Only what is counted and looked for: which words of the message did it stands sealed with them.
    """

    class All(models.TextChoices):
        """The words that mention everybody."""

        HERE = "here", "@here"
        EVERYONE = "everyone", "@everyone"

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(
        "messaging.Message", models.PROTECT, related_name="mentions", db_constraint=False
    )
    # Its message's channel and seq: what is unread of it is then one range of an index.
    channel = models.ForeignKey(
        "messaging.Channel", models.PROTECT, related_name="+", db_index=False
    )
    seq = models.BigIntegerField()
    person = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    everybody = models.CharField(max_length=8, choices=All.choices, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, everybody=None)
                | Q(person=None, everybody__in=["here", "everyone"]),
                name="messaging_mention_of_one_or_all",
            )
        ]
        indexes = [
            models.Index(fields=["channel", "person", "seq"], name="messaging_mention_unread")
        ]
