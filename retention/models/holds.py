"""Holds: what may not be disposed of."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel
from retention.models.exports import Export

_PERSON = settings.AUTH_USER_MODEL


class Hold(models.Model):
    """What may not be disposed of: what its channels, its people and its days have in common.

    Of each of the three it may name none, which leaves all of it: `by_channel` and `by_person` say
    whether there are rows that name some. A person stands for what they wrote and for the direct
    conversations that they were ever in. `since` and `until` are days in UTC, both included.

    With words, which stand sealed in `record`, it holds of all this only what they are found in, as
    soon as that has been written down; `matched_at` is when that was done for what there was.

    A request for information holds what it concerns by itself: `export` is the one that was asked
    for to answer it. Where a restore placed such a hold again, its export is lost, and `subjects`
    are those whom the journal names; of `subjects_unknown` an older journal does not say whom.

    `owner` looks at it again on `review_on`. `record` and `release_record` name the sealed records
    of its reason and scope, and of why it was released.
    """

    class Kind(models.TextChoices):
        """Why something is held."""

        SAFEGUARDING = "safeguarding", gettext_lazy("Safeguarding or an allegation")
        LITIGATION = "litigation", gettext_lazy("Legal claim or tribunal")
        POLICE = "police", gettext_lazy("Police")
        INQUIRY = "inquiry", gettext_lazy("Statutory inquiry")
        REQUEST = "request", gettext_lazy("Subject access or freedom of information request")
        COMPLAINT = "complaint", gettext_lazy("Complaint or grievance")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by_channel = models.BooleanField(default=False)
    by_person = models.BooleanField(default=False)
    by_words = models.BooleanField(default=False)
    matched_at = models.DateTimeField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    record = models.UUIDField()
    placed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=now)
    owner = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    review_on = models.DateField()
    reminded_of = models.DateField(null=True)
    released_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    release_record = models.UUIDField(null=True)
    export = models.OneToOneField(Export, models.PROTECT, null=True, related_name="hold")
    subjects_unknown = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(by_channel=True)
                | Q(by_person=True)
                | Q(by_words=True)
                | Q(since__isnull=False)
                | Q(until__isnull=False),
                name="retention_hold_on_something",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="retention_hold_period",
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
            # No rule and no job ends it: two people do, and say why.
            models.CheckConstraint(
                condition=~Q(kind="inquiry")
                | Q(released_at=None)
                | Q(released_by__isnull=False, release_record__isnull=False),
                name="retention_hold_inquiry",
            ),
        ]

    def __str__(self) -> str:
        return _("Hold %(number)s") % {"number": self.number}


class HoldChannel(models.Model):
    """A channel that a hold is on. Rows are added with the hold and never taken away."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, models.PROTECT, related_name="channels")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hold", "channel"], name="retention_holdchannel_once")
        ]


class HoldPerson(models.Model):
    """A person whom a hold is on. Rows are added with the hold and never taken away."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, models.PROTECT, related_name="people")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hold", "person"], name="retention_holdperson_once")
        ]


class HoldSubject(models.Model):
    """A person whom a request concerned whose export a restore has lost. It is not on them: it is
    kept from them. Rows are added by the restore and never taken away."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, models.PROTECT, related_name="subjects")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hold", "person"], name="retention_holdsubject_once")
        ]


class HoldMark(models.Model):
    """How far a hold's words have been looked for in a month of a channel: in each of its messages
    whose latest change is at `upto` or before."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, models.PROTECT, related_name="marks", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    month = models.DateField()
    upto = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["hold", "channel", "month"], name="retention_holdmark_once"
            )
        ]


class HoldMatch(models.Model):
    """A message in which a hold's words were found, in whichever of its versions; or (`unread`) of
    which nobody can say it, since it, or a document with it, cannot be read. It is an id without a
    constraint, and is never taken away: an edit does not let a message out of a hold."""

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, models.PROTECT, related_name="matches", db_index=False)
    message = models.UUIDField()
    unread = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["message", "hold"], name="retention_holdmatch_once")
        ]


class Matter(models.Model):
    """Something open that holds messages by itself, by the uid that the log calls it by."""

    class Kind(models.TextChoices):
        """What it is."""

        CONCERN = "concern", gettext_lazy("Safeguarding concern")

    uid = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    begun_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class MatterMessage(models.Model):
    """A message that a matter is about: an id without a constraint."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="messages", db_index=False)
    message = models.UUIDField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["message", "matter"], name="retention_matter_once")
        ]
