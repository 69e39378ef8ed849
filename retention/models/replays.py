"""What a restore carried out again, what it could not know, and the certificates of before it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Replay(models.Model):
    """A chunk of a disposal that the journal knows and the restored database does not.

    A batch of a kind with standing approval: `batch`, `number`, `chunk` and `digest` are those of
    the disposal that was approved and carried out before the restore, and `line` is the line of the
    journal that says so, `at` when. `due` and `held` are what was in it, `out_of_view` and `spared`
    what of that was not destroyed: lists of ids as text. Of a `kind` that is `unclear` nobody knows
    whether it was destroyed: the journal says that it was about to be.

    Neither batch nor channel is a reference: an older database need not have them.
    """

    class Kind(models.TextChoices):
        """What the journal says of it."""

        REPLAY = "replay", gettext_lazy("Disposed of before the restore, and again by it")
        UNCLEAR = "unclear", gettext_lazy("Perhaps disposed of before the restore")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    line = models.BigIntegerField()
    at = models.DateTimeField()
    batch = models.UUIDField()
    number = models.BigIntegerField()
    chunk = models.IntegerField()
    record_class = models.CharField(max_length=40)
    channel = models.UUIDField()
    month = models.DateField()
    digest = models.CharField(max_length=64)
    due = models.JSONField()
    held = models.JSONField()
    out_of_view = models.JSONField(default=list)
    spared = models.JSONField(default=list)
    replayed_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)
    destroyed = models.IntegerField(default=0)
    versions = models.IntegerField(default=0)
    left_view = models.IntegerField(default=0)

    class Meta:
        db_table = "retention_replay"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="replay") | Q(replayed_at=None), name="retention_replay_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}.{self.chunk}"


class LostCertificate(models.Model):
    """A certificate that was issued after the backup that was restored.

    The journal says its number and the digest of what was signed; where the keyring's backup is of
    after it, `document` and `signature` are what was handed out. `batch` is the disposal, which is
    not there any more.
    """

    number = models.BigIntegerField(primary_key=True)
    batch = models.UUIDField()
    issued_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    document = models.JSONField(null=True)
    signature = models.BinaryField(max_length=64, null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, signature__isnull=True)
                | Q(document__isnull=False, signature__isnull=False),
                name="retention_lostcertificate_signed",
            ),
        ]

    def __str__(self) -> str:
        return _("Certificate %(number)s") % {"number": self.number}
