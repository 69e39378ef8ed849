"""The Merkle tree against the definition of RFC 6962 section 2.1, and its published vectors."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from audit.tree import Frontier, leaf_hash

#: The inputs and roots of the test vectors that accompany RFC 6962's reference implementation.
INPUTS = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def root_of(leaves: list[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def by_definition(leaves: list[bytes]) -> bytes:
    """The recursive definition: the left side is the largest power of two below the size."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    sides = by_definition(leaves[:split]) + by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + sides).digest()


def test_the_published_vectors() -> None:
    leaves = [leaf_hash(data) for data in INPUTS]
    for size, root in ROOTS.items():
        assert root_of(leaves[:size]).hex() == root
    assert root_of([]).hex() == hashlib.sha256(b"").hexdigest()


@given(st.integers(0, 300))
def test_the_frontier_gives_the_root_of_every_size(size: int) -> None:
    leaves = [leaf_hash(bytes([n % 256])) for n in range(size)]
    assert root_of(leaves) == by_definition(leaves)
