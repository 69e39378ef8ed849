"""Files that are on their way to a message, and those that messages bring."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from accounts.models import PersonalKey
from audit.clock import now
from audit.models import Generation

_PERSON = settings.AUTH_USER_MODEL


class Upload(models.Model):
    """A file that somebody has not sent yet. No content of the record: it goes when it is sent,
    when its uploader leaves or gives it up, and a day after it was begun.

    Its id is that of the file and of the attachment that it will be. What is known of it (its name,
    its key, what was found in it) stands in `sealed`, under a key of its own that is `wrapped`
    under a generation, and again under its uploader's personal key: either can be taken away.
    """

    class State(models.TextChoices):
        """How far it is."""

        RECEIVING = "receiving", gettext_lazy("Receiving")
        CHECKING = "checking", gettext_lazy("Checking")
        WAITING = "waiting", gettext_lazy("Waiting for the scanner")
        READY = "ready", gettext_lazy("Ready")
        REFUSED = "refused", gettext_lazy("Refused")

    id = models.UUIDField(primary_key=True, default=uuid7)
    # The index below begins with it. The database refuses to delete what this refers to; Django
    # wants DO_NOTHING of a model one of whose references the database itself changes.
    uploader = models.ForeignKey(_PERSON, models.DO_NOTHING, related_name="+", db_index=False)
    channel = models.ForeignKey(
        "messaging.Channel", models.DO_NOTHING, related_name="+", db_index=False
    )
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    # Each is an object of its own: where it begins, and a digest that tells it from others which
    # begin there and came too late.
    pieces = models.JSONField(default=list)
    # Since when somebody checks it, who holds no lock meanwhile: what was found counts as long as
    # this stands here.
    checking_since = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVING)
    # Why it was refused: one of the error codes of the protocol, and a sentence of ours.
    code = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=250, blank=True)
    generation = models.ForeignKey(
        Generation, models.DO_NOTHING, related_name="+", db_column="generation"
    )
    wrapped = models.BinaryField(max_length=40)
    # Gone with its account: the row stays until what it names is out of the storage, and opens no
    # more.
    own_key = models.ForeignKey(PersonalKey, models.DB_SET_NULL, null=True, related_name="+")
    sealed = models.BinaryField()
    # What stands in it, sealed (texts.py), and whether that is all; the file's when it is sent.
    text = models.BinaryField(null=True)
    read_whole = models.BooleanField(null=True)
    begun_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["uploader", "begun_at"], name="messaging_upload_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0, received__gte=0, received__lte=F("size")),
                name="messaging_upload_sizes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["receiving", "checking", "waiting", "ready", "refused"]),
                name="messaging_upload_state",
            ),
        ]

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent."""
        return self.state == self.State.READY and not self.pieces


class File(models.Model):
    """Bytes that messages refer to, sealed in the storage under the id. What they are stands in the
    messages, sealed with their words. It goes when no message refers to it any more."""

    id = models.UUIDField(primary_key=True)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField(default=now)
    # What stands in it, under its own key: for the search (texts.py).
    text = models.BinaryField(null=True)
    # Whether that is all that stands in it; None where nobody read it, or before this was noted.
    read_whole = models.BooleanField(null=True)


class Attachment(models.Model):
    """That a message refers to a file. Content: only the destroying function takes it away."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    message = models.ForeignKey(
        "messaging.Message",
        models.PROTECT,
        related_name="attachments",
        db_index=False,
        db_constraint=False,  # sql/hanging.sql looks after it
    )
    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "file"], name="messaging_attachment_once")
        ]
