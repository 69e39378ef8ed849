"""Rules of record classes, what they are counted from, and what was put under another one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel, Message
from retention.due.terms import Term, Trigger
from retention.presets import NEVER_DISPOSED

_PERSON = settings.AUTH_USER_MODEL


class Policy(models.Model):
    """One version of the rule of a record class; the newest version rules.

    `approved_by` None marks a preset that the school has not made its own. `proposed_by` is who
    asked for a version that keeps less; another person has to approve it.
    """

    class Action(models.TextChoices):
        """What happens when the period is over."""

        DISPOSE = "dispose", gettext_lazy("Dispose of, once approved")
        REVIEW = "review", gettext_lazy("Keep until reviewed")
        KEEP = "keep", gettext_lazy("Keep")

    class CountedFrom(models.TextChoices):
        """What the period is counted from."""

        MESSAGE = Trigger.MESSAGE.value, gettext_lazy("The day of sending")
        ACADEMIC_YEAR = (
            Trigger.ACADEMIC_YEAR.value,
            gettext_lazy("The end of the academic year, 31 August"),
        )
        CALENDAR_YEAR = Trigger.CALENDAR_YEAR.value, gettext_lazy("The end of the calendar year")
        LEAVING = Trigger.LEAVING.value, gettext_lazy("The day on which a person leaves")
        CLOSURE = (
            Trigger.CLOSURE.value,
            gettext_lazy("The day on which a case is closed, or its outcome"),
        )
        SET = Trigger.SET.value, gettext_lazy("A date that somebody sets")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    record_class = models.CharField(max_length=40)
    version = models.IntegerField(default=1)
    name = models.CharField(max_length=120)
    trigger = models.CharField(
        max_length=14,
        choices=CountedFrom.choices,
        default=CountedFrom.MESSAGE,
        db_default=Trigger.MESSAGE.value,
    )
    months = models.IntegerField(null=True)
    days = models.IntegerField(null=True)
    action = models.CharField(max_length=8, choices=Action.choices)
    authority = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    # When its channels had been told of it; None while that is still to be done.
    announced_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record_class", "version"], name="retention_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(months__isnull=False, months__gte=1, months__lte=1_200, days=None)
                | Q(days__isnull=False, days__gte=1, days__lte=3_650, months=None),
                name="retention_policy_period",
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=[one.value for one in Trigger]),
                name="retention_policy_trigger",
            ),
            models.CheckConstraint(
                condition=~Q(action="dispose", record_class__in=NEVER_DISPOSED),
                name="retention_policy_never_disposed",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(approved_by=F("proposed_by")),
                name="retention_policy_two_people",
            ),
            models.CheckConstraint(
                condition=Q(action__in=["dispose", "review", "keep"]),
                name="retention_policy_action",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.version}"

    @property
    def term(self) -> Term:
        """Trigger and period."""
        return Term(trigger=Trigger(self.trigger), months=self.months, days=self.days)


class Reclassing(models.Model):
    """A channel given another record class. Until `reindexed_at` its search is the former's."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    former = models.CharField(max_length=40)
    record_class = models.CharField(max_length=40)
    changed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=now)
    reindexed_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class ChannelDate(models.Model):
    """The date that a channel's rule asks for: `day`, or the day on which `person` leaves.

    What counts is `agreed`: a date that two people want, or that is later than such a one. While
    there is none, nothing in the channel falls due. `agreed_by` is the second person, None where
    the date has only been put later since. sql/dates.sql looks after both.
    """

    channel = models.OneToOneField(Channel, models.PROTECT, primary_key=True, related_name="+")
    day = models.DateField(null=True)
    person = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    set_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)
    agreed = models.DateField(null=True)
    agreed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(day=None) | Q(person=None), name="retention_channeldate_one"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("set_by")),
                name="retention_channeldate_two_people",
            ),
        ]


class MessageClass(models.Model):
    """A message that is kept longer than its channel: under a class of its own besides.

    It is due when both rules say so. `record` is the sealed reason. It goes with the message.
    """

    id = models.BigAutoField(primary_key=True)
    # sql/classes_hang.sql looks after it.
    message = models.OneToOneField(
        Message, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    record_class = models.CharField(max_length=40)
    record = models.UUIDField()
    set_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
