"""Who sees what of the log: which entries, with names or without, and what is secret from whom.

A hold, an export, a concern, an alert or a reading with authority is kept from the person whom it
is about, also when that person reads the log: the entries are left out for them, and so is what
others did to look at those entries.
"""

from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, UUIDField, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Regex

from accounts.doors import LOG
from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.models import Entry
from messaging.models import Message
from oversight.errors import NotAReader
from oversight.models import Concern, SearchRecord
from oversight.queries.alerts import secret_alerts
from oversight.queries.desk import DESK, concerns_for, excluded_for
from oversight.queries.filters import any_of
from retention.models import Disposal, Export, Hold, HoldChannel
from retention.queries.disposals import disposals_for, open_for, secret_disposals
from retention.queries.emptied import ended_by, over_for
from retention.queries.exports import exports_for
from retention.queries.holds import holds_for, holds_on

_OPENING: Final = (Action.MESSAGE_OPENED, Action.FILE_OPENED, Action.PROOF_DOWNLOADED)
_LOOKING: Final = (Action.LOG_VIEWED, Action.LOG_DOWNLOADED, Action.PROOF_DOWNLOADED)
_UUID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_WORD: Final = KeyTextTransform("subject", KeyTransform("filters", OuterRef("facts")))
#: The id of what somebody looked for in the log; NULL where there is none. Asked before it is made
#: an id, so that a filter of another form breaks no page.
_SOUGHT: Final = Case(When(Regex(_WORD, _UUID), then=Cast(_WORD, UUIDField())))

type Cases = dict[str, list[tuple[UUID, int]]]


def check_may_enter(viewer: User) -> None:
    """Raises NotAReader for anybody who finds nothing of the log but their own acts."""
    if not may(viewer, *LOG.permissions):
        raise NotAReader


def reads_all(viewer: User) -> bool:
    """Whether the viewer reads the log as a whole, and not only what is their own."""
    return may(viewer, "read_log")


def sees_names(viewer: User) -> bool:
    """Whether the log's ids are shown to the viewer as names: not to the auditor, who sees what is
    about everybody; of one's own cases one knows the names."""
    return may(viewer, "read_log_names") or not reads_all(viewer)


def seen_by(viewer: User) -> list[Q]:
    """What of the log a person sees: any of these is enough.

    docs/explanation/who-reads-the-log.md has it as a table. Machines are looked after without the
    log: there is nothing here for IT but their own acts.
    """
    if reads_all(viewer):
        return [Q()]
    return [own_acts(viewer), Q(subject__in=own_cases(viewer))]


def own_acts(viewer: User) -> Q:
    """What a person did."""
    return Q(actor=viewer.pk)


def own_cases(viewer: User) -> list[UUID]:
    """The things with a number that are a person's own to deal with, as long as they have the role
    for it: what they asked for, hold or placed, and what an approver decided or is to decide."""
    cases: list[QuerySet[Any]] = []
    if may(viewer, DESK):
        cases.append(SearchRecord.objects.filter(searcher=viewer))
        cases.append(concerns_for(viewer).filter(acknowledged_by=viewer))
    if may(viewer, "use_records"):
        cases.append(exports_for(viewer).filter(requested_by=viewer))
        cases.append(holds_for(viewer).filter(Q(placed_by=viewer) | Q(owner=viewer)))
        cases.append(disposals_for(viewer).filter(proposed_by=viewer))
    if may(viewer, "approve_records"):
        cases.append(_exports_decided_by(viewer))
        cases.append(holds_for(viewer).filter(released_by=viewer))
        cases.append(_disposals_decided_by(viewer))
    return [uid for found in cases for uid in found.values_list("uid", flat=True)]


def secret_from(viewer: User) -> Q:
    """What is about the viewer and not for them."""
    channels = excluded_for(viewer)
    cases = _secret_cases(viewer, Q(channel__in=channels))
    alerts = secret_alerts(viewer).values_list("uid", flat=True)
    things = [*(uid for rows in cases.values() for uid, _ in rows), *alerts, *channels]
    own = Message.objects.filter(id=OuterRef("subject"), author=viewer)
    secret = (
        Q(subject__in=things)
        # Without has_key an entry that names no channel would be neither secret nor not.
        | Q(facts__has_key="channel", facts__channel__in=[str(channel) for channel in channels])
        | Q(action__startswith="hold.", subject=viewer.pk)
        # A file of a message beside the one that a concern is about tells of the concern too.
        | Q(facts__has_key="concern", facts__concern__in=[str(uid) for uid, _ in cases["concern"]])
        | (Q(action__in=_OPENING) & Q(Exists(own)))
        | _empty_chunks(viewer)
        | _after_they_ended(viewer)
    )
    by_others = Q(action__in=_LOOKING) & ~own_acts(viewer)
    looked_for = _looked_for(viewer, cases, things)
    return secret | (by_others & (looked_for | _looked_at(viewer, secret | by_others, channels)))


