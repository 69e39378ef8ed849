"""The log read in blocks of 256 leaves, each entry hashed anew from what it says now."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from audit.models import Leaf, Tile
from audit.origins import Tree
from audit.statements import ask, statement_of
from audit.tree.tiles import TILE_WIDTH

type _Row = tuple[
    int, bytes, int, bytes | None, str | None, str | None, str, str | None, str | None, str
]

_ROWS: Final = statement_of(Path(__file__).parent.parent / "sql" / "sealed_rows.sql")
_READ_AT_ONCE: Final = 32 * TILE_WIDTH
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
#: Hashes nothing: what stands in the row is not even of the form that is hashed.
_NO_ENTRY: Final = b""


@dataclass(kw_only=True, slots=True)
class Block:
    """Up to 256 leaves side by side, from index `start` of their tree on.

    Attributes:
        first: the number of the first leaf.
        rows: (entry's id, uid, time) of each leaf, None where the leaf is missing.
        leaves: the hash that each leaf holds.
        stored: the hash that each entry holds.
        said: the hash of what each entry says now; None where the entry is missing.
        tile: the kept tile's hashes and root, None where there is none.
    """

    start: int
    first: int
    rows: list[tuple[int, str, str, str] | None]
    leaves: list[bytes | None]
    stored: list[bytes | None]
    said: list[bytes | None]
    tile: tuple[bytes, bytes] | None


def blocks(tree: Tree) -> Iterator[Block]:
    """All leaves of the tree, in constant memory; up to where thousands in a row are missing."""
    for start in range(0, tree.size, _READ_AT_ONCE):
        end = min(start + _READ_AT_ONCE, tree.size)
        since, until = tree.first + start, tree.first + end
        rows = {row[0]: row for row in ask(_ROWS, {"since": since, "until": until})}
        if is_last := not _goes_on(rows, until, tree.first + tree.size):
            end = max(rows, default=since - 1) + 1 - tree.first
        tiles = _tiles(tree, start, end)
        for begin in range(start, end, TILE_WIDTH):
            stop = min(begin + TILE_WIDTH, end)
            numbers = range(tree.first + begin, tree.first + stop)
            yield _block(begin, [rows.get(number) for number in numbers], tree, tiles)
        if is_last:
            return


def _goes_on(rows: Mapping[int, "_Row"], until: int, end: int) -> bool:
    """Whether the leaves go on after those of a span. Where thousands are missing, whatever stands
    further on is no log any more."""
    if until - 1 in rows or until == end:
        return True
    if not rows:
        return False
    within = (max(rows) + 1, max(rows) + _READ_AT_ONCE)
    return Leaf.objects.filter(number__range=within).exists()


def _tiles(tree: Tree, start: int, end: int) -> dict[int, tuple[bytes, bytes]]:
    kept = Tile.objects.filter(
        origin=tree.origin,
        level=0,
        index__gte=start // TILE_WIDTH,
        index__lt=end // TILE_WIDTH,
    )
    return {
        index: (bytes(hashes), bytes(root))
        for index, hashes, root in kept.values_list("index", "hashes", "root")
    }


def _block(
    start: int,
    rows: list["_Row | None"],
    tree: Tree,
    tiles: dict[int, tuple[bytes, bytes]],
) -> Block:
    return Block(
        start=start,
        first=tree.first + start,
        rows=[row and (row[2], row[4] or "", row[5] or "", row[6]) for row in rows],
        leaves=[row and row[1] for row in rows],
        stored=[row and row[3] for row in rows],
        said=[row and _said(row) for row in rows],
        tile=tiles.get(start // TILE_WIDTH),
    )


def _said(row: _Row) -> bytes | None:
    """The leaf hash of what the entry says (`audit.entries.leaf_of`), written for speed.

    Facts that were recorded are of few types and have ASCII keys, so that orjson's sorted JSON is
    the canonical one; whatever else stands there now was not recorded, and gives another hash.
    """
    _, _, _, _, uid, at, action, actor, subject, facts = row
    if uid is None:
        return None
    if not at or not at.endswith("000"):  # whole milliseconds are recorded
        return _NO_ENTRY
    try:
        document = {
            "action": action,
            "actor": actor,
            "at": f"{at[:-3]}Z",
            "facts": orjson.loads(facts),
            "id": uid,
            "subject": subject,
        }
        line = orjson.dumps(document, option=_OPTIONS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _NO_ENTRY
    return hashlib.sha256(b"\x00" + line).digest()
