"""Writing a whole history at once, by COPY, through the same sealing and indexing as posting.

For invented schools (the demonstration, generated data): one transaction and one entry of the log
for each call, whose items hold every version's commitment.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import month_of
from audit.entries import ItemOfAct
from audit.services import record, record_bulk
from messaging.models import Channel, ContentKey, Membership, Message
from messaging.search.bulk import Bulk
from messaging.search.domains import place_of
from messaging.search.index import Text
from messaging.services.channels import join, members_key
from messaging.vault.bodies import Body, EncryptionContext, commitment_of, seal
from messaging.vault.keys import cipher_of, current_key

Role = Membership.Role

_MESSAGES = (
    "COPY messaging_message (id, channel_id, author_id, seq, changed, ref, sent_at, kind,"
    " reply_to, version, edited_at, deleted_at, out_of_view) FROM STDIN"
)
_VERSIONS = (
    "COPY messaging_messageversion"
    " (message_id, number, key_id, sealed, written_at, written_by_id) FROM STDIN"
)

# As it is stored: an enum's member would be written by the slow way of audit/canonical.py.
_TEXT: Final = str(Message.Kind.TEXT.value)


@transaction.atomic
def open_past_channel(
    *,
    at: datetime,
    owner: User,
    members: Sequence[User],
    moderators: Sequence[User] = (),
    **fields: Any,
) -> Channel:
    """A channel that began in the past: its people are in it since, and no message says so."""
    people = {person.id: person for person in (owner, *members)}
    if fields["kind"] == Channel.Kind.DIRECT:
        fields["members_key"] = members_key(people)
    channel = Channel.objects.create(created_at=at, **fields)
    chosen = {person.id: Role.MODERATOR for person in moderators}
    if channel.kind != Channel.Kind.DIRECT:
        chosen[owner.id] = Role.OWNER
    for person in people.values():
        join(channel, person, chosen.get(person.id, Role.MEMBER), at=at)
    record(
        Action.CHANNEL_CREATED,
        actor=owner.id,
        subject=channel.id,
        channel_kind=channel.kind,
        record_class=channel.record_class,
        members=list(people),
    )
    return channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A message of the past; `sent_at` is in whole milliseconds."""

    id: UUID
    channel: UUID
    author: UUID
    sent_at: datetime
    text: str
    reply_to: UUID | None = None
    edited_text: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The versions in their order."""
        return (self.text,) if self.edited_text is None else (self.text, self.edited_text)

    def place(self, version: int) -> EncryptionContext:
        """What the body of a version is bound to."""
        return EncryptionContext(
            message=self.id,
            channel=self.channel,
            author=self.author,
            sent_at=self.sent_at,
            kind=_TEXT,
            version=version,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sealed:
    """One version, ready to be copied."""

    past: Past
    number: int
    key: int
    sealed: bytes
    commitment: bytes


def write_history(past: Sequence[Past], *, seed: int) -> None:
    """Write messages in their order; the channels' positions go up by their number."""
    with transaction.atomic():
        counts = Counter(one.channel for one in past)
        channels = _lock(counts)
        versions = list(_seal(past))
        _copy_messages(past, channels)
        _copy_versions(versions)
        _index(past, channels)
        _move_heads(counts)
        items = (
            ItemOfAct(subject=one.past.id, version=one.number, commitment=one.commitment)
            for one in versions
        )
        record_bulk(Action.MESSAGES_GENERATED, actor=None, items=items, seed=seed)


def _lock(counts: Mapping[UUID, int]) -> dict[UUID, Channel]:
    locked = Channel.objects.filter(id__in=counts).order_by("id").select_for_update(no_key=True)
    return {channel.id: channel for channel in locked}


def _seal(past: Sequence[Past]) -> Iterator[_Sealed]:
    keys: dict[tuple[UUID, date], ContentKey] = {}
    for one in past:
        name = (one.channel, month_of(one.sent_at))
        if name not in keys:
            keys[name] = current_key(*name)
        cipher = cipher_of(keys[name])
        for number, text in enumerate(one.texts, start=1):
            place, body = one.place(number), Body(text=text)
            yield _Sealed(
                past=one,
                number=number,
                key=keys[name].pk,
                sealed=seal(cipher, place, body),
                commitment=bytes.fromhex(commitment_of(place, body, one.reply_to)),
            )


def _copy_messages(past: Sequence[Past], channels: Mapping[UUID, Channel]) -> None:
    heads = {channel.id: channel.head for channel in channels.values()}

    def rows() -> Iterator[tuple[Any, ...]]:
        for one in past:
            heads[one.channel] = seq = heads[one.channel] + 1
            yield (
                one.id, one.channel, one.author, seq, seq, uuid4(), one.sent_at, "text",
                one.reply_to, len(one.texts), one.edited_at, one.deleted_at, False,
            )  # fmt: skip

    _copy(_MESSAGES, rows())


def _copy_versions(versions: Sequence[_Sealed]) -> None:
    _copy(
        _VERSIONS,
        (
            (
                one.past.id,
                one.number,
                one.key,
                one.sealed,
                one.past.sent_at if one.number == 1 else one.past.edited_at,
                one.past.author,
            )
            for one in versions
        ),
    )


def _copy(statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _index(past: Sequence[Past], channels: Mapping[UUID, Channel]) -> None:
    """The present texts for everybody; earlier and deleted ones for the desk alone."""
    with Bulk() as bulk:
        present: list[Text] = []
        earlier: list[Text] = []
        for one in past:
            for text in _texts(one, channels):
                (earlier if _earlier(one, text) else present).append(text)
        bulk.add(present)
        bulk.add(earlier, earlier=True)


def _earlier(one: Past, text: Text) -> bool:
    return one.deleted_at is not None or text.version < len(one.texts)


def _texts(one: Past, channels: Mapping[UUID, Channel]) -> Iterator[Text]:
    for number, text in enumerate(one.texts, start=1):
        yield Text(
            message=one.id,
            version=number,
            channel=one.channel,
            author=one.author,
            sent_at=one.sent_at,
            place=place_of(channels[one.channel]),
            parts=(text,),
        )


def _move_heads(counts: Mapping[UUID, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_channel c SET head = head + n.count"
            " FROM unnest(%s::uuid[], %s::bigint[]) AS n (id, count) WHERE c.id = n.id",
            [list(counts), list(counts.values())],
        )
