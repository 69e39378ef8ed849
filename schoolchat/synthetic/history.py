"""A synthetic school: people, channels and months of messages, for load and search tests."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from accounts.models import Provenance, User
from accounts.queries import provenance
from accounts.roles import Role
from accounts.services.people import Newcomer
from accounts.services.school import give_roles_at_setup, make_up_people, write_provenance
from messaging.models import Channel
from messaging.search.rebuild import flush_months
from messaging.services.history import Past, open_past_channel, write_history
from schoolchat.synthetic.classes import DIRECT
from schoolchat.synthetic.plan import MonthPlan, Shape, Slot, memberships, plan
from schoolchat.synthetic.text import texts
from schoolchat.synthetic.words import names

_CHUNK = 25_000
DOMAIN = "generated.example"


class SomebodyElses(Exception):
    """This database holds a school that was not generated; nothing was written."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was written: its people in order, and the channels of each."""

    people: list[User]
    channels: list[Channel]
    members: list[list[int]]
    password: str

    def channels_of(self, person: int) -> list[UUID]:
        """The channels of the person with this number."""
        inside = zip(self.channels, self.members, strict=True)
        return [channel.id for channel, members in inside if person in members]


def generate(shape: Shape, seed: int, progress: Callable[[int], None]) -> Made:
    """Write the history of `shape`; `progress` hears how many messages there are."""
    made = _set_up(shape, seed)
    words = texts(seed, shape.messages)
    done = 0
    for month in plan(shape, seed):
        for slots in _chunks(month):
            batch = [_past(made, slot, text) for slot, text in zip(slots, words, strict=False)]
            write_history(batch, seed=seed)
            done += len(batch)
            progress(done)
    flush_months()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else every plan rests on an empty school for a minute
    return made


def _chunks(month: MonthPlan) -> list[list[Slot]]:
    slots = iter(month.slots)
    return list(iter(lambda: list(islice(slots, _CHUNK)), []))


def _past(made: Made, slot: Slot, text: str) -> Past:
    return Past(
        id=uuid7(nanoseconds=slot.at * 1_000_000),
        channel=made.channels[slot.channel].id,
        author=made.people[slot.author].id,
        sent_at=datetime.fromtimestamp(slot.at / 1000, UTC),
        text=text,
    )


@transaction.atomic
def _set_up(shape: Shape, seed: int) -> Made:
    _claim()
    password = secrets.token_urlsafe(12)
    before = User.objects.count()
    people = make_up_people(newcomers=_newcomers(shape.people, before), password=password)
    desk, administrator = make_up_people(newcomers=_officers(before), password=password)
    give_roles_at_setup(people={desk: [Role.DSL], administrator: [Role.APPROVER, Role.IT_ADMIN]})
    members = memberships(shape, seed)
    began = earliest(shape)
    classes = shape.classes or ("routine",) * shape.channels
    channels = [
        _channel(n, each, [people[index] for index in inside], began)
        for n, (each, inside) in enumerate(zip(classes, members, strict=True))
    ]
    return Made(people=people, channels=channels, members=members, password=password)


def _claim() -> None:
    origin = provenance()
    if origin is None and not Channel.objects.exists():
        write_provenance(kind=Provenance.Kind.GENERATED, school_name="Generated school")
    elif origin is None or origin.kind != Provenance.Kind.GENERATED:
        raise SomebodyElses


def _newcomers(count: int, before: int) -> list[Newcomer]:
    known = names()
    return [
        Newcomer(email=f"person{before + n}@{DOMAIN}", display_name=known[n % len(known)])
        for n in range(count)
    ]


def _officers(before: int) -> list[Newcomer]:
    return [
        Newcomer(email=f"{part}{before or ''}@{DOMAIN}", display_name=name, job_title=name)
        for part, name in (("dsl", "Generated DSL"), ("admin", "Generated administrator"))
    ]


def earliest(shape: Shape) -> datetime:
    """A moment before the first message of the history."""
    return shape.ends - timedelta(days=31 * (shape.months + 1))


def _channel(number: int, record_class: str, members: Sequence[User], at: datetime) -> Channel:
    direct = record_class == DIRECT
    return open_past_channel(
        at=at,
        owner=members[0],
        members=members[1:],
        kind=Channel.Kind.DIRECT if direct else Channel.Kind.PRIVATE,
        name="" if direct else f"Channel {number + 1}",
        record_class=record_class,
    )
