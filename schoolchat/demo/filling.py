"""Filling an empty database with the demonstration school, through the services of the product."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import Provenance, User
from accounts.queries import provenance
from accounts.roles import Role
from accounts.services.people import Newcomer
from accounts.services.school import give_roles_at_setup, make_up_people, write_provenance
from audit.clock import now, truncated
from messaging.models import Channel, Membership
from messaging.services.history import Past, open_past_channel, write_history
from oversight.services.concerns import raise_concern
from retention.exports.encryption import new_passphrase
from retention.services.exports import approve_export, request_export
from retention.services.holds import place_hold
from schoolchat.demo.channels import ALL, DemoChannel
from schoolchat.demo.conversations import CONCERN, DemoMessage, history
from schoolchat.demo.school import PEOPLE, SCHOOL, Person

_SEED = 7
_EDIT_AFTER = timedelta(minutes=4)
_DELETE_AFTER = timedelta(minutes=9)
#: Messages that these people have not read yet, so that the rail shows what unread looks like.
_UNREAD = {"notices": 1, "staffroom": 4, "cover": 2}
_ENVELOPE = "demo.json"


class NotEmpty(Exception):
    """This data folder holds a school that is not the demonstration; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the start of a demonstration prints, kept in its data folder (mode 600)."""

    password: str
    export: int
    passphrase: str


@dataclass(frozen=True, kw_only=True)
class _Stage:
    people: Mapping[str, User]
    channels: Mapping[str, Channel]


def fill() -> Envelope:
    """Fill an empty database; a demonstration that is there already is left as it is."""
    origin = provenance()
    if origin is not None and origin.kind == Provenance.Kind.DEMO:
        return _kept()
    if origin is not None or User.objects.exists() or Channel.objects.exists():
        raise NotEmpty
    envelope = _fill()
    _keep(envelope)
    return envelope


@transaction.atomic
def _fill() -> Envelope:
    write_provenance(kind=Provenance.Kind.DEMO, school_name=SCHOOL)
    password = f"hazel-lane-{secrets.token_hex(3)}"
    present = now()
    stage = _set_stage(password, present)
    ids = _write(stage, present)
    _leave_unread(stage)
    return _work_of_record(stage, ids, password, present)


def _set_stage(password: str, present: datetime) -> _Stage:
    made = make_up_people(newcomers=[_newcomer(p) for p in PEOPLE], password=password)
    people = {part.key: person for part, person in zip(PEOPLE, made, strict=True)}
    give_roles_at_setup(
        people={people[p.key]: [Role(role) for role in p.roles] for p in PEOPLE if p.roles}
    )
    channels = {one.key: _channel(one, people, present) for one in ALL}
    return _Stage(people=people, channels=channels)


def _newcomer(part: Person) -> Newcomer:
    return Newcomer(
        email=part.email,
        display_name=part.name,
        job_title=part.job_title,
        department=part.department,
        staff_id=part.staff_id,
    )


def _channel(one: DemoChannel, people: Mapping[str, User], present: datetime) -> Channel:
    direct = one.kind == Channel.Kind.DIRECT
    return open_past_channel(
        at=present - timedelta(days=one.since + 1),
        owner=people[one.owner],
        members=_people(people, one.members),
        moderators=_people(people, one.moderators),
        kind=one.kind,
        name=one.name,
        purpose=one.purpose,
        record_class="direct" if direct else one.record_class,
        sensitive=one.sensitive,
    )


def _people(people: Mapping[str, User], keys: Iterable[str]) -> list[User]:
    return [people[key] for key in keys]


def _write(stage: _Stage, present: datetime) -> dict[str, UUID]:
    """Write every message; returns their ids by key."""
    told = list(history(timezone.localtime(present), _SEED))
    ids = [uuid7(nanoseconds=int(one.at.timestamp() * 1000) * 1_000_000) for one in told]
    write_history([_past(stage, told, ids, n) for n in range(len(told))], seed=_SEED)
    return {one.key: message for one, message in zip(told, ids, strict=True)}


def _past(stage: _Stage, told: Sequence[DemoMessage], ids: Sequence[UUID], number: int) -> Past:
    one = told[number]
    at = truncated(one.at)
    edited = one.edited_text is not None
    return Past(
        id=ids[number],
        channel=stage.channels[one.channel_key].id,
        author=stage.people[one.author_key].id,
        sent_at=at,
        text=one.text,
        reply_to=None if one.reply_to_index is None else ids[one.reply_to_index],
        edited_text=one.edited_text,
        edited_at=at + _EDIT_AFTER if edited else None,
        deleted_at=at + _DELETE_AFTER if one.deleted else None,
    )


def _leave_unread(stage: _Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_membership m SET read_seq = c.head"
            " FROM messaging_channel c WHERE c.id = m.channel_id"
        )
    for key, count in _UNREAD.items():
        channel = Channel.objects.get(pk=stage.channels[key].pk)
        Membership.objects.filter(channel=channel).update(read_seq=channel.head - count)


def _work_of_record(
    stage: _Stage, ids: Mapping[str, UUID], password: str, present: datetime
) -> Envelope:
    """A concern at the desk, a hold, and an export that two people have agreed to."""
    people, channels = stage.people, stage.channels
    raise_concern(
        by=people["alice"],
        message_id=ids[CONCERN[0]],
        note="Third time this half term. I would like you to have this with the others.",
    )
    place_hold(
        by=people["hari"],
        kind="complaint",
        reason="Complaint from a parent about how lateness was recorded; correspondence to keep.",
        review_on=present.date() + timedelta(days=90),
        channels=[channels["cover"]],
    )
    passphrase = new_passphrase()
    export = request_export(
        by=people["hari"],
        channel=channels["staffroom"],
        since=_first_of_year(present.date()),
        until=present.date(),
        purpose="complaint",
        reason="Complaint from a parent: what staff wrote to each other this term.",
        recipient="Chair of governors, complaints panel",
        passphrase=passphrase,
    )
    approve_export(by=people["helen"], number=export.number)
    return Envelope(password=password, export=export.number, passphrase=passphrase)


def _first_of_year(today: date) -> date:
    """1 September of the school year that `today` lies in."""
    september = today.replace(month=9, day=1)
    return september if september <= today else september.replace(year=today.year - 1)


def _keep(envelope: Envelope) -> None:
    path = Path(settings.DATA_DIR) / _ENVELOPE
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(envelope)))


def _kept() -> Envelope:
    return Envelope(**json.loads((Path(settings.DATA_DIR) / _ENVELOPE).read_text()))
