"""Inclusion proofs, and what both kinds have in common: published vectors, the definition, and
whatever is altered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree.hashes import EMPTY_ROOT, leaf_hash, node_hash
from audit.tree.proofs import (
    ProofError,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    root_at,
    root_from_path,
)
from tests.audit.by_definition import INPUTS, Definition
from tests.audit.large_tree import ALL_UP_TO, FEW, OTHER, TREE, altered, leaves_in_trees

#: (index, size) to the path: the vectors of the reference implementation's tests, over INPUTS.
PATHS = {
    (0, 1): [],
    (0, 2): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],
    (1, 2): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def leaf(index: int) -> bytes:
    return leaf_hash(TREE.inputs[index])


@pytest.mark.parametrize(("place", "path"), PATHS.items())
def test_published_paths(place: tuple[int, int], path: list[str]) -> None:
    index, size = place
    tree = Definition(INPUTS)
    made = inclusion_path(index, size, tree.node)
    assert [step.hex() for step in made] == path
    check_inclusion(leaf_hash(INPUTS[index]), index, size, tree.mth(0, size), made)


def test_every_leaf_of_every_small_tree_has_the_path_of_the_definition() -> None:
    for size in range(1, ALL_UP_TO + 1):
        root = TREE.mth(0, size)
        assert root_at(size, TREE.node) == root
        for index in range(size):
            path = inclusion_path(index, size, TREE.node)
            assert path == TREE.path(index, 0, size)
            check_inclusion(leaf(index), index, size, root, path)


@FEW
@given(leaves_in_trees())
def test_a_leaf_of_a_large_tree_has_the_path_of_the_definition(place: tuple[int, int]) -> None:
    index, size = place
    path = inclusion_path(index, size, TREE.node)
    assert path == TREE.path(index, 0, size)
    assert root_from_path(leaf(index), index, size, path) == root_at(size, TREE.node)


@FEW
@given(leaves_in_trees(), st.integers(0, 5_000))
def test_an_altered_path_is_refused(place: tuple[int, int], elsewhere: int) -> None:
    index, size = place
    root, path = TREE.mth(0, size), TREE.path(index, 0, size)
    for wrong in altered(path):
        with pytest.raises(ProofError):
            check_inclusion(leaf(index), index, size, root, wrong)
    with pytest.raises(ProofError):
        check_inclusion(OTHER, index, size, root, path)
    with pytest.raises(ProofError):
        check_inclusion(leaf(index), index, size, OTHER, path)
    if elsewhere != index:
        with pytest.raises(ProofError):
            check_inclusion(leaf(index), elsewhere, size, root, path)


def test_a_node_of_the_tree_does_not_pass_for_a_leaf() -> None:
    """Its path would lead to the root, but is shorter than that of any leaf."""
    with pytest.raises(ProofError, match="number of hashes"):
        check_inclusion(TREE.node(1, 0), 0, 4, TREE.mth(0, 4), [TREE.node(1, 1)])


@pytest.mark.parametrize(("leaf", "step"), [(OTHER[:-1], OTHER), (OTHER, OTHER + b"\x00")])
def test_what_is_no_hash_leads_nowhere(leaf: bytes, step: bytes) -> None:
    with pytest.raises(ProofError, match="32 bytes"):
        root_from_path(leaf, 0, 2, [step])
    for old_root, path in ((leaf, [OTHER]), (OTHER, [step])):
        if (old_root, path) != (OTHER, [OTHER]):
            with pytest.raises(ProofError, match="32 bytes"):
                check_consistency(1, old_root, 2, OTHER, path)


@FEW
@given(leaves_in_trees())
def test_few_nodes_are_read(place: tuple[int, int]) -> None:
    index, size = place
    reads: list[tuple[int, int]] = []

    def node(level: int, at: int) -> bytes:
        reads.append((level, at))
        return TREE.node(level, at)

    most = 2 * size.bit_length()
    for make in (inclusion_path, consistency_path):
        reads.clear()
        make(index, size, node)
        assert len(reads) <= most
        assert len(set(reads)) == len(reads)
        assert all((at + 1) << level <= size for level, at in reads)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (6, 5), (-1, 5), (0, -1)])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ProofError, match="There is no leaf"):
        inclusion_path(index, size, TREE.node)
    with pytest.raises(ProofError, match="There is no leaf"):
        root_from_path(OTHER, index, size, [])


def test_negative_sizes_are_refused() -> None:
    with pytest.raises(ProofError):
        root_at(-1, TREE.node)
    with pytest.raises(ProofError):
        consistency_path(-1, 5, TREE.node)
    with pytest.raises(ProofError):
        check_consistency(-1, EMPTY_ROOT, 5, TREE.mth(0, 5), [])


@pytest.mark.parametrize(
    ("index", "size"), [(0, 2**62 + 1), (2**62, 2**62 + 1), (2**63 - 2, 2**63 - 1)]
)
def test_the_largest_logs_are_no_different(index: int, size: int) -> None:
    """Over leaves that are all alike, since nobody has such a tree."""
    alike = [leaf_hash(b"")]
    for _ in range(63):
        alike.append(node_hash(alike[-1], alike[-1]))

    def node(level: int, at: int) -> bytes:
        return alike[level]

    path = inclusion_path(index, size, node)
    assert root_from_path(alike[0], index, size, path) == root_at(size, node)
    proof = consistency_path(index + 1, size, node)
    check_consistency(index + 1, root_at(index + 1, node), size, root_at(size, node), proof)
