"""Holds that were placed since the backup, and those that were released."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Final

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.journal.lines import Act, Line
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from retention.models import Hold, HoldChannel, HoldPerson
from retention.record_classes import HOLD

#: What stands in the place of words that are in no backup.
PLACED: Final = (
    "Placed after the backup that was restored. The journal says what it is on; why, it does not."
)
RELEASED: Final = "Released after the backup that was restored. Why, the journal does not say."


class Placing(Enum):
    """What became of a hold that the journal says was placed."""

    PLACED = auto()
    KNOWN = auto()
    #: All that it is on, or all of one of its parts, is of after the backup.
    NOTHING_TO_HOLD = auto()
    #: Nobody in the backup works with records, so that it could stand in no name.
    IN_NOBODYS_NAME = auto()


@dataclass(frozen=True, kw_only=True)
class Holds:
    """How many holds were placed again, and the numbers of those that were not, and why."""

    placed: int
    nothing_to_hold: tuple[int, ...]
    in_nobodys_name: tuple[int, ...]


def place_holds(since: Iterable[Line]) -> Holds:
    """Place what was placed since and is not there. One that was released again is not missed."""
    lines = list(since)
    over = {line.said.subject for line in lines if line.said.act == Act.HOLD_RELEASED}
    became: dict[Placing, list[int]] = defaultdict(list)
    for line in lines:
        if line.said.act == Act.HOLD_PLACED:
            what = _place(line)
            if what is Placing.PLACED or line.said.subject not in over:
                became[what].append(int(line.said.facts["number"]))
    return Holds(
        placed=len(became[Placing.PLACED]),
        nothing_to_hold=tuple(became[Placing.NOTHING_TO_HOLD]),
        in_nobodys_name=tuple(became[Placing.IN_NOBODYS_NAME]),
    )


def release_holds(since: Iterable[Line]) -> int:
    """Release what was released since; returns how many. One whose second person is of after the
    backup goes on."""
    return sum(_release(line) for line in since if line.said.act == Act.HOLD_RELEASED)


@transaction.atomic
def _place(line: Line) -> Placing:
    facts = line.said.facts
    if Hold.objects.filter(uid=line.said.about).exists():
        return Placing.KNOWN
    channels = list(Channel.objects.filter(pk__in=facts["channels"]))
    people = list(User.objects.filter(pk__in=facts["people"]))
    named = bool(facts["channels"]), bool(facts["people"])
    if named != (bool(channels), bool(people)):
        return Placing.NOTHING_TO_HOLD
    by = _somebody(facts["by"], people)
    if by is None:
        return Placing.IN_NOBODYS_NAME
    hold = Hold.objects.create(
        number=facts["number"],
        uid=line.said.about,
        kind=facts["kind"],
        by_channel=bool(channels),
        by_person=bool(people),
        # Its words are lost with the database, so that all of its span stays held.
        by_words=bool(facts.get("by_query")),
        since=_day(facts["since"]),
        until=_day(facts["until"]),
        record=seal_record(HOLD, {"reason": PLACED}).id,
        placed_by=by,
        placed_at=line.said.at,
        owner=_somebody(facts["owner"], people) or by,
        review_on=date.fromisoformat(facts["review_on"]),
    )
    HoldChannel.objects.bulk_create([HoldChannel(hold=hold, channel=one) for one in channels])
    HoldPerson.objects.bulk_create([HoldPerson(hold=hold, person=one) for one in people])
    enter(line)
    return Placing.PLACED


@transaction.atomic
def _release(line: Line) -> bool:
    facts = line.said.facts
    held = Hold.objects.filter(uid=line.said.about, released_at=None)
    if not held.exclude(placed_by=facts["by"]).exists():
        return False
    by = User.objects.filter(pk=facts["by"]).first()
    if by is None:
        return False
    released = seal_record(HOLD, {"reason": RELEASED})
    held.update(released_by=by, released_at=line.said.at, release_record=released.id)
    enter(line)
    return True


def enter(line: Line) -> None:
    """That a line of the journal was made true again."""
    record(
        Action.HOLD_REPLAYED,
        actor=None,
        subject=line.said.subject,
        line=line.number,
        kind=line.said.act.value,
    )


def _somebody(wanted: str, people: Iterable[User]) -> User | None:
    """Who it was; where they joined after the backup, who has worked with records the longest."""
    works = User.objects.filter(
        is_active=True,
        groups__permissions__codename="use_records",
        groups__permissions__content_type__app_label="accounts",
    )
    instead = works.exclude(pk__in=[one.pk for one in people]).order_by("pk")
    return User.objects.filter(pk=wanted).first() or instead.first()


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
