"""Survivors of a channel's month, sealed anew before their old key goes."""

from datetime import date
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from messaging.models import ContentKey, Correction, MessageVersion
from messaging.vault.bodies import seal
from messaging.vault.keys import cipher_of, current_key
from messaging.vault.notes import open_correction, seal_note, spot_of
from messaging.vault.versions import context_of, open_version
from retention.models import Disposal

_BATCH: Final = 500

# Keys that seal something which this disposal destroys; a key made for survivors stays.
_RETIRE = """
WITH listed AS NOT MATERIALIZED (
    SELECT i.message FROM retention_disposalchunk c
    JOIN retention_disposalitem i ON i.chunk_id = c.id AND NOT i.held
    WHERE c.disposal_id = %(disposal)s AND c.done_at IS NULL
      AND c.channel_id = %(channel)s AND c.month = %(month)s)
UPDATE messaging_contentkey k SET current = false
WHERE k.channel_id = %(channel)s AND k.month = %(month)s AND k.current AND (
    EXISTS (SELECT FROM listed l JOIN messaging_messageversion v
            ON v.message_id = l.message AND v.key_id = k.id)
    OR EXISTS (SELECT FROM listed l JOIN messaging_correction n
               ON n.message_id = l.message AND n.key_id = k.id))
"""

# What goes, as the batch has it: whatever has come to be spared since is found by the door, which
# refuses while something needs the key (RT004).
_LISTED = """
SELECT i.message FROM retention_disposalchunk c
JOIN retention_disposalitem i ON i.chunk_id = c.id AND NOT i.held
WHERE c.disposal_id = %(disposal)s AND c.done_at IS NULL
  AND c.channel_id = %(channel)s AND c.month = %(month)s
"""
# What goes, as it would be decided now.
_DECIDED = """
SELECT o.message FROM retention_disposalchunk c
CROSS JOIN LATERAL retention_outcomes(c.id) o
WHERE c.disposal_id = %(disposal)s AND c.done_at IS NULL
  AND c.channel_id = %(channel)s AND c.month = %(month)s AND o.outcome = 'destroyed'
"""

# Of the versions or the corrections, as `{table}` says.
_SURVIVORS = """
SELECT v.id FROM {table} v
JOIN messaging_contentkey k ON k.id = v.key_id
WHERE k.channel_id = %(channel)s AND k.month = %(month)s AND NOT k.current
  AND v.message_id NOT IN (SELECT g.message FROM ({going}) g)
ORDER BY v.id
"""


@transaction.atomic
def retire_keys(disposal: Disposal, channel: UUID, month: date) -> None:
    """From now on nothing new is sealed under the keys that the disposal destroys.

    The disk is not waited for: whatever rests on this is behind it in PostgreSQL's own journal, and
    is not there without it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_RETIRE, {"disposal": disposal.pk, "channel": channel, "month": month})


def seal_survivors_anew(
    disposal: Disposal, channel: UUID, month: date, *, decided: bool = True
) -> int:
    """Seal what the disposal leaves of a month under a fresh key; returns how many versions and
    corrections were sealed. Unless it is to be `decided` anew, what goes is what was listed."""
    count = 0
    for table, anew in (
        ("messaging_messageversion", _seal_anew),
        ("messaging_correction", _seal_corrections_anew),
    ):
        survivors = _survivors(table, disposal, channel, month, _DECIDED if decided else _LISTED)
        for ids in batched(survivors, _BATCH):
            anew(ids, channel, month)
        count += len(survivors)
    return count


def _survivors(table: str, disposal: Disposal, channel: UUID, month: date, going: str) -> list[int]:
    asked: dict[str, int | UUID | date] = {
        "disposal": disposal.pk,
        "channel": channel,
        "month": month,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SURVIVORS.replace("{table}", table).replace("{going}", going), asked)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _seal_anew(ids: tuple[int, ...], channel: UUID, month: date) -> None:
    key = current_key(channel, month)
    versions = MessageVersion.objects.filter(id__in=ids).select_related("message", "key")
    for version in versions:
        _replace(version, key)


def _replace(version: MessageVersion, key: ContentKey) -> None:
    """Compare and set: whatever changed the version meanwhile is not lost."""
    body = open_version(version)
    sealed = seal(cipher_of(key), context_of(version.message, version.number), body)
    MessageVersion.objects.filter(
        id=version.pk, key=version.key_id, sealed=bytes(version.sealed)
    ).update(key=key, sealed=sealed)


@transaction.atomic
def _seal_corrections_anew(ids: tuple[int, ...], channel: UUID, month: date) -> None:
    key = current_key(channel, month)
    for one in Correction.objects.filter(id__in=ids).select_related("message", "key"):
        sealed = seal_note(cipher_of(key), spot_of(one), open_correction(one))
        # Compare and set, as of a version.
        Correction.objects.filter(id=one.pk, key=one.key_id, sealed=bytes(one.sealed)).update(
            key=key, sealed=sealed
        )
