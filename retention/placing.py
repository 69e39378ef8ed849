"""Putting a hold in force, within the act that places it: by hand, or with a request that holds by
itself. The act writes the entry of the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import User
from audit.canonical import Json
from audit.sealed import Sealed, seal_record
from messaging.models import Channel
from messaging.search.query import parse
from retention.exceptions import BadOwner, BadPeriod, ConcernsYou, EmptyHold
from retention.journaling import note_hold
from retention.locks import stop_destroying
from retention.models import Export, ExportSubject, Hold, HoldChannel, HoldPerson
from retention.queries.holds import may_own
from retention.record_classes import HOLD
from retention.tasks import match_holds


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What these channels, people and UTC days (both included) have in common, and of that where
    the words are found; what is left out leaves all of it."""

    channels: Sequence[Channel] = ()
    people: Sequence[User] = ()
    since: date | None = None
    until: date | None = None
    words: str = ""

    def check(self) -> None:
        """EmptyHold, BadPeriod, or a QueryError of its words."""
        if self.words:
            parse(self.words)
        if not (self.channels or self.people or self.since or self.until or self.words):
            raise EmptyHold
        if self.since and self.until and self.until < self.since:
            raise BadPeriod

    def said(self) -> dict[str, Json]:
        """As ids and days, to be sealed: the log does not say whom a hold is on."""
        found: dict[str, Json] = {
            "channels": tuple(sorted(str(channel.pk) for channel in self.channels)),
            "people": tuple(sorted(str(person.pk) for person in self.people)),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return found | ({"words": self.words} if self.words else {})


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Who places a hold and why, who looks at it again (by default the same person), and when."""

    by: User
    kind: str
    reason: str
    owner: User | None = None
    review_on: date


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A hold in force, and the sealed record of its reason and scope."""

    hold: Hold
    sealed: Sealed


def put_in_force(scope: Scope, looked: Looked, *, export: Export | None = None) -> Placed:
    """Once the caller's transaction has been committed, nothing that the hold covers is destroyed:
    the chunk of a disposal that was under way has ended, and the next one sees it."""
    scope.check()
    stop_destroying()
    sealed = seal_record(HOLD, scope.said() | {"reason": looked.reason})
    hold = _written(scope, looked, sealed, export)
    if not may_own(hold.owner, hold):
        raise BadOwner if looked.owner else ConcernsYou
    note_hold(
        hold,
        channels=[one.pk for one in scope.channels],
        people=[one.pk for one in scope.people],
        about=_about(export),
        by_query=bool(scope.words),
    )
    if scope.words:
        match_holds.defer()
    return Placed(hold=hold, sealed=sealed)


def _about(export: Export | None) -> list[UUID]:
    subjects = export.subjects.order_by("pk") if export else ExportSubject.objects.none()
    return list(subjects.values_list("person", flat=True))


def _written(scope: Scope, looked: Looked, sealed: Sealed, export: Export | None) -> Hold:
    hold = Hold.objects.create(
        kind=looked.kind,
        by_channel=bool(scope.channels),
        by_person=bool(scope.people),
        by_words=bool(scope.words),
        since=scope.since,
        until=scope.until,
        record=sealed.id,
        placed_by=looked.by,
        owner=looked.owner or looked.by,
        review_on=looked.review_on,
        export=export,
    )
    HoldChannel.objects.bulk_create([HoldChannel(hold=hold, channel=one) for one in scope.channels])
    HoldPerson.objects.bulk_create([HoldPerson(hold=hold, person=one) for one in scope.people])
    return hold
