"""Policies, holds, disposals with their certificates, and exports.

Reasons, recipients and passphrases stand in sealed records (`audit.sealed`); the rows hold ids,
times and counts. Numbers are what people type and read out; a `uid` is what the log calls a thing.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel

_PERSON = settings.AUTH_USER_MODEL


class Policy(models.Model):
    """One version of the rule of a record class; the newest version rules.

    `approved_by` None marks a preset that the school has not made its own.
    """

    class Action(models.TextChoices):
        """What happens when the period is over."""

        DISPOSE = "dispose", "Dispose of, once approved"
        REVIEW = "review", "Keep until reviewed"
        KEEP = "keep", "Keep"

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    record_class = models.CharField(max_length=40)
    version = models.IntegerField(default=1)
    name = models.CharField(max_length=120)
    months = models.IntegerField()
    action = models.CharField(max_length=8, choices=Action.choices)
    authority = models.CharField(max_length=300)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record_class", "version"], name="retention_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=1_200), name="retention_policy_months"
            ),
            models.CheckConstraint(
                condition=Q(action__in=["dispose", "review", "keep"]),
                name="retention_policy_action",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.version}"


class Reclassing(models.Model):
    """A channel given another record class. Until `reindexed_at` its search is the former's."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    former = models.CharField(max_length=40)
    record_class = models.CharField(max_length=40)
    changed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=now)
    reindexed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class Hold(models.Model):
    """What may not be disposed of: a channel, a person's messages, or theirs in that channel.

    A person's hold covers what they wrote and the direct conversations that they were ever in.
    """

    class Kind(models.TextChoices):
        """Why something is held."""

        SAFEGUARDING = "safeguarding", "Safeguarding or an allegation"
        LITIGATION = "litigation", "Legal claim or tribunal"
        POLICE = "police", "Police"
        INQUIRY = "inquiry", "Statutory inquiry"
        REQUEST = "request", "Subject access or freedom of information request"
        COMPLAINT = "complaint", "Complaint or grievance"

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    record = models.UUIDField()
    placed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=now)
    review_on = models.DateField()
    released_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=False) | Q(person__isnull=False),
                name="retention_hold_on_something",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="retention_hold_released",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("placed_by")),
                name="retention_hold_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"Hold {self.number}"


class Disposal(models.Model):
    """A batch of one record class, proposed, approved by a second person, and carried out.

    `proposed_by` None is the machine. `digest` is over its chunks' digests, so that what is
    destroyed is what was approved. `generation` is the one that the last chunk was done under:
    the disposal ends when the keyring has moved beyond it.
    """

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", "Waits for approval"
        APPROVED = "approved", "Approved"
        EXECUTING = "executing", "Being carried out"
        DONE = "done", "Done"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    record_class = models.CharField(max_length=40)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    cut_off = models.DateField()
    due = models.IntegerField()
    held = models.IntegerField()
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=now)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    generation = models.IntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(proposed_by=None)
                | ~Q(approved_by=F("proposed_by")),
                name="retention_disposal_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="retention_disposal_approved",
            ),
            models.UniqueConstraint(
                fields=["record_class"],
                condition=Q(state__in=["proposed", "approved", "executing"]),
                name="retention_disposal_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Disposal {self.number}"


class DisposalChunk(models.Model):
    """Up to 500 messages of one channel's month, destroyed in one transaction.

    `digest` is over its items as approved; the counts are of what was done.
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

        DESTROYED = "destroyed", "Destroyed"
        OUT_OF_VIEW = "out_of_view", "Held"
        SPARED = "spared", "Not due any more"

    id = models.BigAutoField(primary_key=True)
    chunk = models.ForeignKey(DisposalChunk, models.PROTECT, related_name="items")
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
    """What a disposal did, signed (Ed25519 over the RFC 8785 JSON). It is never changed."""

    number = models.BigAutoField(primary_key=True)
    disposal = models.OneToOneField(Disposal, models.PROTECT, related_name="certificate")
    issued_at = models.DateTimeField(default=now)
    document = models.JSONField()
    signature = models.BinaryField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Certificate {self.number}"


class Export(models.Model):
    """A channel and date range to be handed out, asked for by one person, approved by another.

    `record` holds reason and recipient, `passphrase` what the bundle is encrypted with.
    """

    class Purpose(models.TextChoices):
        """What it is for; it cannot be changed afterwards."""

        SAFEGUARDING = "safeguarding", "Safeguarding referral"
        INVESTIGATION = "investigation", "HR investigation"
        TRIBUNAL = "tribunal", "Tribunal or legal claim"
        POLICE = "police", "Police"
        ACCESS = "access", "Subject access request"
        COMPLAINT = "complaint", "Complaint"
        ARCHIVE = "archive", "Archive"

    class State(models.TextChoices):
        """How far it is."""

        REQUESTED = "requested", "Waits for approval"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WRITTEN = "written", "Written"

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    purpose = models.CharField(max_length=13, choices=Purpose.choices)
    record = models.UUIDField()
    passphrase = models.UUIDField()
    passphrase_shown_at = models.DateTimeField(null=True)
    requested_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=now)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    messages = models.IntegerField(null=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    bundle_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="retention_export_period"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="retention_export_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "refused"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="retention_export_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"Export {self.number}"


class ExportSubject(models.Model):
    """A person whom an export concerns: it is neither asked for nor approved by them."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(Export, models.PROTECT, related_name="subjects")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["export", "person"], name="retention_subject_once")
        ]
