"""The nouns of the log and the keyring. All of it is append-only but for the keys' wrapping."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from audit.actions import Action
from audit.journal.lines import Act


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
            # Most entries are messages, which are found without it: they need not be in it.
            models.Index(
                fields=["action", "id"],
                condition=~Q(action=Action.MESSAGE_POSTED),
                name="audit_entry_rare_action",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=[*Action]), name="audit_entry_known"),
            models.CheckConstraint(condition=Q(id__gt=0), name="audit_entry_numbered"),
        ]
        permissions = [("view_log", "May read the audit log")]

    def __str__(self) -> str:
        return f"{self.id} {self.action}"


class Item(models.Model):
    """One of the many things that a bulk act touched, provable by itself under the act's root."""

    id = models.BigAutoField(primary_key=True)
    # The constraint below begins with it, so it has no index of its own.
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="items", db_index=False)
    index = models.IntegerField()
    subject = models.UUIDField()
    version = models.IntegerField(default=1)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_item"
        constraints = [
            models.UniqueConstraint(fields=["entry", "index"], name="audit_item_once"),
            models.CheckConstraint(
                condition=Q(index__gte=0, version__gte=0), name="audit_item_numbered"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="audit_item_subject")]


class Origin(models.Model):
    """The log's name, and the leaf that its tree begins with.

    There is one until the database has been restored from a backup: then the log goes on under a
    new name, whose first entry says what of the former log came back (docs/explanation/log.md).
    """

    number = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    first_leaf = models.BigIntegerField()
    started_at = models.DateTimeField()

    class Meta:
        db_table = "audit_origin"


class Leaf(models.Model):
    """The place of an entry in the tree, numbered in the order of sealing from 0.

    Its index in the tree of its origin is `number - origin.first_leaf`.
    """

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_leaf"
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=0), name="audit_leaf_numbered"),
        ]


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


class Tile(models.Model):
    """256 hashes side by side at the levels 0, 8, 16, … of the tree of an origin: C2SP tlog-tiles.

    Only full ones are kept; what stands at the tree's right edge follows from the leaves. `root` is
    the root over its 256 hashes, which is one hash of the tile above.
    """

    id = models.BigAutoField(primary_key=True)
    origin = models.IntegerField()
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)
    root = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_tile"
        constraints = [
            models.UniqueConstraint(fields=["origin", "level", "index"], name="audit_tile_once"),
        ]


class Checkpoint(models.Model):
    """A signed tree head of an origin.

    `form` is 2 for a C2SP signed note. Heads of form 1 were signed before there was an origin, over
    three lines of our own.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    origin = models.IntegerField(db_default=1)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    form = models.SmallIntegerField(db_default=1)
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "audit_checkpoint"
        constraints = [
            models.UniqueConstraint(fields=["origin", "size"], name="audit_checkpoint_once"),
        ]


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


class JournalLine(models.Model):
    """What the journal outside the server is to say, written in the transaction of the act itself.

    `line` is its place there, counted from 1, and `digest` SHA-256 of the line as it was written;
    both are None until it has been shipped (`audit.journal`). `ends` is the `uid` of the intention
    that it brings to its end; `doubled` is a second end of one that had its end already, as an
    earlier version could write it. There is no more of it than one line outside for each row here.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    at = models.DateTimeField()
    act = models.CharField(max_length=24)
    subject = models.UUIDField(null=True)
    ends = models.UUIDField(null=True)
    doubled = models.BooleanField(default=False, db_default=False)
    facts = models.JSONField(default=dict)
    line = models.BigIntegerField(null=True, unique=True)
    digest = models.BinaryField(max_length=32, null=True)
    shipped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_journalline"
        constraints = [
            models.CheckConstraint(
                condition=Q(line=None, digest=None, shipped_at=None)
                | Q(line__gt=0, digest__isnull=False, shipped_at__isnull=False),
                name="audit_journalline_shipped",
            ),
            models.CheckConstraint(condition=Q(act__in=[*Act]), name="audit_journalline_known"),
            # An intention is ended once.
            models.UniqueConstraint(
                fields=["ends"],
                condition=Q(ends__isnull=False, doubled=False),
                name="audit_journalline_one_end",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(line=None), name="audit_journalline_waiting"),
        ]
