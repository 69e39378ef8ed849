"""What may be seen of rules, holds, disposals and exports. Every question starts at the viewer.

A hold and an export are invisible to whom they concern: a hold must not give itself away.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from accounts.models import User
from accounts.queries import has_role, may
from accounts.roles import Role
from messaging.models import Channel, Correction, Membership
from retention.exceptions import NotFound
from retention.models import Certificate, Disposal, Export, Hold, Policy
from retention.presets import DEFAULT_CLASS, SHORTEST_WITHOUT_WARNING

_OPEN = (Disposal.State.PROPOSED, Disposal.State.APPROVED, Disposal.State.EXECUTING)


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


def _channels_about(viewer: User) -> Q:
    """Channels that concern the viewer: they are its subject, or it is their direct one."""
    mine = Membership.objects.filter(person=viewer).values("channel")
    return Q(channel__subjects__person=viewer) | Q(channel__kind="direct", channel__in=mine)


def _holds_on(viewer: User) -> QuerySet[Hold]:
    """The holds, released ones too, that concern the viewer and are kept from them."""
    return Hold.objects.filter(Q(person=viewer) | _channels_about(viewer))


def holds_for(viewer: User) -> QuerySet[Hold]:
    """The holds that the viewer may know of, newest first."""
    if not may(viewer, "use_records"):
        return Hold.objects.none()
    return (
        Hold.objects.exclude(number__in=_holds_on(viewer).values("number"))
        .select_related("channel", "person", "placed_by", "released_by")
        .order_by("-number")
    )


def hold_for(viewer: User, number: int) -> Hold:
    """A hold that the viewer may know of, or NotFound."""
    hold = holds_for(viewer).filter(number=number).first()
    if hold is None:
        raise NotFound
    return hold


def may_release(viewer: User, hold: Hold) -> bool:
    """Whether the viewer may be the second person who releases it."""
    if hold.released_at or not may(viewer, "approve_records"):
        return False
    return viewer.pk != hold.placed_by_id and holds_for(viewer).filter(pk=hold.pk).exists()


def corrections_for(viewer: User) -> QuerySet[Correction]:
    """What was corrected with authority, newest first: less what concerns the viewer, and what a
    hold alone keeps."""
    if not may(viewer, "correct_records"):
        return Correction.objects.none()
    readable = exportable_for(viewer).values("id")
    found = Correction.objects.filter(message__channel__in=readable, message__out_of_view=False)
    found = found.exclude(reason=Correction.Reason.OWN)
    people = ("message__channel", "message__author", "key", "written_by")
    return found.select_related(*people).order_by("-id")


def exports_for(viewer: User) -> QuerySet[Export]:
    """The exports that the viewer may know of, newest first."""
    if not may(viewer, "use_records"):
        return Export.objects.none()
    concerning = Export.objects.filter(
        Q(subjects__person=viewer) | Q(channel__subjects__person=viewer)
    )
    return (
        Export.objects.exclude(number__in=concerning.values("number"))
        .select_related("channel", "requested_by", "approved_by", "refused_by")
        .order_by("-number")
    )


def export_for(viewer: User, number: int) -> Export:
    """An export that the viewer may know of, or NotFound."""
    export = exports_for(viewer).filter(number=number).first()
    if export is None:
        raise NotFound
    return export


def may_decide(viewer: User, export: Export) -> bool:
    """Whether the viewer may approve or refuse it: an approver who did not ask."""
    if export.state != Export.State.REQUESTED or not may(viewer, "approve_records"):
        return False
    return viewer.pk != export.requested_by_id and exports_for(viewer).filter(pk=export.pk).exists()


def exportable_for(viewer: User) -> QuerySet[Channel]:
    """The channels of which the viewer may ask for an export: all but those about them."""
    if not may(viewer, "use_records"):
        return Channel.objects.none()
    mine = Membership.objects.filter(person=viewer).values("channel")
    about = Channel.objects.filter(Q(subjects__person=viewer) | Q(kind="direct", id__in=mine))
    return Channel.objects.exclude(id__in=about.values("id"))


def disposals_for(viewer: User) -> QuerySet[Disposal]:
    """Disposals, newest first, for whoever works with records and may know of them."""
    if not may(viewer, "use_records"):
        return Disposal.objects.none()
    people = ("proposed_by", "approved_by", "withdrawn_by")
    shown = Disposal.objects.exclude(number__in=secret_disposals(viewer).values("number"))
    return shown.select_related("policy", *people).order_by("-number")


def secret_disposals(viewer: User) -> QuerySet[Disposal]:
    """The disposals of nothing but what is held: they would tell the viewer of a hold on them."""
    if not _holds_on(viewer).exists():
        return Disposal.objects.none()
    return Disposal.objects.filter(due=0)


def disposal_for(viewer: User, number: int) -> Disposal:
    """One disposal, or NotFound."""
    disposal = disposals_for(viewer).filter(number=number).first()
    if disposal is None:
        raise NotFound
    return disposal


def open_disposal(record_class: str) -> Disposal | None:
    """The disposal of a class that is not over yet."""
    return Disposal.objects.filter(record_class=record_class, state__in=_OPEN).first()


def may_approve_disposal(viewer: User, disposal: Disposal) -> bool:
    """Whether the viewer may be the second person: an approver who did not propose it."""
    waits = disposal.state == Disposal.State.PROPOSED
    return waits and may(viewer, "approve_records") and viewer.pk != disposal.proposed_by_id


def may_withdraw(viewer: User, disposal: Disposal) -> bool:
    """Whether the viewer may stop it: who proposed it, an approver, or the DPO."""
    if disposal.state not in {Disposal.State.PROPOSED, Disposal.State.APPROVED}:
        return False
    return viewer.pk == disposal.proposed_by_id or has_role(viewer, Role.APPROVER, Role.DPO)


def certificates_for(viewer: User) -> QuerySet[Certificate]:
    """Certificates, newest first."""
    return Certificate.objects.filter(disposal__in=disposals_for(viewer).values("number")).order_by(
        "-number"
    )


def certificate_for(viewer: User, number: int) -> Certificate:
    """One certificate, or NotFound."""
    found = certificates_for(viewer).select_related("disposal").filter(number=number).first()
    if found is None:
        raise NotFound
    return found


_MONTHS = """
SELECT n.label, c.month, count(*) FILTER (WHERE NOT i.held),
       count(*) FILTER (WHERE i.held AND EXISTS (
            SELECT FROM retention_held x WHERE x.message = i.message AND x.hold = ANY (%(known)s)))
