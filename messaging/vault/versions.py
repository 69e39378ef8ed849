"""Versions of messages, sealed and opened."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import structlog

from audit.clock import month_of
from audit.keyring import KeyringError, UnknownGeneration
from messaging.models import Message, MessageVersion
from messaging.vault.bodies import Body, BodyAltered, EncryptionContext, commitment_of, seal, unseal
from messaging.vault.keys import cipher_of, current_key, opened
from messaging.vault.rows import Row

_log = structlog.get_logger("schoolchat.vault")


def context_of(message: Message | Row, version: int) -> EncryptionContext:
    """What the body of that version is bound to."""
    return EncryptionContext(
        message=message.id,
        channel=message.channel_id,
        author=message.author_id,
        sent_at=message.sent_at,
        kind=message.kind,
        version=version,
    )


def seal_version(
    message: Message, body: Body, *, written_by: UUID | None
) -> tuple[MessageVersion, str]:
    """Seal `body` as the message's present version and save it; returns it and its commitment."""
    place = context_of(message, message.version)
    key = current_key(message.channel_id, month_of(message.sent_at))
    version = MessageVersion.objects.create(
        message=message,
        number=message.version,
        key=key,
        sealed=seal(cipher_of(key), place, body),
        written_by_id=written_by,
    )
    return version, commitment_of(place, body, message.reply_to)


def open_version(version: MessageVersion) -> Body:
    """The body of one version, with its `message` and `key` selected."""
    place = context_of(version.message, version.number)
    return unseal(cipher_of(version.key), place, bytes(version.sealed))


def open_versions(versions: Iterable[MessageVersion]) -> list[Body]:
    """The bodies of versions, with their `message` and `key` selected, in the same order."""
    return [open_version(version) for version in versions]


def versions_that_open(versions: Iterable[MessageVersion]) -> list[Body | None]:
    """As `open_versions`, with None in the place of one that does not open; each is logged."""
    return [_open_or_log(version.message_id, version, open_version) for version in versions]


def current_bodies(messages: Sequence[Message]) -> dict[UUID, Body]:
    """The present body of each message that is not deleted, by message id, in one query."""
    return {version.message_id: open_version(version) for version in _current(messages)}


def readable_bodies(messages: Sequence[Message]) -> dict[UUID, Body]:
    """As `current_bodies`, less those that do not open: one altered row must not take a page or
    a channel's delivery with it. Each is logged; verify_audit names it too."""
    return _readable(((v.message_id, v) for v in _current(messages)), open_version)


def readable_rows(rows: Iterable[Row]) -> dict[UUID, Body]:
    """As `readable_bodies`, of messages that were read with their version and key."""
    return _readable(((row.id, row) for row in rows if row.sealed), _open_row)


def _readable[Kept](
    kept: Iterable[tuple[UUID, Kept]], open_one: Callable[[Kept], Body]
) -> dict[UUID, Body]:
    opened_or_not = ((message, _open_or_log(message, one, open_one)) for message, one in kept)
    return {message: body for message, body in opened_or_not if body is not None}


def _open_or_log[Kept](message: UUID, one: Kept, open_one: Callable[[Kept], Body]) -> Body | None:
    try:
        return open_one(one)
    except UnknownGeneration:
        raise  # the keyring moved on while we read: the caller reads again
    except (BodyAltered, KeyringError) as error:
        _log.critical("body does not open", message=str(message), error=type(error).__name__)
        return None


def _open_row(row: Row) -> Body:
    cipher = opened(row.key, row.generation, row.wrapped)
    return unseal(cipher, context_of(row, row.version), row.sealed or b"")


def _current(messages: Sequence[Message]) -> list[MessageVersion]:
    wanted = {m.id: m for m in messages if m.deleted_at is None}
    versions = MessageVersion.objects.filter(message__in=wanted).select_related("key", "message")
    return [v for v in versions if v.number == wanted[v.message_id].version]
