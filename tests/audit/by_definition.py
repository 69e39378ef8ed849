"""RFC 6962 section 2.1 read word for word, for the tests to compare the product with.

It shares nothing with audit/tree/: not even how a leaf is hashed.
"""

import hashlib
from collections.abc import Sequence

#: The inputs of the test vectors that accompany RFC 6962's reference implementation.
INPUTS = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]  # fmt: skip


class Definition:
    """The tree over some inputs: D[begin:end] are the inputs from `begin` on, without `end`."""

    def __init__(self, inputs: Sequence[bytes]) -> None:
        self.inputs = inputs
        self._known: dict[tuple[int, int], bytes] = {}

    def mth(self, begin: int, end: int) -> bytes:
        """MTH(D[begin:end])"""
        if (begin, end) not in self._known:
            self._known[begin, end] = self._mth(begin, end)
        return self._known[begin, end]

    def _mth(self, begin: int, end: int) -> bytes:
        if end == begin:
            return hashlib.sha256().digest()
        if end - begin == 1:
            return hashlib.sha256(b"\x00" + self.inputs[begin]).digest()
        k = begin + largest_power_of_two_below(end - begin)
        return hashlib.sha256(b"\x01" + self.mth(begin, k) + self.mth(k, end)).digest()

    def path(self, m: int, begin: int, end: int) -> list[bytes]:
        """PATH(m, D[begin:end]), where m is counted from `begin`."""
        if end - begin == 1:
            return []
        k = largest_power_of_two_below(end - begin)
        if m < k:
            return [*self.path(m, begin, begin + k), self.mth(begin + k, end)]
        return [*self.path(m - k, begin + k, end), self.mth(begin, begin + k)]

    def proof(self, m: int, n: int) -> list[bytes]:
        """PROOF(m, D[n])"""
        return self._subproof(m, 0, n, True)

    def _subproof(self, m: int, begin: int, end: int, b: bool) -> list[bytes]:
        if m == end - begin:
            return [] if b else [self.mth(begin, end)]
        k = largest_power_of_two_below(end - begin)
        if m <= k:
            return [*self._subproof(m, begin, begin + k, b), self.mth(begin + k, end)]
        return [*self._subproof(m - k, begin + k, end, False), self.mth(begin, begin + k)]

    def node(self, level: int, index: int) -> bytes:
        """The root of a full subtree."""
        return self.mth(index << level, (index + 1) << level)

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The hashes of a tile, as C2SP tlog-tiles writes them in the RFC's language."""
        span = 256**level
        starts = [(index * 256 + i) * span for i in range(width)]
        return b"".join(self.mth(start, start + span) for start in starts)


def largest_power_of_two_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def numbered(count: int) -> Definition:
    """A tree over as many different inputs."""
    return Definition([n.to_bytes(4) for n in range(count)])
