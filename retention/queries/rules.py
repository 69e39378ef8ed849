"""What may be seen of rules: everybody may know how long a channel's messages are kept."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from messaging.models import Channel
from retention.models import Policy
from retention.presets import DEFAULT_CLASS, SHORTEST_WITHOUT_WARNING


def policies() -> list[Policy]:
    """The rule that is in force for each record class, by name."""
    newest = Policy.objects.order_by("record_class", "-version").distinct("record_class")
    return sorted(newest, key=lambda policy: policy.name)


def policy_of(record_class: str) -> Policy:
    """The rule of a record class: its newest version, or the default's where it has none."""
    newest = Policy.objects.order_by("-version").select_related("approved_by")
    found = newest.filter(record_class=record_class).first()
    return found or newest.filter(record_class=DEFAULT_CLASS)[0]


def history_of(record_class: str) -> QuerySet[Policy]:
    """All versions of a rule, newest first."""
    versions = Policy.objects.filter(record_class=record_class)
    return versions.select_related("approved_by").order_by("-version")


def is_short(months: int) -> bool:
    """Whether a period ends before an employment tribunal's limits do, so that the page warns."""
    return months < SHORTEST_WITHOUT_WARNING


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How long what is written in a channel is kept; `text` is a sentence for its members."""

    record_class: str
    name: str
    months: int
    action: str
    text: str


def keeping_of(channel: Channel) -> Keeping:
    """The rule that a channel's messages are under. It never tells of a hold."""
    policy = policy_of(channel.record_class)
    return Keeping(
        record_class=policy.record_class,
        name=gettext(policy.name),
        months=policy.months,
        action=policy.action,
        text=_sentence(policy),
    )


_SENTENCES = {
    Policy.Action.DISPOSE: gettext_noop(
        "Messages here are kept for %(period)s and are then disposed of for good, once a second "
        "person has agreed."
    ),
    Policy.Action.REVIEW: gettext_noop(
        "Messages here are kept for %(period)s and are then reviewed."
    ),
    Policy.Action.KEEP: gettext_noop(
        "Messages here are kept for %(period)s and are not disposed of by rule."
    ),
}


def _sentence(policy: Policy) -> str:
    sentence = gettext(_SENTENCES[Policy.Action(policy.action)])
    return sentence % {"period": period(policy.months)}


def period(months: int) -> str:
    """A period in words: '18 months', '3 years'."""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