def _empty_chunks(viewer: User) -> Q:
    """Parts of a disposal in which nothing was destroyed, for whom a hold is on: they would tell
    of what it kept."""
    if not holds_on(viewer).exists():
        return Q(pk__in=[])
    return Q(action=Action.DISPOSAL_CHUNK_DONE, facts__has_key="count", facts__count=0)


def _exports_decided_by(viewer: User) -> QuerySet[Export]:
    """Those that the viewer decided, one way or the other, or may be asked to decide."""
    decided = Q(approved_by=viewer) | Q(refused_by=viewer)
    return exports_for(viewer).filter(decided | Q(state=Export.State.REQUESTED))


def _disposals_decided_by(viewer: User) -> QuerySet[Disposal]:
    """Likewise, as the viewer sees them."""
    waiting = open_for(viewer).filter(state=Disposal.State.PROPOSED)
    decided = Q(approved_by=viewer) | Q(withdrawn_by=viewer)
    ended = over_for(viewer).values("number")
    return disposals_for(viewer).filter(
        (decided & ~Q(number__in=ended)) | ended_by(viewer) | Q(number__in=waiting.values("number"))
    )


def _after_they_ended(viewer: User) -> Q:
    """What became of a disposal after the viewer saw it end."""
    ended = over_for(viewer).values_list("uid", "emptied_at")
    return any_of([Q(pk__in=[]), *(Q(subject=uid, at__gt=at) for uid, at in ended)])


def _secret_cases(viewer: User, about: Q) -> Cases:
    """The uids and numbers of what is about the viewer, by the word of the case."""
    theirs = Q(channel__kind="direct", channel__memberships__person=viewer)
    found: dict[str, QuerySet[Any]] = {
        "hold": _holds_on(viewer, about | theirs),
        "export": Export.objects.filter(Q(subjects__person=viewer) | about),
        "concern": Concern.objects.filter(Q(author=viewer) | about),
        "disposal": secret_disposals(viewer),
    }
    return {kind: list(rows.values_list("uid", "number")) for kind, rows in found.items()}


def _holds_on(viewer: User, channels: Q) -> QuerySet[Hold]:
    """The holds on the viewer, or on such a channel."""
    of_channels = HoldChannel.objects.filter(channels).values("hold")
    return Hold.objects.filter(Q(number__in=of_channels) | Q(pk__in=holds_on(viewer).values("pk")))


def _looked_for(viewer: User, cases: Cases, things: list[UUID]) -> Q:
    """The filters name the viewer, or what is secret from them."""
    ids = [str(one) for one in (viewer.pk, *things)]
    by_id = Q(
        # Without has_key a look with other filters would be neither secret nor not.
        facts__has_key="filters",
        facts__filters__has_key="subject",
        facts__filters__subject__in=ids,
    )
    by_number = [
        Q(facts__contains={"filters": {"case": kind, "number": number}})
        for kind, rows in cases.items()
        for _, number in rows
    ]
    by_actor = Q(facts__contains={"filters": {"actor": str(viewer.pk)}})
    return any_of([by_actor, by_id, *by_number])


def _looked_at(viewer: User, hidden: Q, channels: frozenset[UUID]) -> Q:
    """What was looked at is an entry that is hidden, or is named by the filters: an entry, the
    viewer's own message, or one in a channel about them.

    A look by others is hidden as something to look at whatever it was at itself, so that looking at
    a look at a look gives nothing away, however deep it goes. So the viewer is not told either when
    the auditor looks up somebody's look at what is no secret: that look itself they see.
    """
    # By two ids at once: with one alone PostgreSQL would put all that there is into a hash first.
    at: list[Any] = [OuterRef("subject"), _SOUGHT]
    entries = Entry.objects.filter(hidden, uid__in=at)
    messages = Message.objects.filter(Q(author=viewer) | Q(channel__in=channels), id__in=at)
    return Q(Exists(entries)) | Q(Exists(messages))