FROM retention_disposalchunk c
JOIN retention_disposalitem i ON i.chunk_id = c.id
JOIN messaging_channel h ON h.id = c.channel_id
CROSS JOIN LATERAL (
    SELECT h.kind = 'direct' OR h.id = ANY (%(secret)s) AS is_nameless) s
CROSS JOIN LATERAL (
    SELECT CASE WHEN h.kind = 'direct' THEN 'Direct messages'
                WHEN s.is_nameless THEN 'Other channels' ELSE h.name END AS label) n
WHERE c.disposal_id = %(disposal)s
GROUP BY s.is_nameless, n.label, CASE WHEN NOT s.is_nameless THEN h.id END, c.month
ORDER BY s.is_nameless, n.label, c.month
"""


@dataclass(frozen=True, kw_only=True)
class MonthOfBatch:
    """A channel's month in a proposal; `held` counts only what the viewer may know of."""

    channel: str
    month: Any
    due: int
    held: int


def months_of(viewer: User, disposal: Disposal) -> list[MonthOfBatch]:
    """The months of each channel that a disposal is made of.

    Direct ones are taken together, and so are those of which the viewer may not know the name.
    """
    secret = Channel.objects.exclude(id__in=exportable_for(viewer).values("id"))
    facts: dict[str, Any] = {
        "known": list(holds_for(viewer).values_list("number", flat=True)),
        "secret": list(secret.values_list("id", flat=True)),
        "disposal": disposal.number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, facts)
        rows = cursor.fetchall()
    return [
        MonthOfBatch(channel=name, month=month, due=due, held=held)
        for name, month, due, held in rows
        if due or held
    ]
