"""Writing an approved export: the channel's messages in order, opened as they go by."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import batched
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import provenance
from audit import keyring
from audit.actions import Action
from audit.clock import now
from audit.services import record
from messaging.models import Message, MessageVersion
from messaging.rendering import html_of
from messaging.vault.bodies import Body, commitment_of
from messaging.vault.versions import context_of, open_version
from retention.exceptions import ExportEnded, NotApproved
from retention.exports.asked import approved_export, bundle_number, channel_name, reason_of
from retention.exports.bundle import Written, write_bundle
from retention.exports.items import About, ImportedName, Item, Named, Operator, Origin, Version
from retention.exports.opening import passphrase_of
from retention.models import Export
from retention.workers.attached import attached_in
from retention.workers.gestures import Corrections, Gestures, forwarded_in, mentioned_in

_BATCH: Final = 500


def write_export(*, number: int, out: Path) -> Written:
    """Write the bundle of an approved export to `out`, signed and encrypted, and log it.

    What is out of view is not in it. Raises NotApproved or ExportError; nothing is left then.
    """
    export = approved_export(number)
    if export.ended_at is not None:
        raise ExportEnded
    passphrase = passphrase_of(export)
    written = write_bundle(
        items_of(export),
        about=_about(export),
        signing_key=keyring.ring().signing_key,
        passphrase=passphrase,
        out=out,
    )
    _note(export, written)
    return written


@transaction.atomic
def _note(export: Export, written: Written) -> None:
    Export.objects.filter(number=export.number).update(
        state=Export.State.WRITTEN,
        written_at=now(),
        messages=written.counts["messages"],
        manifest_sha256=written.manifest_digest,
        bundle_sha256=written.sha256,
    )
    record(
        Action.EXPORT_WRITTEN,
        actor=None,
        subject=export.uid,
        number=export.number,
        messages=written.counts["messages"],
        manifest_sha256=written.manifest_digest,
        bundle_sha256=written.sha256,
    )


def items_of(export: Export) -> Iterator[Item]:
    """The export's messages in page order, with all their versions, deleted ones included."""
    channel = Named(id=export.channel_id, name=channel_name(export.channel))
    ids = _messages(export).values_list("id", flat=True).iterator(chunk_size=_BATCH)
    for some in batched(ids, _BATCH):
        yield from _items(some, channel)


def _messages(export: Export) -> QuerySet[Message]:
    zone = ZoneInfo(settings.TIME_ZONE)
    return Message.objects.filter(
        channel=export.channel_id,
        out_of_view=False,
        sent_at__gte=datetime.combine(export.since, time.min, zone),
        sent_at__lt=datetime.combine(export.until + timedelta(days=1), time.min, zone),
    ).order_by("sent_at", "id")


def _items(ids: Sequence[UUID], channel: Named) -> Iterator[Item]:
    versions: dict[UUID, list[MessageVersion]] = {}
    rows = MessageVersion.objects.filter(message__in=ids).select_related(
        "key", "message__author", "message__imported_from__imported_by"
    )
    for version in rows.order_by("number"):
        versions.setdefault(version.message_id, []).append(version)
    gestures, corrections = Gestures(ids), Corrections(ids, channel.id)
    for message in ids:
        if message in versions:
            item = _item(versions[message], channel, gestures)
            yield replace(item, corrections=corrections.of(message))


def _item(versions: list[MessageVersion], channel: Named, gestures: Gestures) -> Item:
    *earlier, newest = versions
    message, body = newest.message, open_version(newest)
    before = [open_version(version) for version in earlier]
    return Item(
        id=message.id,
        channel=channel,
        seq=message.seq,
        author=_author(message, body),
        sent_at=message.sent_at,
        kind=message.kind,
        body=body.text,
        commitment=commitment_of(context_of(message, newest.number), body, message.reply_to),
        html=html_of(message.kind, body),
        reply_to=message.reply_to,
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
        versions=tuple(map(_version, earlier, before)),
        origin=_origin(message),
        reactions=gestures.reactions(message.id),
        pinned=gestures.pinned(message.id),
        mentioned=mentioned_in(body),
        forwarded=forwarded_in(body),
        attached=attached_in(*before, body),
    )


def _author(message: Message, body: Body) -> Named | ImportedName | None:
    if message.author is not None:
        return _named(message.author)
    return ImportedName(name=body.author_name) if body.author_name is not None else None


def _version(version: MessageVersion, body: Body) -> Version:
    return Version(number=version.number, written_at=version.written_at, body=body.text)


def _origin(message: Message) -> Origin | None:
    source = message.imported_from
    if source is None:
        return None
    importer = source.imported_by
    return Origin(
        sha256=bytes(source.sha256).hex(),
        imported_by=_named(importer) if importer else Operator(name=source.operator),
        imported_at=source.imported_at,
    )


def _about(export: Export) -> About:
    origin, reason, approver = provenance(), reason_of(export), export.approved_by
    if approver is None:
        raise NotApproved
    return About(
        number=bundle_number(export),
        school=origin.school_name if origin else "",
        purpose=export.get_purpose_display(),
        recipient=reason["recipient"],
        requested_by=_named(export.requested_by),
        approved_by=_named(approver),
        first_day=export.since,
        last_day=export.until,
        channels=(Named(id=export.channel_id, name=channel_name(export.channel)),),
        written_at=now(),
        time_zone=settings.TIME_ZONE,
    )


def _named(person: User) -> Named:
    return Named(id=person.pk, name=person.display_name)
