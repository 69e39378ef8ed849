"""The tree in tiles, as C2SP tlog-tiles lays it out (c2sp.org/tlog-tiles). Pure.

The tile at level L and index n holds 256 hashes side by side: the roots of full subtrees over
256**L leaves each, from subtree 256 * n on. A tree's last tile at a level may hold fewer.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from audit.tree.hashes import HASH_BYTES, node_hash
from audit.tree.proofs import NodeAt

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
HIGHEST_LEVEL: Final = 63
#: Leaves are counted in a signed 64-bit integer, here as in the database.
MOST_LEAVES: Final = (1 << 63) - 1

_PATH: Final = re.compile(
    r"tile/(0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)
#: So many tiles are kept by one getter: 8 MB.
_KEPT: Final = 1_000


class TileError(ValueError):
    """There is no such tile, or it is not what a tile must be."""


@dataclass(frozen=True, kw_only=True)
class TilePlace:
    """Where a tile stands; a `width` below 256 makes it partial."""

    level: int
    index: int
    width: int = TILE_WIDTH


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The tile's path below the log's address: `tile/0/x001/x234/067`, with `.p/17` if partial."""
    _require_place(level, index, width)
    *higher, last = _threes(index)
    name = "".join(f"x{three:03}/" for three in higher) + f"{last:03}"
    return f"tile/{level}/{name}" + ("" if width == TILE_WIDTH else f".p/{width}")


def parse_tile_path(text: str) -> TilePlace:
    """The place that a path names; raises TileError for any but the one way of writing it."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise TileError("This is not the path of a tile.")
    level, name, width = found.groups()
    place = TilePlace(
        level=int(level),
        index=int(name.replace("x", "").replace("/", "")),
        width=int(width or TILE_WIDTH),
    )
    if tile_path(place.level, place.index, place.width) != text:
        raise TileError("The path of this tile is written in another way.")
    return place


def tiles_of(size: int) -> Iterator[TilePlace]:
    """All tiles of a tree of `size` leaves, the lowest level first, each level from the left."""
    level = 0
    while hashes := size >> TILE_HEIGHT * level:
        full, rest = divmod(hashes, TILE_WIDTH)
        for index in range(full):
            yield TilePlace(level=level, index=index)
        if rest:
            yield TilePlace(level=level, index=full, width=rest)
        level += 1


def node_in_tiles(read: Callable[[TilePlace], bytes], size: int) -> NodeAt:
    """A getter of every node of the tree of `size` leaves, out of the tiles of just that tree.

    `read` gives the hashes of a tile side by side. Recently read ones are kept, so the tree must
    not be changed under a getter. It raises TileError for a tile of the wrong length and for a
    node that the tree does not have; whether the hashes are right is shown by a proof alone.
    """

    @lru_cache(_KEPT)
    def tile(place: TilePlace) -> bytes:
        hashes = read(place)
        if len(hashes) != place.width * HASH_BYTES:
            path = tile_path(place.level, place.index, place.width)
            raise TileError(f"{path} does not hold {place.width} hashes.")
        return hashes

    def node(level: int, index: int) -> bytes:
        if level < 0 or index < 0 or (index + 1) << level > size:
            raise TileError(f"A tree of {size} leaves has no node {index} at level {level}.")
        tile_level, height = divmod(level, TILE_HEIGHT)
        place, first = _holder(tile_level, index << height, size)
        start, end = first * HASH_BYTES, (first + (1 << height)) * HASH_BYTES
        return _folded(_split(tile(place)[start:end]))

    return node


def hashes_in(tile: bytes) -> list[bytes]:
    """The hashes of a tile, 1 to 256; raises TileError if its length gives no whole number."""
    if not 0 < len(tile) <= TILE_WIDTH * HASH_BYTES or len(tile) % HASH_BYTES:
        raise TileError(f"A tile cannot be {len(tile)} bytes long.")
    return _split(tile)


def tile_root(hashes: list[bytes]) -> bytes:
    """The root over a full tile, which is its hash in the tile above. A partial one has none."""
    if len(hashes) != TILE_WIDTH or any(len(one) != HASH_BYTES for one in hashes):
        raise TileError(f"Only a full tile of {TILE_WIDTH} hashes stands in the tile above.")
    return _folded(hashes)


def _holder(level: int, position: int, size: int) -> tuple[TilePlace, int]:
    """The tile with the hash at `position` of a tile level, and where it is in the tile."""
    index, first = divmod(position, TILE_WIDTH)
    there = (size >> TILE_HEIGHT * level) - index * TILE_WIDTH
    return TilePlace(level=level, index=index, width=min(there, TILE_WIDTH)), first


def _split(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def _folded(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = list(map(node_hash, hashes[::2], hashes[1::2]))
    return hashes[0]


def _threes(index: int) -> list[int]:
    """The index in groups of three decimal digits, the highest first."""
    threes = [index % 1000]
    while index := index // 1000:
        threes.append(index % 1000)
    return threes[::-1]


def _require_place(level: int, index: int, width: int) -> None:
    if not 0 <= level <= HIGHEST_LEVEL:
        raise TileError(f"The level of a tile is between 0 and {HIGHEST_LEVEL}.")
    if not 1 <= width <= TILE_WIDTH:
        raise TileError(f"A tile holds between 1 and {TILE_WIDTH} hashes.")
    if index < 0 or index << TILE_HEIGHT * (level + 1) > MOST_LEAVES:
        raise TileError("No log can be as long as that tile would have it.")
