"""The nouns of the log and the keyring. All of it is append-only but for the keys' wrapping."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from audit.actions import Action


class Entry(models.Model):
    """One line of the log: an act, who did it, what it was done to, and its facts.

    `hash` is the RFC 6962 leaf hash of the entry's canonical JSON (`audit.entries.leaf_of`).
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    actor = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["subject", "action"], name="audit_entry_subject"),
            models.Index(fields=["actor", "id"], name="audit_entry_actor"),
            models.Index(fields=["action", "id"], name="audit_entry_action"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=[*Action]), name="audit_entry_known"),
        ]
        permissions = [("view_log", "May read the audit log")]

    def __str__(self) -> str:
        return f"{self.id} {self.action}"


class Item(models.Model):
    """One of the many things that a bulk act touched, provable by itself under the act's root."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="items")
    index = models.IntegerField()
    subject = models.UUIDField()
    version = models.IntegerField(default=1)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_item"
        constraints = [
            models.UniqueConstraint(fields=["entry", "index"], name="audit_item_once"),
        ]
        indexes = [models.Index(fields=["subject"], name="audit_item_subject")]


class Leaf(models.Model):
    """The place of an entry in the tree, numbered in the order of sealing from 0."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_leaf"


class Unsealed(models.Model):
    """An entry that has no leaf yet. A trigger on the entries writes it and the sealer takes it
    away, so that sealing costs what is new and never a look at the whole log.

    It names its entry without a foreign key, which would be looked at once a message.
    """

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="unsealed"
    )

    class Meta:
        db_table = "audit_unsealed"


class Checkpoint(models.Model):
    """A signed tree head. `peaks` is the tree's right edge, so that sealing goes on from it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    peaks = models.BinaryField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "audit_checkpoint"


class Generation(models.Model):
    """A generation of the keyring, named without its material."""

    number = models.IntegerField(primary_key=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "audit_generation"


class RingHolder(models.Model):
    """A machine that uses the keyring, and the newest generation it has confirmed."""

    machine = models.CharField(max_length=100, primary_key=True)
    generation = models.IntegerField()
    confirmed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_ringholder"


class RecordKey(models.Model):
    """The key of the sealed records of one class and month, wrapped under a generation."""

    id = models.BigAutoField(primary_key=True)
    record_class = models.CharField(max_length=40)
    month = models.DateField()
    generation = models.ForeignKey(Generation, models.PROTECT, db_column="generation")
    wrapped = models.BinaryField(max_length=40)

    class Meta:
        db_table = "audit_recordkey"
        constraints = [
            models.UniqueConstraint(fields=["record_class", "month"], name="audit_recordkey_once"),
        ]


class SealedRecord(models.Model):
    """Names and text that an act has: a search's words and reason, old and new values."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    record_class = models.CharField(max_length=40)
    key = models.ForeignKey(RecordKey, models.PROTECT)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "audit_sealedrecord"
