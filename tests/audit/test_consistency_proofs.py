"""Consistency proofs: published vectors, the definition, and whatever is altered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree.hashes import EMPTY_ROOT
from audit.tree.proofs import ProofError, check_consistency, consistency_path, root_at
from tests.audit.by_definition import INPUTS, Definition
from tests.audit.large_tree import ALL_UP_TO, FEW, OTHER, TREE, altered, growths

#: (old, new) to the proof: the vectors of the reference implementation's tests, over INPUTS.
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


@pytest.mark.parametrize(("sizes", "path"), PROOFS.items())
def test_published_proofs(sizes: tuple[int, int], path: list[str]) -> None:
    old, new = sizes
    tree = Definition(INPUTS)
    made = consistency_path(old, new, tree.node)
    assert [step.hex() for step in made] == path
    check_consistency(old, tree.mth(0, old), new, tree.mth(0, new), made)


def test_every_growth_of_every_small_tree_has_the_proof_of_the_definition() -> None:
    for new in range(1, ALL_UP_TO + 1):
        root = TREE.mth(0, new)
        for old in range(1, new + 1):
            path = consistency_path(old, new, TREE.node)
            assert path == TREE.proof(old, new)
            check_consistency(old, TREE.mth(0, old), new, root, path)


@FEW
@given(growths())
def test_a_growth_of_a_large_tree_has_the_proof_of_the_definition(sizes: tuple[int, int]) -> None:
    old, new = sizes
    path = consistency_path(old, new, TREE.node)
    assert path == TREE.proof(old, new)
    check_consistency(old, TREE.mth(0, old), new, TREE.mth(0, new), path)


def test_a_proof_of_less_growth_does_not_pass_for_one_of_more() -> None:
    """Even where the root over 4 leaves is given out as that over 7."""
    with pytest.raises(ProofError, match="number of hashes"):
        check_consistency(3, TREE.mth(0, 3), 7, TREE.mth(0, 4), TREE.proof(3, 4))


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
