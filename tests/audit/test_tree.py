"""The Merkle tree against the definition of RFC 6962 section 2.1, and its published vectors."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.frontier import Frontier, root_of
from audit.tree.hashes import EMPTY_ROOT, HASH_BYTES, leaf_hash, node_hash
from tests.audit.by_definition import INPUTS, Definition, numbered

FEW = settings(max_examples=40, deadline=None)

#: The roots of the test vectors that accompany RFC 6962's reference implementation, by size.
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
TREE = numbered(5_000)
LEAVES = [leaf_hash(data) for data in TREE.inputs]


def test_the_published_vectors() -> None:
    leaves = [leaf_hash(data) for data in INPUTS]
    published = Definition(INPUTS)
    for size, root in ROOTS.items():
        assert root_of(leaves[:size]).hex() == root == published.mth(0, size).hex()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of([]) == Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()
    assert len(EMPTY_ROOT) == HASH_BYTES


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_the_frontier_gives_the_root_of_every_size() -> None:
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES[:600], start=1):
        frontier.append(leaf)
        assert frontier.root() == TREE.mth(0, size)


@FEW
@given(st.integers(0, len(LEAVES)))
def test_the_root_of_a_large_tree_is_that_of_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == TREE.mth(0, size)


@FEW
@given(st.integers(0, 2_000), st.integers(0, 500))
def test_a_frontier_goes_on_from_where_it_was_kept(before: int, more: int) -> None:
    kept = Frontier()
    for leaf in LEAVES[:before]:
        kept.append(leaf)
    again = Frontier(size=kept.size, peaks=list(kept.peaks))
    for leaf in LEAVES[before : before + more]:
        again.append(leaf)
    assert (again.size, again.root()) == (before + more, TREE.mth(0, before + more))
    assert len(again.peaks) == again.size.bit_count()
