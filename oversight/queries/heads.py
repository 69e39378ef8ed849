"""Signed heads of the log as its pages show them, checked with the school's own key."""

from dataclasses import dataclass
from hashlib import sha256

from audit import keyring
from audit.checkpoints import checkpoint_over, newest_checkpoint, origin_of, signature_holds
from audit.models import Checkpoint


@dataclass(frozen=True, kw_only=True)
class Head:
    """A signed head; `holds` is whether its signature fits the school's key just now."""

    checkpoint: Checkpoint
    origin: str
    root: str
    signature: str
    holds: bool


def head() -> Head | None:
    """The newest signed head, or None before the first."""
    checkpoint = newest_checkpoint()
    return _head(checkpoint) if checkpoint else None


def head_over(leaf: int | None) -> Head | None:
    """The first signed head that covers a leaf."""
    checkpoint = checkpoint_over(leaf) if leaf is not None else None
    return _head(checkpoint) if checkpoint else None


def _head(checkpoint: Checkpoint) -> Head:
    origin = origin_of(checkpoint)
    key = keyring.ring().public_key
    return Head(
        checkpoint=checkpoint,
        origin=origin,
        root=bytes(checkpoint.root).hex(),
        signature=bytes(checkpoint.signature).hex(),
        holds=signature_holds(checkpoint, origin=origin, public_key=key),
    )


def key_fingerprint() -> str:
    """SHA-256 of the school's public signing key, in groups of four for reading out."""
    digest = sha256(keyring.ring().public_key).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
