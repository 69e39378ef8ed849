"""Holding the content against the log: every version against its salted commitment."""

from collections.abc import Iterator, Sequence
from itertools import batched
from uuid import UUID

from django.db import connection

from messaging.models import MessageVersion
from messaging.vault.bodies import BodyAltered, commitment_of, unseal
from messaging.vault.keys import cipher_of
from messaging.vault.versions import place_of

_BATCH = 2_000

# An entry names the message as its subject (posted, edited) or among its facts (a join); the
# items of an import or a generated history name theirs.
_LOGGED = """
SELECT subject, (facts->>'version')::int, facts->>'message_commitment'
FROM audit_entry WHERE subject = ANY(%(ids)s) AND facts ? 'message_commitment'
  AND NOT facts ? 'message'
UNION ALL
SELECT (facts->>'message')::uuid, (facts->>'version')::int, facts->>'message_commitment'
FROM audit_entry
WHERE facts ? 'message' AND (facts->>'message')::uuid = ANY(%(ids)s)
  AND facts ? 'message_commitment'
UNION ALL
SELECT i.subject, i.version, encode(i.commitment, 'hex')
FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
WHERE i.subject = ANY(%(ids)s) AND e.action IN ('messages.imported', 'messages.generated')
"""

# What the log says was written, and is neither there nor disposed of.
_VANISHED = """
WITH written AS (
    SELECT subject AS id, (facts->>'version')::int AS version FROM audit_entry
    WHERE action IN ('message.posted', 'message.edited')
    UNION ALL
    SELECT (facts->>'message')::uuid, (facts->>'version')::int FROM audit_entry
    WHERE facts ? 'message' AND facts ? 'message_commitment'
    UNION ALL
    SELECT i.subject, i.version FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
    WHERE e.action IN ('messages.imported', 'messages.generated')
)
SELECT id, version FROM written w
WHERE NOT EXISTS (
        SELECT FROM messaging_messageversion v
        WHERE v.message_id = w.id AND v.number = w.version)
  AND NOT EXISTS (
        SELECT FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
        WHERE i.subject = w.id AND e.action = 'disposal.chunk_done')
"""

# What a row says of itself against the log: deleted or not, and which version is the present one.
# (Invented histories are written with their deletions in them, under one entry.)
_MISMARKED = """
WITH deleted AS (SELECT DISTINCT subject AS id FROM audit_entry WHERE action = 'message.deleted'),
     invented AS (
        SELECT i.subject AS id FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
        WHERE e.action = 'messages.generated')
SELECT m.id, 'deleted', 'not' FROM messaging_message m
WHERE m.deleted_at IS NOT NULL AND NOT EXISTS (SELECT FROM deleted d WHERE d.id = m.id)
  AND NOT EXISTS (SELECT FROM invented i WHERE i.id = m.id)
UNION ALL
SELECT m.id, 'not deleted', 'deleted' FROM messaging_message m JOIN deleted d ON d.id = m.id
WHERE m.deleted_at IS NULL
UNION ALL
SELECT m.id, 'version ' || m.version, 'version ' || v.newest
FROM messaging_message m
JOIN (SELECT message_id, max(number) AS newest FROM messaging_messageversion GROUP BY 1) v
  ON v.message_id = m.id
WHERE m.version <> v.newest
"""


def wrong_content() -> Iterator[str]:
    """A sentence for each version that does not fit the log, and each that is missing."""
    versions = (
        MessageVersion.objects.select_related("message", "key")
        .order_by("message_id", "number")
        .iterator(_BATCH)
    )
    for batch in batched(versions, _BATCH):
        yield from _wrong(batch)
    yield from _vanished()
    yield from _mismarked()


def _wrong(versions: Sequence[MessageVersion]) -> Iterator[str]:
    logged = _logged({version.message_id for version in versions})
    for version in versions:
        name = f"Message {version.message_id}, version {version.number},"
        place = place_of(version.message, version.number)
        try:
            body = unseal(cipher_of(version.key), place, bytes(version.sealed))
        except BodyAltered:
            yield f"{name} was altered: its author, time or words are not those it was sealed with."
            continue
        expected = logged.get((version.message_id, version.number))
        if expected is None:
            yield f"{name} is not in the log: it was inserted past it."
        elif expected != commitment_of(place, body, version.message.reply_to):
            yield f"{name} does not fit its commitment in the log."


def _logged(ids: set[UUID]) -> dict[tuple[UUID, int], str]:
    with connection.cursor() as cursor:
        cursor.execute(_LOGGED, {"ids": list(ids)})
        return {(subject, version): digest for subject, version, digest in cursor.fetchall()}


def _mismarked() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_MISMARKED)
        for message, shown, logged in cursor.fetchall():
            yield (
                f"Message {message} is marked as {shown}, and in the log it is {logged}: "
                "that was changed past the product."
            )


def _vanished() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_VANISHED)
        for message, version in cursor.fetchall():
            yield f"Message {message}, version {version}, was removed without a disposal."
