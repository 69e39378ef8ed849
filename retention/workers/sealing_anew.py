"""Survivors of a channel's month, sealed anew before their old key goes."""

from datetime import date
from itertools import batched
from typing import Final, LiteralString
from uuid import UUID

from django.db import connection, transaction

from audit.statements import ask
from messaging.models import ContentKey, Correction, MessageVersion
from messaging.vault.bodies import seal
from messaging.vault.keys import cipher_of, current_key
from messaging.vault.notes import open_correction, seal_note, spot_of
from messaging.vault.versions import context_of, open_version
from retention.models import Disposal

_BATCH: Final = 500

# Keys that seal something which this disposal destroys; a key made for survivors stays. Looked for
# message by message, since mostly the first one answers: whatever reads them all takes longer.
_RETIRE: Final[LiteralString] = """
WITH listed AS NOT MATERIALIZED (
    SELECT i.message FROM retention_disposalchunk c
    JOIN retention_disposalitem i ON i.chunk_id = c.id AND NOT i.held
    WHERE c.disposal_id = %(disposal)b AND c.done_at IS NULL
      AND c.channel_id = %(channel)b AND c.month = %(month)b)
UPDATE messaging_contentkey k SET current = false
WHERE k.channel_id = %(channel)b AND k.month = %(month)b AND k.current AND (
    EXISTS (SELECT FROM listed l CROSS JOIN LATERAL (
            SELECT FROM messaging_messageversion v
            WHERE v.message_id = l.message AND v.key_id = k.id LIMIT 1) v)
    OR EXISTS (SELECT FROM listed l CROSS JOIN LATERAL (
               SELECT FROM messaging_correction n
               WHERE n.message_id = l.message AND n.key_id = k.id LIMIT 1) n))
"""

# What goes, as the batch has it: whatever has come to be spared since is found by the door, which
# refuses while something needs the key (RT004).
_LISTED: Final[LiteralString] = """
SELECT i.message FROM retention_disposalchunk c
JOIN retention_disposalitem i ON i.chunk_id = c.id AND NOT i.held
WHERE c.disposal_id = %(disposal)b AND c.done_at IS NULL
  AND c.channel_id = %(channel)b AND c.month = %(month)b
"""
# What goes, as it would be decided now.
_DECIDED: Final[LiteralString] = """
SELECT o.message FROM retention_disposalchunk c
CROSS JOIN LATERAL retention_outcomes(c.id) o
WHERE c.disposal_id = %(disposal)b AND c.done_at IS NULL
  AND c.channel_id = %(channel)b AND c.month = %(month)b AND o.outcome = 'destroyed'
"""

# Of the versions and of the corrections what stays, each by its number.
_SURVIVORS: Final[LiteralString] = """
SELECT 'version', v.id FROM messaging_messageversion v
JOIN messaging_contentkey k ON k.id = v.key_id
WHERE k.channel_id = %(channel)b AND k.month = %(month)b AND NOT k.current
  AND v.message_id NOT IN (SELECT g.message FROM ({going}) g)
UNION ALL
SELECT 'correction', n.id FROM messaging_correction n
JOIN messaging_contentkey k ON k.id = n.key_id
WHERE k.channel_id = %(channel)b AND k.month = %(month)b AND NOT k.current
  AND n.message_id NOT IN (SELECT g.message FROM ({going}) g)
ORDER BY 2
"""
_OF_LISTED: Final = _SURVIVORS.replace("{going}", _LISTED)
_OF_DECIDED: Final = _SURVIVORS.replace("{going}", _DECIDED)


@transaction.atomic
def retire_keys(disposal: Disposal, channel: UUID, month: date) -> None:
    """From now on nothing new is sealed under the keys that the disposal destroys.

    The disk is not waited for: whatever rests on this is behind it in PostgreSQL's own journal, and
    is not there without it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    ask(_RETIRE, {"disposal": disposal.pk, "channel": channel, "month": month})


def seal_survivors_anew(
    disposal: Disposal, channel: UUID, month: date, *, decided: bool = True
) -> int:
    """Seal what the disposal leaves of a month under a fresh key; returns how many versions and
    corrections were sealed. Unless it is to be `decided` anew, what goes is what was listed."""
    asked = {"disposal": disposal.pk, "channel": channel, "month": month}
    survivors = ask(_OF_DECIDED if decided else _OF_LISTED, asked)
    for what, anew in (("version", _seal_anew), ("correction", _seal_corrections_anew)):
        for ids in batched((pk for each, pk in survivors if each == what), _BATCH):
            anew(ids, channel, month)
    return len(survivors)


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
