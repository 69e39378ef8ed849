"""Holds that were placed since the backup, and those that were released."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from audit.actions import Action
from audit.journal.lines import Act, Line
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from retention.models import Hold, HoldChannel, HoldPerson, HoldSubject
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


@dataclass(frozen=True, kw_only=True)
class _Concerned:
    """What and whom a hold is on, and whom the request is about for which it was placed, as far as
    they are in the backup; `unknown` where the line is of before the journal said that."""

    channels: Sequence[Channel]
    people: Sequence[User]
    subjects: Sequence[User]
    unknown: bool

    def somebody(self, wanted: str) -> User | None:
        """Who it was; where they joined after the backup, who has worked with records the longest
        and is not concerned. Where nobody knows who is, the data protection officer, if there is
        one: that it holds is worth more than in whose name."""
        works = User.objects.filter(
            is_active=True,
            groups__permissions__codename="use_records",
            groups__permissions__content_type__app_label="accounts",
        )
        others = works.exclude(pk__in=[one.pk for one in (*self.people, *self.subjects)])
        officers = others.filter(groups__name=Role.DPO) if self.unknown else others
        return (
            User.objects.filter(pk=wanted).first()
            or officers.order_by("pk").first()
            or others.order_by("pk").first()
        )


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
    concerned = _concerned(facts)
    if concerned is None:
        return Placing.NOTHING_TO_HOLD
    by = concerned.somebody(facts["by"])
    if by is None:
        return Placing.IN_NOBODYS_NAME
    _write(line, concerned, by=by)
    enter(line)
    return Placing.PLACED


def _concerned(facts: Mapping[str, Any]) -> _Concerned | None:
    """None where all that it is on, or all of one of its parts, is not in the backup."""
    channels = list(Channel.objects.filter(pk__in=facts["channels"]))
    people = list(User.objects.filter(pk__in=facts["people"]))
    named = bool(facts["channels"]), bool(facts["people"])
    if named != (bool(channels), bool(people)):
        return None
    return _Concerned(
        channels=channels,
        people=people,
        subjects=list(User.objects.filter(pk__in=facts.get("about", ()))),
        unknown=facts["kind"] == Hold.Kind.REQUEST and "about" not in facts,
    )


def _write(line: Line, concerned: _Concerned, *, by: User) -> None:
    facts, channels, people = line.said.facts, concerned.channels, concerned.people
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
        owner=concerned.somebody(facts["owner"]) or by,
        review_on=date.fromisoformat(facts["review_on"]),
        subjects_unknown=concerned.unknown,
    )
    HoldChannel.objects.bulk_create([HoldChannel(hold=hold, channel=one) for one in channels])
    HoldPerson.objects.bulk_create([HoldPerson(hold=hold, person=one) for one in people])
    HoldSubject.objects.bulk_create(
        [HoldSubject(hold=hold, person=one) for one in concerned.subjects]
    )


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


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
