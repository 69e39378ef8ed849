"""Channels, memberships, messages with all their versions, and the keys of their content."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from audit.models import Generation
from messaging.corrections import Correction
from messaging.files.models import Attachment, File, Upload
from messaging.gestures import Mention, Pin, Reaction
from messaging.nudges.models import NudgeCount
from messaging.own import KeptDraft, SavedMessage, WaitingText
from messaging.school.models import SchoolSettings
from messaging.search.models import IndexedMonth, IndexKey, SearchDomain, Vocabulary

__all__ = [
    "Attachment",
    "Channel",
    "ChannelSubject",
    "ContentKey",
    "Correction",
    "File",
    "Import",
    "IndexKey",
    "IndexedMonth",
    "KeptDraft",
    "Membership",
    "Mention",
    "Message",
    "MessageVersion",
    "NudgeCount",
    "Pin",
    "Reaction",
    "SavedMessage",
    "SchoolSettings",
    "SearchDomain",
    "Upload",
    "Vocabulary",
    "WaitingText",
]

_PERSON = settings.AUTH_USER_MODEL


class Channel(models.Model):
    """Where messages are posted. `head` is the position of its latest change."""

    class Kind(models.TextChoices):
        """Who may come in and who may post."""

        OPEN = "open", gettext_lazy("Open")
        PRIVATE = "private", gettext_lazy("Private")
        ANNOUNCEMENT = "announcement", gettext_lazy("Announcements")
        DIRECT = "direct", gettext_lazy("Direct messages")

    class MentionAll(models.TextChoices):
        """Who may mention everybody: @here and @everyone."""

        OWNERS = "owners", gettext_lazy("Owners and moderators")
        MEMBERS = "members", gettext_lazy("Every member")
        NOBODY = "nobody", gettext_lazy("Nobody")

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=250, blank=True)
    record_class = models.CharField(max_length=40, default="routine")
    sensitive = models.BooleanField(default=False)
    mention_all = models.CharField(
        max_length=8, choices=MentionAll.choices, default=MentionAll.OWNERS
    )
    no_images = models.BooleanField(default=False)
    head = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    # SHA-256 over the sorted ids of a direct channel's people, so that it exists once.
    members_key = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [
            ("manage_channel", "May change a channel and its members"),
            ("post_in_channel", "May post in an announcement channel"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="direct", members_key__isnull=False)
                | Q(~Q(kind="direct"), members_key=None),
                name="messaging_channel_direct_key",
            ),
            models.CheckConstraint(
                condition=Q(kind="direct") | ~Q(name=""), name="messaging_channel_named"
            ),
            models.CheckConstraint(
                condition=Q(mention_all__in=["owners", "members", "nobody"]),
                name="messaging_channel_mention_all",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(archived_at=None, kind__in=["open", "announcement"]),
                name="messaging_channel_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class ChannelSubject(models.Model):
    """A person whom a restricted channel is about: no authority of theirs reaches into it."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="subjects")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "person"], name="messaging_subject_once")
        ]


class Membership(models.Model):
    """A person in a channel, from joining to leaving, and how far they have read."""

    class Role(models.TextChoices):
        """What a member may do in a channel."""

        OWNER = "owner", gettext_lazy("Owner")
        MODERATOR = "moderator", gettext_lazy("Moderator")
        MEMBER = "member", gettext_lazy("Member")
        GUEST = "guest", gettext_lazy("Guest")

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    read_seq = models.BigIntegerField(default=0)
    muted = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "person"], name="messaging_member_once")
        ]
        indexes = [models.Index(fields=["person", "channel"], name="messaging_member_person")]


class Import(models.Model):
    """A file taken into the record: which one, by whom, when."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="imports")
    source = models.CharField(max_length=20, default="whatsapp")
    sha256 = models.BinaryField(max_length=32)
    imported_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+", null=True)
    # Who ran the command, by their account on the machine, where no person is named.
    operator = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField(default=now)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "sha256"], name="messaging_import_once")
        ]


class Message(models.Model):
    """A message without its words: who, where, when, and which version is the present one.

    `seq` is the position at which it was posted, `changed` that of its latest change.
    `reply_to` is an id without a constraint: it outlives the message that it names, so that the
    reply's commitment still holds.
    """

    class Kind(models.TextChoices):
        """Written here, written by the product, or taken from elsewhere."""

        TEXT = "text", gettext_lazy("Text")
        SYSTEM = "system", gettext_lazy("System")
        IMPORTED = "imported", gettext_lazy("Imported")

    id = models.UUIDField(primary_key=True, default=uuid7)
    # The constraints and indexes below begin with these, so they have no index of their own.
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    changed = models.BigIntegerField()
    ref = models.UUIDField(null=True)
    sent_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    reply_to = models.UUIDField(null=True)
    version = models.IntegerField(default=1)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    out_of_view = models.BooleanField(default=False)
    imported_from = models.ForeignKey(
        Import, models.PROTECT, null=True, related_name="messages", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "seq"], name="messaging_message_seq"),
            models.UniqueConstraint(
                fields=["author", "channel", "ref"], name="messaging_message_ref"
            ),
            models.CheckConstraint(
                condition=Q(kind="text", author__isnull=False, ref__isnull=False)
                | Q(kind="system", ref=None)
                | Q(kind="imported", author=None, ref=None, imported_from__isnull=False),
                name="messaging_message_kinds",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "changed"], name="messaging_message_changed"),
            models.Index(fields=["channel", "sent_at", "id"], name="messaging_message_page"),
            models.Index(fields=["author", "sent_at"], name="messaging_message_author"),
            models.Index(
                fields=["reply_to"],
                condition=Q(reply_to__isnull=False),
                name="messaging_message_replies",
            ),
            models.Index(
                fields=["imported_from"],
                condition=Q(imported_from__isnull=False),
                name="messaging_message_import",
            ),
            models.Index(
                fields=["channel"],
                condition=Q(out_of_view=True),
                name="messaging_message_hidden",
            ),
        ]


class ContentKey(models.Model):
    """The key of a channel's month, or of one message, wrapped under a generation.

    `current` marks the one under which new bodies of that month are sealed.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    month = models.DateField()
    current = models.BooleanField(default=True)
    generation = models.ForeignKey(Generation, models.PROTECT, db_column="generation")
    wrapped = models.BinaryField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "month"],
                condition=Q(current=True),
                name="messaging_contentkey_current",
            )
        ]


class MessageVersion(models.Model):
    """One state of a message's words, sealed; versions are numbered from 1 and all are kept."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    message = models.ForeignKey(Message, models.PROTECT, related_name="versions", db_index=False)
    number = models.IntegerField(default=1)
    key = models.ForeignKey(ContentKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    written_at = models.DateTimeField(default=now)
    written_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="messaging_version_once")
        ]
