"""Sealing entries into the tree, and signing its head.

Senders never wait for this: the sealer numbers leaves in the order in which it first sees them
committed, by id among those that it sees together. Two sealers exclude each other by a lock, and
one that is killed leaves either both the leaves and their checkpoint or neither.
"""

import time
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from audit import keyring
from audit.clock import now
from audit.models import Checkpoint, Unsealed
from audit.statements import array, ask, statement_of
from audit.tree import Frontier

#: The number of the advisory lock that one sealer holds for its transaction.
SEALER_LOCK = 7_001
HASH_BYTES = 32
#: The leaves have their hashes from the entries, and leave the queue.
_LEAVES: Final = statement_of(Path(__file__).parent / "sql" / "leaves.sql")
_BATCH: Final = 20_000
#: Beside people who are writing: some milliseconds of work, then a rest of four times as long, so
#: that nobody notices a minute's worth of entries being sealed.
_GENTLE_BATCH: Final = 500
_GENTLE_REST: Final = 4.0
_LONGEST_REST_SECONDS: Final = 0.25  # whatever the step waited for


def note(*, origin: str, size: int, root: bytes) -> bytes:
    """The text that is signed: origin, size and root, a line each."""
    return f"schoolchat {origin}\n{size}\n{root.hex()}\n".encode()


def frontier_of(checkpoint: Checkpoint | None) -> Frontier:
    """The tree's right edge as the checkpoint left it."""
    if checkpoint is None:
        return Frontier()
    peaks = bytes(checkpoint.peaks)
    return Frontier(
        size=checkpoint.size,
        peaks=[peaks[i : i + HASH_BYTES] for i in range(0, len(peaks), HASH_BYTES)],
    )


def newest_checkpoint() -> Checkpoint | None:
    """The newest signed head, or None before the first."""
    return Checkpoint.objects.order_by("-size").first()


def sign_checkpoint() -> Checkpoint | None:
    """Seal every committed entry that has no leaf yet and sign the new head.

    Returns the newest checkpoint, the old one when nothing was waiting.
    """
    while _seal_batch(_BATCH):
        pass
    return newest_checkpoint()


def sign_gently() -> None:
    """The same in small steps with rests between, for a process that does it all day."""
    began = time.monotonic()
    while _seal_batch(_GENTLE_BATCH) == _GENTLE_BATCH:
        time.sleep(min(_LONGEST_REST_SECONDS, _GENTLE_REST * (time.monotonic() - began)))
        began = time.monotonic()


@transaction.atomic
def _seal_batch(most: int) -> int:
    """Take so many entries out of the queue, seal them and sign the head; how many there were.

    What has a leaf already is only taken out: a sealer from before the queue was still at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    tree = frontier_of(newest_checkpoint())
    queue = Unsealed.objects.order_by("entry_id")
    waiting = list(queue.values_list("entry_id", "entry__hash", "entry__leaf")[:most])
    fresh = [(entry, bytes(digest)) for entry, digest, leaf in waiting if leaf is None]
    values = {
        "first": tree.size,
        "entries": array(entry for entry, _ in fresh),
        "done": array(entry for entry, _, _ in waiting),
    }
    if waiting:
        ask(_LEAVES, values)
    for _, digest in fresh:
        tree.append(digest)
    if fresh:
        _sign(tree)
    return len(waiting)


def _sign(tree: Frontier) -> None:
    ring = keyring.ring()
    root = tree.root()
    text = note(origin=str(ring.origin), size=tree.size, root=root)
    Checkpoint.objects.create(
        at=now(),
        size=tree.size,
        root=root,
        peaks=b"".join(tree.peaks),
        signature=ring.signing_key.sign(text),
    )


def signature_holds(checkpoint: Checkpoint, *, origin: str, public_key: bytes) -> bool:
    """Whether the head was signed by this key."""
    text = note(origin=origin, size=checkpoint.size, root=bytes(checkpoint.root))
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes(checkpoint.signature), text)
    except InvalidSignature:
        return False
    return True
