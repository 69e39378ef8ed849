"""What may be seen of rules: everybody may know how long a channel's messages are kept."""

from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from messaging.models import Channel
from retention.due.terms import Term, Trigger, is_as_long
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
    return versions.select_related("approved_by", "proposed_by").order_by("-version")


def is_short(term: Term) -> bool:
    """Whether a period ends before an employment tribunal's limits do, so that the page warns."""
    return not is_as_long(term, Term(trigger=term.trigger, months=SHORTEST_WITHOUT_WARNING))


class Ruled(Protocol):
    """What a rule says: of a policy, or of what is to become one."""

    @property
    def term(self) -> Term:
        """From when it counts, and how long."""

    @property
    def action(self) -> str:
        """What is done then: one of `Policy.Action`."""


_STRICTER = (Policy.Action.DISPOSE, Policy.Action.REVIEW, Policy.Action.KEEP)


def keeps_less(new: Ruled, former: Ruled) -> bool:
    """Whether `new` may keep something for less long than `former`, or do more to it then.

    Where it depends on the message or on a date, it may.
    """
    after, before = (_STRICTER.index(Policy.Action(rule.action)) for rule in (new, former))
    if after != before:
        return after < before
    return not is_as_long(new.term, former.term)


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How long what is written in a channel is kept; `text` is a sentence for its members."""

    record_class: str
    name: str
    term: Term
    period: str
    action: str
    authority: str
    text: str


def keeping_of(channel: Channel) -> Keeping:
    """The rule that a channel's messages are under. It never tells of a hold."""
    policy = policy_of(channel.record_class)
    return Keeping(
        record_class=policy.record_class,
        name=gettext(policy.name),
        term=policy.term,
        period=period(policy.term),
        action=policy.action,
        authority=gettext(policy.authority),
        text=_sentence(policy),
    )


_SENTENCES = {
    Policy.Action.DISPOSE: gettext_noop(
        "Messages here are kept for %(period)s, and are then disposed of for good, once a second "
        "person has agreed."
    ),
    Policy.Action.REVIEW: gettext_noop(
        "Messages here are kept for %(period)s, and are then reviewed."
    ),
    Policy.Action.KEEP: gettext_noop(
        "Messages here are kept for %(period)s, and are not disposed of by rule."
    ),
}


def _sentence(policy: Policy) -> str:
    sentence = gettext(_SENTENCES[Policy.Action(policy.action)])
    return sentence % {"period": period(policy.term)}


_COUNTED_FROM = {
    Trigger.MESSAGE: "%(period)s",
    Trigger.ACADEMIC_YEAR: gettext_noop("%(period)s after the end of the academic year"),
    Trigger.CALENDAR_YEAR: gettext_noop("%(period)s after the end of the calendar year"),
    Trigger.LEAVING: gettext_noop("%(period)s after the person concerned has left"),
    Trigger.CLOSURE: gettext_noop("%(period)s after the case is closed"),
    Trigger.SET: gettext_noop("%(period)s after a date that is set for it"),
}


def period(term: Term) -> str:
    """A period in words: '18 months', '90 days', '6 years after the end of the calendar year'."""
    counted = _COUNTED_FROM[term.trigger]
    if term.trigger != Trigger.MESSAGE:
        counted = gettext(counted)
    return counted % {"period": _length(term)}


def _length(term: Term) -> str:
    if term.days is not None:
        return ngettext("%(n)d day", "%(n)d days", term.days) % {"n": term.days}
    months = term.months or 0
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
