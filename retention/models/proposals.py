"""What takes two people: asked for by one, approved by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from audit.clock import now
from messaging.models import Channel
from retention.due.terms import Term, Trigger
from retention.models.rules import Policy

_PERSON = settings.AUTH_USER_MODEL


class Proposal(models.Model):
    """`record` is the sealed reason. Who approves it is never who asked for it."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", gettext_lazy("Waits for a second person")
        APPROVED = "approved", gettext_lazy("Approved")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    record = models.UUIDField()
    proposed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_two_people",
            )
        ]


class RuleProposal(Proposal):
    """A version of the rule of a record class; one at a time waits."""

    record_class = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    trigger = models.CharField(max_length=14, choices=Policy.CountedFrom.choices)
    months = models.IntegerField(null=True)
    days = models.IntegerField(null=True)
    action = models.CharField(max_length=8, choices=Policy.Action.choices)
    authority = models.CharField(max_length=300)

    class Meta(Proposal.Meta):
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["record_class"],
                condition=Q(state="waiting"),
                name="retention_ruleproposal_one_waits",
            ),
        ]

    @property
    def term(self) -> Term:
        """Trigger and period."""
        return Term(trigger=Trigger(self.trigger), months=self.months, days=self.days)


class ClassProposal(Proposal):
    """A channel under another class; one at a time waits."""

    record_class = models.CharField(max_length=40)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")

    class Meta(Proposal.Meta):
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(state="waiting"),
                name="retention_classproposal_one_waits",
            ),
        ]
