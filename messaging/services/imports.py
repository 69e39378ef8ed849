"""Taking a WhatsApp export into the record of a channel."""

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from accounts.models import User
from audit.actions import Action
from audit.clock import month_of
from audit.entries import ItemOfAct
from audit.services import record_bulk
from messaging import bell
from messaging.exceptions import Archived, MessagingError
from messaging.imports.whatsapp.authors import conceal_numbers
from messaging.imports.whatsapp.parse import Export, Line
from messaging.models import Channel, ContentKey, Import, Message, MessageVersion
from messaging.search.bulk import Bulk
from messaging.search.index import text_of
from messaging.services.positions import lock_channel
from messaging.vault.bodies import Body, commitment_of, seal
from messaging.vault.keys import cipher_of, current_key
from messaging.vault.versions import context_of

_ROWS = 1_000


class AlreadyImported(MessagingError):
    """This file has been imported into this channel before."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import put into the record."""

    id: UUID
    channel: UUID
    count: int
    first: datetime
    last: datetime


def import_whatsapp(
    export: Export, *, channel: Channel, by: User | None, timezone: ZoneInfo
) -> Imported:
    """Put every line of an export into a channel, with its printed time and author.

    An author stays a printed name, never an account, since anybody can edit such a file.
    Telephone numbers are replaced. One transaction: all of the file or nothing.
    """
    lines = conceal_numbers(export.messages)
    with transaction.atomic():
        channel = lock_channel(channel.id)
        _check(channel, export)
        source = Import.objects.create(
            channel=channel,
            sha256=bytes.fromhex(export.sha256),
            imported_by=by,
            operator="" if by else getpass.getuser()[:64],
            count=len(lines),
        )
        messages = list(_messages(channel, source, lines, timezone))
        bodies = [body_of(line) for line in lines]
        commitments = _store(channel, messages, bodies)
        position = _raise_floor(channel, len(messages))
        record_bulk(
            Action.MESSAGES_IMPORTED,
            actor=by.id if by else None,
            subject=source.id,
            items=[
                ItemOfAct(subject=message.id, version=1, commitment=bytes.fromhex(commitment))
                for message, commitment in zip(messages, commitments, strict=True)
            ],
            channel=channel.id,
            sha256=export.sha256,
            position=position,
        )
        bell.ring((channel.id, position))
    times = [message.sent_at for message in messages]
    return Imported(
        id=source.id, channel=channel.id, count=len(messages), first=min(times), last=max(times)
    )


def body_of(line: Line) -> Body:
    """What the record keeps of a line: its words, and in words what the file left out."""
    details = {"line": line.kind, "printed_at": line.at.isoformat()}
    if line.attachment:
        details["attachment"] = line.attachment
    if line.edited:
        details["edited"] = "yes"
    return Body(text=_text(line), author_name=line.author or "", details=details)


def _text(line: Line) -> str:
    if line.kind == "deleted":
        return "This message was deleted before the export."
    if line.kind != "attachment":
        return line.body
    name = line.attachment or "An attachment"
    note = f"{name} (not part of this import)"
    return f"{line.body}\n{note}" if line.body and line.body != line.attachment else note


def _check(channel: Channel, export: Export) -> None:
    if channel.archived_at:
        raise Archived
    sha256 = bytes.fromhex(export.sha256)
    if Import.objects.filter(channel=channel, sha256=sha256).exists():
        raise AlreadyImported


def _messages(
    channel: Channel, source: Import, lines: Sequence[Line], timezone: ZoneInfo
) -> Iterator[Message]:
    for number, line in enumerate(lines, start=1):
        yield Message(
            id=uuid7(),
            channel=channel,
            seq=channel.head + number,
            changed=channel.head + number,
            sent_at=line.at.replace(tzinfo=timezone).astimezone(UTC),
            kind=Message.Kind.IMPORTED,
            imported_from=source,
        )


def _store(channel: Channel, messages: list[Message], bodies: list[Body]) -> list[str]:
    """Messages, sealed bodies and tokens; returns the commitments in the same order."""
    Message.objects.bulk_create(messages, batch_size=_ROWS)
    versions, commitments = [], []
    keys: dict[object, ContentKey] = {}
    for message, body in zip(messages, bodies, strict=True):
        month = month_of(message.sent_at)
        if month not in keys:
            keys[month] = current_key(channel.id, month)
        place = context_of(message, 1)
        sealed = seal(cipher_of(keys[month]), place, body)
        versions.append(MessageVersion(message=message, key=keys[month], sealed=sealed))
        commitments.append(commitment_of(place, body, None))
    MessageVersion.objects.bulk_create(versions, batch_size=_ROWS)
    with Bulk() as bulk:
        bulk.add(
            text_of(message, body, channel=channel)
            for message, body in zip(messages, bodies, strict=True)
        )
    return commitments


def _raise_floor(channel: Channel, count: int) -> int:
    """The channel's new position, which is its floor: everybody fetches it anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_channel SET head = head + %s, floor = head + %s"
            " WHERE id = %s RETURNING head",
            [count, count, channel.id],
        )
        row = cursor.fetchone()
    return int(row[0])
