"""The tree's tiles as the database keeps them, and every node of the tree read from them."""

from pathlib import Path
from typing import Final

from django.db.models import Max

from audit.models import Leaf, Tile
from audit.origins import Tree
from audit.statements import ask, statement_of
from audit.tree.hashes import HASH_BYTES
from audit.tree.proofs import NodeAt, root_at
from audit.tree.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    TilePlace,
    hashes_in,
    node_in_tiles,
    tile_root,
)

_SQL: Final = Path(__file__).parent / "sql"
_OF_LEAVES: Final = statement_of(_SQL / "new_tiles.sql")
_OF_TILES: Final = statement_of(_SQL / "upper_tiles.sql")
#: So many tiles are read and kept in one go: 16 MB.
_AT_ONCE: Final = 2_000


class TileMissing(Exception):
    """A tile of the tree is neither kept nor to be had from what is below it."""


def keep_full_tiles(tree: Tree) -> None:
    """Keep every tile that is full and not kept yet. Belongs into the sealer's transaction."""
    below, level = tree.size, 0
    while full := below // TILE_WIDTH:
        _keep_level(tree, level, full)
        below, level = full, level + 1


def read_tile(tree: Tree, place: TilePlace) -> bytes | None:
    """The hashes of a tile, full or partial, side by side; None where the tree has no such."""
    if not _lies_within(place, tree.size):
        return None
    if place.width == TILE_WIDTH:
        kept = Tile.objects.filter(origin=tree.origin, level=place.level, index=place.index)
        if (hashes := kept.values_list("hashes", flat=True).first()) is not None:
            return bytes(hashes)
    return _from_below(tree, place)


def nodes_of(tree: Tree) -> NodeAt:
    """Every node of the tree at its present size."""

    def read(place: TilePlace) -> bytes:
        found = read_tile(tree, place)
        if found is None:
            raise TileMissing(f"{place} is missing from the tree of {tree.size} leaves.")
        return found

    return node_in_tiles(read, tree.size)


def root_of(tree: Tree, size: int | None = None) -> bytes:
    """The root over the first `size` leaves, all of them if it is left out."""
    return root_at(tree.size if size is None else size, nodes_of(tree))


def holds(tree: Tree, size: int, root: bytes) -> bool:
    """Whether this is the root over the first `size` leaves, so many being there."""
    return size <= tree.size and root_of(tree, size) == root


def _lies_within(place: TilePlace, size: int) -> bool:
    end = place.index * TILE_WIDTH + place.width
    return end <= size >> (TILE_HEIGHT * place.level)


def _keep_level(tree: Tree, level: int, full: int) -> None:
    kept = Tile.objects.filter(origin=tree.origin, level=level).aggregate(last=Max("index"))["last"]
    have = 0 if kept is None else kept + 1
    for start in range(have, full, _AT_ONCE):
        rows = _hashes(tree, level, start, min(start + _AT_ONCE, full))
        Tile.objects.bulk_create(
            Tile(
                origin=tree.origin,
                level=level,
                index=index,
                hashes=hashes,
                root=tile_root(hashes_in(hashes)),
            )
            for index, hashes in rows
        )


def _hashes(tree: Tree, level: int, start: int, end: int) -> list[tuple[int, bytes]]:
    if level == 0:
        first = tree.first
        since, until = first + start * TILE_WIDTH, first + end * TILE_WIDTH
        return _rows(ask(_OF_LEAVES, {"first": first, "since": since, "until": until}))
    values = {"origin": tree.origin, "below": level - 1}
    values |= {"since": start * TILE_WIDTH, "until": end * TILE_WIDTH}
    return _rows(ask(_OF_TILES, values))


def _rows(found: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Only whole tiles: a hash that is missing below must not be closed over."""
    for index, hashes in found:
        if len(hashes) != TILE_WIDTH * HASH_BYTES:
            raise TileMissing(
                f"Tile {index} lacks {TILE_WIDTH - len(hashes) // HASH_BYTES} hashes."
            )
    return found


def _from_below(tree: Tree, place: TilePlace) -> bytes | None:
    start, end = place.index * TILE_WIDTH, place.index * TILE_WIDTH + place.width
    if place.level == 0:
        leaves = Leaf.objects.filter(number__gte=tree.first + start, number__lt=tree.first + end)
        found = list(leaves.order_by("number").values_list("hash", flat=True))
    else:
        tiles = Tile.objects.filter(
            origin=tree.origin, level=place.level - 1, index__gte=start, index__lt=end
        )
        found = list(tiles.order_by("index").values_list("root", flat=True))
    return b"".join(map(bytes, found)) if len(found) == place.width else None
