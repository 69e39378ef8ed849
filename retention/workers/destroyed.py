"""What a chunk had, and what became of it, as the log and the journal have it. The ids of its
messages do not come out of the database one by one for that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.services import Listed
from audit.statements import ask, ask_all, statement_of
from retention.locks import DESTROYING
from retention.models import Disposal, DisposalChunk

_SQL: Final = Path(__file__).resolve().parent.parent / "sql"
_VERSIONS: Final = statement_of(_SQL / "versions_of_chunk.sql")
_DESTROYED: Final = statement_of(_SQL / "destroyed_of_chunk.sql")

_LOCK: Final = "SELECT pg_advisory_xact_lock_shared(%(lock)b)"
# As `messaging.services.positions.lock_channel`.
_CHANNEL: Final = "SELECT FROM messaging_channel WHERE id = %(channel)b FOR NO KEY UPDATE"


@dataclass(frozen=True, kw_only=True)
class Became:
    """Of a chunk: the versions that were destroyed, of how many messages; and the bytes of the ids
    of those that left the conversation, and of those that were spared."""

    items: Listed
    destroyed: int
    out_of_view: bytes
    spared: bytes


def versions_of(chunk: DisposalChunk) -> tuple[str, str]:
    """The versions of each message of the chunk, before they go: ids and numbers, as PostgreSQL
    writes lists. From here on neither a hold nor an edit comes in between."""
    *_, ((messages, numbers),) = ask_all(
        (_LOCK, {"lock": DESTROYING}),
        (_CHANNEL, {"channel": chunk.channel_id}),
        (_VERSIONS, {"chunk": chunk.pk}),
    )
    return messages, numbers


def what_became_of(disposal: Disposal, chunk: DisposalChunk, messages: str, numbers: str) -> Became:
    """Of the versions that the chunk had."""
    asked = {
        "chunk": chunk.pk,
        "uid": disposal.uid,
        "messages": messages,
        "numbers": numbers,
    }
    ((subjects, versions, commitments, destroyed, out_of_view, spared),) = ask(_DESTROYED, asked)
    return Became(
        items=Listed(subjects=subjects, versions=versions, commitments=commitments),
        destroyed=destroyed,
        out_of_view=out_of_view,
        spared=spared,
    )
