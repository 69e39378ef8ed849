"""Inclusion and consistency proofs: published vectors, the definition, and whatever is altered."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
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
from tests.audit.by_definition import INPUTS, Definition, numbered

FEW = settings(max_examples=40, deadline=None)

ALL_UP_TO = 160
TREE = numbered(5_000)
OTHER = bytes(32)

#: (index, size) to the path, and (old, new) to the proof: the vectors of the reference
#: implementation's tests, over INPUTS.
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
PROOFS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


@st.composite
def leaves_in_trees(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, len(TREE.inputs)))
    return draw(st.integers(0, size - 1)), size


@st.composite
def growths(draw: st.DrawFn, most: int = len(TREE.inputs)) -> tuple[int, int]:
    new = draw(st.integers(1, most))
    return draw(st.integers(1, new)), new


def altered(path: list[bytes]) -> Iterator[list[bytes]]:
    """The path with one thing wrong with it, in every way."""
    for at, step in enumerate(path):
        yield [*path[:at], *path[at + 1 :]]
        yield [*path[:at], OTHER, *path[at:]]
        yield [*path[:at], bytes([step[0] ^ 1]) + step[1:], *path[at + 1 :]]
        yield [*path[:at], step[:-1] + bytes([step[-1] ^ 128]), *path[at + 1 :]]
        yield [*path[:at], step[:-1], *path[at + 1 :]]
        yield [*path[:at], step + b"\x00", *path[at + 1 :]]
    for at, (first, second) in enumerate(pairwise(path)):
        yield [*path[:at], second, first, *path[at + 2 :]]
        yield [*path[:at], first + second, *path[at + 2 :]]
        yield [*path[:at], first + second[:1], second[1:], *path[at + 2 :]]
    yield [*path, OTHER]
    yield [OTHER, *path]


def leaf(index: int) -> bytes:
    return leaf_hash(TREE.inputs[index])


@pytest.mark.parametrize(("place", "path"), PATHS.items())
def test_published_paths(place: tuple[int, int], path: list[str]) -> None:
    index, size = place
    tree = Definition(INPUTS)
    made = inclusion_path(index, size, tree.node)
    assert [step.hex() for step in made] == path
    check_inclusion(leaf_hash(INPUTS[index]), index, size, tree.mth(0, size), made)


@pytest.mark.parametrize(("sizes", "path"), PROOFS.items())
def test_published_proofs(sizes: tuple[int, int], path: list[str]) -> None:
    old, new = sizes
    tree = Definition(INPUTS)
    made = consistency_path(old, new, tree.node)
    assert [step.hex() for step in made] == path
    check_consistency(old, tree.mth(0, old), new, tree.mth(0, new), made)


def test_every_leaf_of_every_small_tree_has_the_path_of_the_definition() -> None:
    for size in range(1, ALL_UP_TO + 1):
        root = TREE.mth(0, size)
        assert root_at(size, TREE.node) == root
        for index in range(size):
            path = inclusion_path(index, size, TREE.node)
            assert path == TREE.path(index, 0, size)
            check_inclusion(leaf(index), index, size, root, path)


def test_every_growth_of_every_small_tree_has_the_proof_of_the_definition() -> None:
    for new in range(1, ALL_UP_TO + 1):
        root = TREE.mth(0, new)
        for old in range(1, new + 1):
            path = consistency_path(old, new, TREE.node)
            assert path == TREE.proof(old, new)
            check_consistency(old, TREE.mth(0, old), new, root, path)


@FEW
@given(leaves_in_trees())
def test_a_leaf_of_a_large_tree_has_the_path_of_the_definition(place: tuple[int, int]) -> None:
    index, size = place
    path = inclusion_path(index, size, TREE.node)
    assert path == TREE.path(index, 0, size)
    assert root_from_path(leaf(index), index, size, path) == root_at(size, TREE.node)


@FEW
@given(growths())
def test_a_growth_of_a_large_tree_has_the_proof_of_the_definition(sizes: tuple[int, int]) -> None:
    old, new = sizes
    path = consistency_path(old, new, TREE.node)
    assert path == TREE.proof(old, new)
    check_consistency(old, TREE.mth(0, old), new, TREE.mth(0, new), path)


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


def test_a_proof_of_less_growth_does_not_pass_for_one_of_more() -> None:
    """Even where the root over 4 leaves is given out as that over 7."""
    with pytest.raises(ProofError, match="number of hashes"):
        check_consistency(3, TREE.mth(0, 3), 7, TREE.mth(0, 4), TREE.proof(3, 4))


@pytest.mark.parametrize(("leaf", "step"), [(OTHER[:-1], OTHER), (OTHER, OTHER + b"\x00")])
def test_what_is_no_hash_leads_nowhere(leaf: bytes, step: bytes) -> None:
    with pytest.raises(ProofError, match="32 bytes"):
        root_from_path(leaf, 0, 2, [step])
    for old_root, path in ((leaf, [OTHER]), (OTHER, [step])):
        if (old_root, path) != (OTHER, [OTHER]):
            with pytest.raises(ProofError, match="32 bytes"):
                check_consistency(1, old_root, 2, OTHER, path)


@FEW
@given(growths())
def test_an_altered_proof_is_refused(sizes: tuple[int, int]) -> None:
    old, new = sizes
    old_root, new_root, path = TREE.mth(0, old), TREE.mth(0, new), TREE.proof(old, new)
    for wrong in altered(path):
        with pytest.raises(ProofError):
            check_consistency(old, old_root, new, new_root, wrong)
    with pytest.raises(ProofError):
        check_consistency(old, OTHER, new, new_root, path)
    with pytest.raises(ProofError):
        check_consistency(old, old_root, new, OTHER, path)
    with pytest.raises(ProofError):
        check_consistency(old, old_root, new, TREE.mth(0, new - 1), path)


@FEW
@given(growths(most=300), st.data())
def test_no_proof_leads_from_another_history(sizes: tuple[int, int], data: st.DataObject) -> None:
    """One leaf before the old head is another one: whatever is taken from either tree, it shows."""
    old, new = sizes
    changed = data.draw(st.integers(0, old - 1))
    inputs = [*TREE.inputs[:new]]
    inputs[changed] = b"another"
    other = Definition(inputs)
    for path in (TREE.proof(old, new), other.proof(old, new)):
        with pytest.raises(ProofError):
            check_consistency(old, TREE.mth(0, old), new, other.mth(0, new), path)


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


def test_an_empty_log_is_the_beginning_of_every_log() -> None:
    assert root_at(0, TREE.node) == EMPTY_ROOT
    assert consistency_path(0, 0, TREE.node) == consistency_path(0, 7, TREE.node) == []
    check_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    check_consistency(0, EMPTY_ROOT, 7, TREE.mth(0, 7), [])


@pytest.mark.parametrize(
    ("old_root", "new", "new_root", "path"),
    [
        (OTHER, 7, TREE.mth(0, 7), []),
        (OTHER, 0, OTHER, []),
        (EMPTY_ROOT, 7, TREE.mth(0, 7), [OTHER]),
    ],
)
def test_what_is_not_an_empty_log_is_refused_as_one(
    old_root: bytes, new: int, new_root: bytes, path: list[bytes]
) -> None:
    with pytest.raises(ProofError):
        check_consistency(0, old_root, new, new_root, path)


def test_two_heads_of_one_size_must_be_the_same() -> None:
    root = TREE.mth(0, 7)
    assert consistency_path(7, 7, TREE.node) == []
    check_consistency(7, root, 7, root, [])
    with pytest.raises(ProofError, match="different roots"):
        check_consistency(7, root, 7, OTHER, [])
    with pytest.raises(ProofError, match="number of hashes"):
        check_consistency(7, root, 7, root, [OTHER])


def test_a_log_that_got_shorter_is_refused() -> None:
    with pytest.raises(ProofError, match="shorter than the old one of 8"):
        check_consistency(8, TREE.mth(0, 8), 7, TREE.mth(0, 7), [])
    with pytest.raises(ProofError, match="shorter"):
        consistency_path(8, 7, TREE.node)


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
