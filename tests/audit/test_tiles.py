"""Tiles: the specification's own examples, its formula, and whatever a path may be."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.hashes import HASH_BYTES
from audit.tree.proofs import (
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    root_at,
)
from audit.tree.tiles import (
    HIGHEST_LEVEL,
    MOST_LEAVES,
    TILE_WIDTH,
    TileError,
    TilePlace,
    hashes_in,
    node_in_tiles,
    parse_tile_path,
    tile_path,
    tile_root,
    tiles_of,
)
from tests.audit.by_definition import numbered

FEW = settings(max_examples=40, deadline=None)

#: Large enough for a tile at level 2.
TREE = numbered(70_000)

SIZES = st.integers(1, 1_200) | st.integers(1, len(TREE.inputs)) | st.sampled_from([
    255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792,
])  # fmt: skip
PATHS = [
    ("tile/0/000", 0, 0, 256),
    ("tile/0/999", 0, 999, 256),
    ("tile/0/x001/000", 0, 1_000, 256),
    ("tile/0/x001/x234/067", 0, 1_234_067, 256),
    ("tile/1/x123/456.p/1", 1, 123_456, 1),
    ("tile/2/000.p/255", 2, 0, 255),
    ("tile/63/000", 63, 0, 256),
    ("tile/0/x036/x028/x797/x018/x963/967", 0, (1 << 55) - 1, 256),
]
NOT_PATHS = [
    "", "tile", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile/00/000", "tile/01/000",
    "tile/-1/000", "tile/64/000", "tile/100/000", "tile/0/0", "tile/0/00", "tile/0/0000",
    "tile/0/1000", "tile/0/x000/001", "tile/0/x000/x001/001", "tile/0/001/002", "tile/0/x001",
    "tile/0/x001/x002", "tile/0/X001/002", "tile/0/x1/002", "tile/0/000.p", "tile/0/000.p/",
    "tile/0/000.p/0", "tile/0/000.p/00", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/257",
    "tile/0/000.p/1000", "tile/0/000.p/-1", "tile/0/000.p/1/", "tile/0/000.P/1", "tile/0/000\n",
    "tile/entries/000", "tile/0/٠٠٠", "tile/٠/000", "tile/0/000.p/١", "tile/0/+01", "tile/7/001",
    "tile/0/x036/x028/x797/x018/x963/968", "tile/0/x999/x999/x999/x999/x999/x999/999",
    "tile/0/x001/x000/x000/x000/x000/x000/x000/000", "tile/8/0/000", "tile/0/000?", " tile/0/000",
]  # fmt: skip

Reader = Callable[[TilePlace], bytes]


def from_definition(place: TilePlace) -> bytes:
    return TREE.tile(place.level, place.index, place.width)


def only_of(size: int) -> Reader:
    """Reads the tiles of a tree of just this size, each no more than once."""
    there = set(tiles_of(size))

    def read(place: TilePlace) -> bytes:
        there.remove(place)
        return from_definition(place)

    return read


def test_the_specifications_tree_of_70_000() -> None:
    tiles = list(tiles_of(70_000))
    full = [place.level for place in tiles if place.width == TILE_WIDTH]
    partial = [(place.level, place.width) for place in tiles if place.width < TILE_WIDTH]
    assert (full.count(0), full.count(1), len(full)) == (273, 1, 274)
    assert partial == [(0, 112), (1, 17), (2, 1)]


def test_the_specifications_tree_of_256() -> None:
    assert list(tiles_of(256)) == [
        TilePlace(level=0, index=0),
        TilePlace(level=1, index=0, width=1),
    ]
    assert list(tiles_of(0)) == []


@FEW
@given(st.integers(1, 300_000))
def test_a_trees_tiles_hold_all_its_full_subtrees(size: int) -> None:
    held: dict[int, int] = {}
    for place in tiles_of(size):
        assert place.index * TILE_WIDTH == held.get(place.level, 0), "a gap, or not from the left"
        held[place.level] = place.index * TILE_WIDTH + place.width
    assert held == {level: size // 256**level for level in range(3) if size // 256**level}


@pytest.mark.parametrize(("text", "level", "index", "width"), PATHS)
def test_a_path_names_a_tile(text: str, level: int, index: int, width: int) -> None:
    assert tile_path(level, index, width) == text
    assert parse_tile_path(text) == TilePlace(level=level, index=index, width=width)


@pytest.mark.parametrize("text", NOT_PATHS)
def test_no_other_writing_is_a_path(text: str) -> None:
    with pytest.raises(TileError):
        parse_tile_path(text)


@FEW
@given(st.integers(0, HIGHEST_LEVEL), st.integers(0, 1 << 55), st.integers(1, TILE_WIDTH))
def test_paths_are_read_as_they_were_written(level: int, index: int, width: int) -> None:
    place = TilePlace(level=level, index=index >> 8 * level, width=width)
    if place.index << 8 * (level + 1) > MOST_LEAVES:
        place = TilePlace(level=level, index=0, width=width)
    assert parse_tile_path(tile_path(place.level, place.index, place.width)) == place


PIECES = st.sampled_from(
    ["tile/", "0", "1", "/", "x", "001", "x001/", "000", ".p/", "256", "\n", "٠"]
)


@FEW
@given(st.text() | st.lists(PIECES, max_size=8).map(lambda pieces: "tile/" + "".join(pieces)))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        place = parse_tile_path(text)
    except TileError:
        return
    assert tile_path(place.level, place.index, place.width) == text


@pytest.mark.parametrize(
    ("level", "index", "width"),
    [
        (-1, 0, 256),
        (64, 0, 256),
        (0, -1, 256),
        (0, 0, 0),
        (0, 0, 257),
        (0, 1 << 55, 256),
        (7, 1, 1),
    ],
)
def test_no_path_is_written_for_what_is_no_tile(level: int, index: int, width: int) -> None:
    with pytest.raises(TileError):
        tile_path(level, index, width)


@FEW
@given(SIZES, st.data())
def test_every_node_is_found_in_the_tiles_of_its_tree(size: int, data: st.DataObject) -> None:
    node = node_in_tiles(only_of(size), size)
    for _ in range(5):
        level = data.draw(st.integers(0, size.bit_length() - 1))
        index = data.draw(st.integers(0, (size >> level) - 1))
        assert node(level, index) == TREE.node(level, index)


def test_every_node_of_every_small_tree_is_found() -> None:
    for size in (1, 2, 3, 255, 256, 257, 300, 513):
        node = node_in_tiles(only_of(size), size)
        for level in range(size.bit_length()):
            for index in range(size >> level):
                assert node(level, index) == TREE.node(level, index)


@FEW
@given(SIZES, st.data())
def test_proofs_from_tiles_hold(size: int, data: st.DataObject) -> None:
    node = node_in_tiles(only_of(size), size)
    index = data.draw(st.integers(0, size - 1))
    root = TREE.mth(0, size)
    assert root_at(size, node) == root
    path = inclusion_path(index, size, node)
    check_inclusion(TREE.mth(index, index + 1), index, size, root, path)
    proof = consistency_path(index + 1, size, node)
    check_consistency(index + 1, TREE.mth(0, index + 1), size, root, proof)


@pytest.mark.parametrize(("level", "index"), [(0, 300), (9, 0), (8, 1), (0, -1), (-1, 0), (64, 0)])
def test_a_node_that_the_tree_does_not_have_is_refused(level: int, index: int) -> None:
    with pytest.raises(TileError, match="has no node"):
        node_in_tiles(only_of(300), 300)(level, index)


@pytest.mark.parametrize(
    "wrong", [lambda tile: tile[:-1], lambda tile: tile + b"\x00" * HASH_BYTES]
)
def test_a_tile_of_the_wrong_length_is_named(wrong: Callable[[bytes], bytes]) -> None:
    node = node_in_tiles(lambda place: wrong(from_definition(place)), 300)
    with pytest.raises(TileError, match=r"tile/0/001\.p/44 does not hold 44 hashes"):
        node(0, 299)


@FEW
@given(st.integers(0, TILE_WIDTH - 1))
def test_a_changed_tile_yields_no_proof(at: int) -> None:
    """A reader is believed by nobody: the path that it gives does not lead to the head."""

    def read(place: TilePlace) -> bytes:
        tile = bytearray(from_definition(place))
        if place.level == 0 and place.index == 0:
            tile[at * HASH_BYTES] ^= 1
        return bytes(tile)

    node = node_in_tiles(read, 700)
    index = at ^ 1
    path = inclusion_path(index, 700, node)
    with pytest.raises(ValueError, match="does not lead"):
        check_inclusion(TREE.mth(index, index + 1), index, 700, TREE.mth(0, 700), path)


def test_a_full_tile_has_its_root_in_the_tile_above() -> None:
    for index in range(3):
        hashes = hashes_in(TREE.tile(0, index, TILE_WIDTH))
        above = hashes_in(TREE.tile(1, 0, index + 1))
        assert tile_root(hashes) == above[-1] == TREE.node(8, index)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 257 * HASH_BYTES])
def test_what_cannot_be_a_tile_is_refused(length: int) -> None:
    with pytest.raises(TileError, match=f"cannot be {length} bytes"):
        hashes_in(bytes(length))


@pytest.mark.parametrize("hashes", [[], [bytes(32)] * 255, [bytes(32)] * 257, [bytes(31)] * 256])
def test_only_a_full_tile_has_a_root(hashes: list[bytes]) -> None:
    with pytest.raises(TileError):
        tile_root(hashes)


@FEW
@given(st.binary(max_size=100))
def test_any_bytes_are_hashes_or_refused(tile: bytes) -> None:
    try:
        assert b"".join(hashes_in(tile)) == tile
    except TileError:
        assert not tile or len(tile) % HASH_BYTES
