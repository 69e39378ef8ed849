"""What a published checkpoint says, as its page, its print and its e-mail show it."""

from dataclasses import dataclass
from datetime import datetime

from audit.checkpoints import note_of, origin_of, verifier_key
from oversight.models import Publication
from oversight.queries.heads import key_fingerprint
from oversight.words import words_of


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A checkpoint to be kept.

    `at` is when it was signed, `note` the whole signed note, `words` the root in 24 words, `key`
    the C2SP verifier key that outside tools are given, `fingerprint` SHA-256 of the public key.
    """

    origin: str
    size: int
    at: datetime
    root: str
    words: list[str]
    note: str
    key: str
    fingerprint: str


def sheet_of(publication: Publication) -> Sheet:
    """All that is printed and sent of a publication."""
    checkpoint = publication.checkpoint
    origin, root = origin_of(checkpoint), bytes(checkpoint.root)
    return Sheet(
        origin=origin,
        size=checkpoint.size,
        at=checkpoint.at,
        root=root.hex(),
        words=words_of(root),
        note=note_of(checkpoint),
        key=verifier_key(origin),
        fingerprint=key_fingerprint(),
    )
