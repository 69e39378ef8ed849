"""Disposals: proposed, approved by a second person, carried out in chunks, certified."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel
from retention.certificates.signing import Signed
from retention.models.rules import Policy

_PERSON = settings.AUTH_USER_MODEL


class Disposal(models.Model):
    """A batch of one record class, proposed, approved by a second person, and carried out.

    `proposed_by` None is the machine. `digest` is over its chunks' digests, so that what is
    destroyed is what was approved. `generation` is the one that the last chunk was done under:
    the disposal ends when the keyring has moved beyond it.

    What the machine proposes is nobody's until a person puts it forward (`put_forward_at`) and so
    becomes `proposed_by`. Owners may object before `object_before`; it is carried out between
    `cool_until` and `expires_at`. `bytes` are of the sealed versions and of files; `first_day` and
    `last_day` are those of sending. `withdrawn_by` also stopped it; nobody did where it lapsed.
    With `emptied_at` an objection that `emptied_by` upheld took out all that was due: it goes on
    with what is held (`retention.queries.emptied`).
    """

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", gettext_lazy("Proposed")
        APPROVED = "approved", gettext_lazy("Approved")
        EXECUTING = "executing", gettext_lazy("Being carried out")
        DONE = "done", gettext_lazy("Done")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
        STOPPED = "stopped", gettext_lazy("Stopped by the data protection officer")
        EXPIRED = "expired", gettext_lazy("Lapsed")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    record_class = models.CharField(max_length=40)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    cut_off = models.DateField()
    due = models.IntegerField()
    held = models.IntegerField()
    digest = models.CharField(max_length=64)
    bytes = models.BigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    proposed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=now)
    put_forward_at = models.DateTimeField(null=True)
    object_before = models.DateTimeField(default=now)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    cool_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    emptied_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    emptied_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    generation = models.IntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                # Of before there were steps, some are the machine's proposals approved by one.
                condition=Q(approved_by=None)
                | Q(proposed_by=None, cool_until=None)
                | Q(proposed_by__isnull=False) & ~Q(approved_by=F("proposed_by")),
                name="retention_disposal_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn", "stopped"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="retention_disposal_approved",
            ),
            models.CheckConstraint(
                condition=Q(cool_until=None, expires_at=None)
                | Q(expires_at__gt=F("cool_until"), cool_until__gte=F("approved_at")),
                name="retention_disposal_cools",
            ),
            # Of nothing but what is held there may be several: one was proposed so, and of another
            # an objection took out all that was due.
            models.UniqueConstraint(
                fields=["record_class"],
                condition=Q(state__in=["proposed", "approved", "executing"], due__gt=0),
                name="retention_disposal_one_open",
            ),
        ]

    def __str__(self) -> str:
        return _("Disposal %(number)s") % {"number": self.number}

    @property
    def certificate(self) -> "Certificate | None":
        """The one that holds: the newest."""
        return self.certificates.order_by("number").last()


class DisposalChunk(models.Model):
    """Up to 1,000 messages of one channel's month, destroyed in one transaction.

    `digest` is over its items as approved; the counts are of what was done. `bytes` are of the
    sealed versions that it destroyed, and the days are those (UTC) on which these were sent.
    """

    id = models.BigAutoField(primary_key=True)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="chunks")
    number = models.IntegerField()
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    month = models.DateField()
    digest = models.CharField(max_length=64)
    done_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)
    destroyed = models.IntegerField(default=0)
    versions = models.IntegerField(default=0)
    out_of_view = models.IntegerField(default=0)
    spared = models.IntegerField(default=0)
    keys = models.IntegerField(default=0)
    # To which no message refers any more, and their bytes.
    files = models.IntegerField(default=0)
    file_bytes = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    reindexed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["disposal", "number"], name="retention_chunk_once")
        ]


class DisposalItem(models.Model):
    """One message of a chunk. `message` is an id without a constraint: it outlives the message.

    `held` is how it stood when it was proposed: what was held then is at most taken out of view.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        DESTROYED = "destroyed", gettext_lazy("Destroyed")
        OUT_OF_VIEW = "out_of_view", gettext_lazy("Held")
        SPARED = "spared", gettext_lazy("Not due any more")

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    chunk = models.ForeignKey(DisposalChunk, models.PROTECT, related_name="items", db_index=False)
    message = models.UUIDField()
    held = models.BooleanField()
    outcome = models.CharField(max_length=11, choices=Outcome.choices, null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["chunk", "message"], name="retention_item_once")
        ]
        indexes = [models.Index(fields=["message"], name="retention_item_message")]


class Certificate(models.Model):
    """What a disposal did, signed (Ed25519 over the RFC 8785 JSON). It is never changed, only
    superseded by a later one of the same disposal."""

    number = models.BigAutoField(primary_key=True)
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="certificates")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    issued_at = models.DateTimeField(default=now)
    document = models.JSONField()
    signature = models.BinaryField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["disposal"],
                condition=Q(supersedes=None),
                name="retention_certificate_first",
            )
        ]

    def __str__(self) -> str:
        return _("Certificate %(number)s") % {"number": self.number}

    @property
    def signed(self) -> Signed:
        """The document with its signature."""
        return Signed(document=self.document, signature=bytes(self.signature))
