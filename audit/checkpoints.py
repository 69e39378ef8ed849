"""Sealing entries into the tree, and signing its head.

Senders never wait for this: the sealer numbers leaves in the order in which it first sees them
committed. Two sealers exclude each other by a lock, and one that is killed leaves either both
the leaves and their checkpoint or neither.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from audit import keyring
from audit.clock import now
from audit.models import Checkpoint, Entry, Leaf
from audit.tree import Frontier

#: The number of the advisory lock that one sealer holds for its transaction.
SEALER_LOCK = 7_001
HASH_BYTES = 32
_BATCH = 20_000


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
    checkpoint = newest_checkpoint()
    while (sealed := _seal_batch()) is not None:
        checkpoint = sealed
    return checkpoint


@transaction.atomic
def _seal_batch() -> Checkpoint | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    tree = frontier_of(newest_checkpoint())
    waiting = list(
        Entry.objects.filter(leaf=None).order_by("id").values_list("id", "hash")[:_BATCH]
    )
    if not waiting:
        return None
    leaves = []
    for entry_id, digest in waiting:
        leaves.append(Leaf(number=tree.size, entry_id=entry_id, hash=digest))
        tree.append(bytes(digest))
    Leaf.objects.bulk_create(leaves, batch_size=2_000)
    return _sign(tree)


def _sign(tree: Frontier) -> Checkpoint:
    ring = keyring.ring()
    root = tree.root()
    text = note(origin=str(ring.origin), size=tree.size, root=root)
    return Checkpoint.objects.create(
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
