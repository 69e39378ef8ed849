"""A tree that grows at its right edge. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from audit.tree.hashes import EMPTY_ROOT, node_hash


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

    def append_full(self, root: bytes, level: int) -> None:
        """Add 2**level leaves by their root; the size must be a multiple of so many."""
        self.peaks.append(root)
        self.size += 1 << level
        count = self.size >> level
        merges = (count & -count).bit_length() - 1
        for _ in range(merges):
            right = self.peaks.pop()
            self.peaks.append(node_hash(self.peaks.pop(), right))

    def copy(self) -> "Frontier":
        """Another one of the same tree."""
        return Frontier(size=self.size, peaks=list(self.peaks))

    def root(self) -> bytes:
        """The tree head; of the empty tree, SHA-256 of nothing."""
        if not self.peaks:
            return EMPTY_ROOT
        *rest, head = self.peaks
        for peak in reversed(rest):
            head = node_hash(peak, head)
        return head


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    level = list(leaves)
    while len(level) > 1:
        above = list(map(node_hash, level[::2], level[1::2]))
        if len(level) % 2:  # the last has no neighbour, and moves up as it is
            above.append(level[-1])
        level = above
    return level[0] if level else EMPTY_ROOT
