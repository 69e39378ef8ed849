"""Merkle tree hashes as RFC 6962 section 2.1 defines them. Pure."""

import hashlib
from dataclasses import dataclass, field


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(kw_only=True)
class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, largest first.

    Appending costs one hash on average, and the root of n leaves at most log2(n) more.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the right."""
        self.peaks.append(leaf)
        self.size += 1
        merges = (self.size & -self.size).bit_length() - 1
        for _ in range(merges):
            right = self.peaks.pop()
            self.peaks.append(node_hash(self.peaks.pop(), right))

    def root(self) -> bytes:
        """The tree head; of the empty tree, SHA-256 of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        *rest, head = self.peaks
        for peak in reversed(rest):
            head = node_hash(peak, head)
        return head
