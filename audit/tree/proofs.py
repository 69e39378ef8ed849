"""Inclusion and consistency proofs of RFC 6962 sections 2.1.1 and 2.1.2. Pure.

Whoever makes a proof reads nodes of the tree, about twice as many as it has levels; whoever checks
one needs only the heads that it is about. A node may come from anywhere and is believed by nobody:
what a wrong one yields is a proof that fails.

A proof is the hashes beside the way from a full subtree up to the head: for inclusion from a leaf,
for consistency from the last full subtree of the older tree.
"""

from collections.abc import Callable, Sequence

from audit.tree.hashes import EMPTY_ROOT, HASH_BYTES, node_hash

#: (level, index) to the root of the full subtree over the leaves from index << level on, up to and
#: without (index + 1) << level. It is asked only for what a tree of the size in question has.
type NodeAt = Callable[[int, int], bytes]


class ProofError(ValueError):
    """The proof does not hold."""


def root_at(size: int, node: NodeAt) -> bytes:
    """The tree head of the first `size` leaves; of none, SHA-256 of nothing."""
    if size < 0:
        raise ProofError("A log cannot have fewer than no entries.")
    return _root_over(0, size, node) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, node: NodeAt) -> list[bytes]:
    """PATH(index, D[size]) of the RFC: 32 bytes each, the leaf's neighbour first."""
    _require_leaf(index, size)
    return _path(0, index, size, node)


def consistency_path(old: int, new: int, node: NodeAt) -> list[bytes]:
    """PROOF(old, D[new]) of the RFC; empty when there was nothing before or nothing came since."""
    _require_growth(old, new)
    if old in {0, new}:
        return []
    level, place = _last_full(old)
    seed = [node(level, place)] if place else []
    return seed + _path(level, place, new, node)


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The head to which `path` leads from leaf hash `leaf` in a tree of `size` leaves.

    Raises ProofError when a path of this length leads nowhere.
    """
    _require_leaf(index, size)
    _require_hashes(leaf, *path)
    inside = _steps_inside(index, size)
    _require_length(path, inside + _steps_at_edge(index, inside))
    return _climb(leaf, index, path, inside)


def check_inclusion(leaf: bytes, index: int, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise ProofError unless `leaf` is the leaf hash at `index` under this head."""
    if root_from_path(leaf, index, size, path) != root:
        raise ProofError(f"The path does not lead from leaf {index} to the head over {size}.")


def check_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Raise ProofError unless the new head's tree begins with the whole tree of the old head."""
    _require_growth(old_size, new_size)
    _require_hashes(old_root, new_root, *path)
    if old_size in {0, new_size}:
        _require_length(path, 0)
        if old_root != (new_root if old_size else EMPTY_ROOT):
            raise ProofError(f"Two heads over {old_size} leaves have different roots.")
        return
    from_old, from_new = _two_roots(old_size, old_root, new_size, path)
    if from_old != old_root:
        raise ProofError(f"The first {old_size} leaves are not those of the old head.")
    if from_new != new_root:
        raise ProofError(f"The path does not lead to the new head over {new_size}.")


def _two_roots(old: int, old_root: bytes, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new head as the path gives them.

    It begins with the root of the old tree's last full subtree, unless that is the whole of it.
    """
    level, place = _last_full(old)
    hashes = list(path) if place else [old_root, *path]
    inside = _steps_inside(old - 1, new) - level
    _require_length(hashes, 1 + inside + _steps_at_edge(place, inside))
    seed, *beside = hashes
    from_old = seed
    for step, sibling in enumerate(beside):
        if _is_left(step, place, inside):  # what is on the right came after the old head
            from_old = node_hash(sibling, from_old)
    return from_old, _climb(seed, place, beside, inside)


def _climb(hashed: bytes, place: int, path: Sequence[bytes], inside: int) -> bytes:
    for step, sibling in enumerate(path):
        left = _is_left(step, place, inside)
        hashed = node_hash(sibling, hashed) if left else node_hash(hashed, sibling)
    return hashed


def _is_left(step: int, place: int, inside: int) -> bool:
    """Whether the neighbour at this step up from `place` is on the left.

    At the tree's right edge all are, and the levels at which there is none take no step.
    """
    return step >= inside or place >> step & 1 == 1


def _steps_inside(index: int, size: int) -> int:
    """How many steps up from a leaf there are until its way is the last leaf's, at the edge."""
    return (index ^ (size - 1)).bit_length()


def _steps_at_edge(place: int, inside: int) -> int:
    return (place >> inside).bit_count()


def _last_full(size: int) -> tuple[int, int]:
    """Level and index of the smallest of the full subtrees that make up a tree: its last."""
    level = (size & -size).bit_length() - 1
    return level, (size >> level) - 1


def _path(level: int, place: int, size: int, node: NodeAt) -> list[bytes]:
    """Down from the head to a full subtree by the RFC's definition, keeping what is passed by."""
    begin, end = 0, size
    passed: list[bytes] = []
    while end - begin > 1 << level:
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if place << level < middle:
            passed.append(_root_over(middle, end, node))
            end = middle
        else:
            passed.append(_root_over(begin, middle, node))
            begin = middle
    return passed[::-1]


def _root_over(begin: int, end: int, node: NodeAt) -> bytes:
    """The head over a range that is a subtree: of full ones, one for each bit of its length."""
    level, place = _last_full(end - begin)
    root = node(level, (begin >> level) + place)
    rest = place
    while rest:
        more = (rest & -rest).bit_length() - 1
        level, rest = level + more, (rest >> more) - 1
        root = node_hash(node(level, (begin >> level) + rest), root)
    return root


def _require_leaf(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ProofError(f"There is no leaf {index} in a log of {size} leaves.")


def _require_growth(old: int, new: int) -> None:
    if old < 0:
        raise ProofError("A log cannot have fewer than no entries.")
    if new < old:
        raise ProofError(f"A log of {new} leaves is shorter than the old one of {old}.")


def _require_hashes(*hashes: bytes) -> None:
    """Else a hash could pass for the end of one and the beginning of the next."""
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofError(f"A hash of the proof does not have {HASH_BYTES} bytes.")


def _require_length(path: Sequence[bytes], length: int) -> None:
    if len(path) != length:
        raise ProofError("The path has the wrong number of hashes for these sizes.")
