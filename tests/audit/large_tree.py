"""A large tree by the definition, places in it, and paths with something wrong in them."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st

from tests.audit.by_definition import numbered

FEW = settings(max_examples=40, deadline=None)

ALL_UP_TO = 160
TREE = numbered(5_000)
OTHER = bytes(32)


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
