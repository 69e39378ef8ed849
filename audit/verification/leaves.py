"""One walk through a tree: entries against leaves, leaves against tiles, the tree against heads."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from audit.actions import Action
from audit.models import Leaf, Tile
from audit.origins import Tree
from audit.tree.frontier import Frontier
from audit.tree.hashes import HASH_BYTES
from audit.tree.tiles import TILE_HEIGHT, TILE_WIDTH, hashes_in, tile_root
from audit.verification.blocks import Block, blocks
from audit.verification.differences import MOST, Difference, told
from audit.verification.findings import Deed, Finding
from audit.verification.heads import Heads, Roots

#: An entry that says it is older than those sealed before it by more than this was put in later.
_LATE_DAYS: Final = 1
#: Of a time as it is read, of this millennium or a neighbour.
_TIME_CHARS: Final = len("2026-01-01T00:00:00.000000")

type Progress = Callable[[int], None]


class Walk:
    """The state of one walk; `wrong` yields what it finds, and `count` is how far it is."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._heads = Heads(tree)
        self._sealed = Frontier()
        self._said: Frontier | None = None  # from the first difference on, while it can be told
        self._clean = True
        self._differences: list[Difference] = []
        self._more = 0
        self._uppers = _Uppers(tree)
        self._late = _Late()

    def wrong(self, progress: Progress = lambda _: None) -> Iterator[Finding]:
        """Everything that is wrong with the tree."""
        around: list[Finding] = []  # what is said after the leaves themselves: few
        for block in blocks(self._tree):
            around += self._take(block)
            progress(self._tree.first + self._sealed.size)
        end = self._tree.first + self._sealed.size
        yield from told(self._differences, last=end - 1)
        if self._more:
            yield Finding(
                deed=Deed.REWRITTEN,
                sentence=f"Another {self._more} leaves are not what was sealed.",
            )
        yield from around
        if self._sealed.size < self._tree.size:
            yield self._far_beyond(end)
        yield from self._uppers.wrong()
        yield from self._heads.left()

    def _far_beyond(self, end: int) -> Finding:
        """Leaves that stand thousands of numbers further on."""
        following = Leaf.objects.filter(number__gte=end).order_by("number")
        number = following.values_list("number", flat=True).first()
        return Finding(
            deed=Deed.REMOVED,
            leaf=end,
            sentence=(
                f"There are no leaves from leaf {end} up to leaf {number}: they were removed, or "
                "what stands there was inserted beyond the end. It cannot be verified."
            ),
        )

    def _take(self, block: Block) -> Iterator[Finding]:
        full = len(block.rows) == TILE_WIDTH
        if full and block.tile is None and self._uppers.tile_is_missing(block.start):
            yield Finding(
                deed=Deed.REMOVED,
                leaf=block.first,
                sentence=f"The tile over leaf {block.first} and the 255 after it is missing.",
            )
        if block.tile and len(block.tile[0]) != TILE_WIDTH * HASH_BYTES:
            self._uppers.note(block)
            block.tile = None
        sealed = hashes_in(block.tile[0]) if block.tile else _leaves(block)
        if not (sealed == block.said == block.leaves == block.stored):
            self._compare(block, sealed)
        yield from self._late.wrong(block)
        yield from self._grow(block, sealed)

    def _compare(self, block: Block, sealed: list[bytes]) -> None:
        columns = zip(block.rows, block.leaves, block.stored, block.said, sealed, strict=True)
        for place, (row, leaf, stored, said, truth) in enumerate(columns):
            if leaf == stored == said == truth:
                continue
            if len(self._differences) == MOST:
                self._more += 1
                continue
            self._differences.append(
                Difference(
                    leaf=block.first + place,
                    entry=row and (row[0], row[1]),
                    said=said,
                    sealed=truth,
                    only_stored=said == truth,
                )
            )

    def _grow(self, block: Block, sealed: list[bytes]) -> Iterator[Finding]:
        if self._clean and sealed != block.said:
            self._clean, self._said = False, self._sealed.copy()
        wanted = self._heads.wanted()
        end = block.start + len(sealed)
        full = len(sealed) == TILE_WIDTH
        if full:
            root = tile_root(sealed)
            self._uppers.add(root, block)
        if full and self._said is None and (wanted is None or wanted > end):
            self._sealed.append_full(root, TILE_HEIGHT)
            return
        for hashed, said in zip(sealed, block.said, strict=True):
            yield from self._append(hashed, said)

    def _append(self, hashed: bytes, said: bytes | None) -> Iterator[Finding]:
        self._sealed.append(hashed)
        if self._said is not None:
            if said:
                self._said.append(said)
            else:
                self._said = None
        while self._heads.wanted() == self._sealed.size:
            roots = Roots(
                sealed=self._sealed.root(), said=self._said.root() if self._said else None
            )
            yield from self._heads.meet(roots)


def _leaves(block: Block) -> list[bytes]:
    """Where no tile is kept, the leaves are what was sealed."""
    return [leaf if leaf is not None else bytes(HASH_BYTES) for leaf in block.leaves]


class _Uppers:
    """The tiles' own roots, and the tiles of the levels above, which are made of them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        kept = Tile.objects.filter(origin=tree.origin, level=0).order_by("-index")
        last = kept.values_list("index", flat=True).first()
        self._last = -1 if last is None else last
        self._waiting: list[list[bytes]] = [[]]
        self._altered: list[str] = []
        self._missing: list[str] = []

    def tile_is_missing(self, start: int) -> bool:
        """Whether later tiles are kept, so that this one must have been."""
        return start // TILE_WIDTH <= self._last

    def add(self, root: bytes, block: Block) -> None:
        """The root over a full block of leaves."""
        if block.tile and block.tile[1] != root:
            self.note(block)
        self._rise(root, 0, block.start // TILE_WIDTH)

    def note(self, block: Block) -> None:
        """That the kept tile over a block is not what was kept."""
        self._altered.append(f"of tile 0/{block.start // TILE_WIDTH}")

    def _rise(self, root: bytes, level: int, index: int) -> None:
        row = self._waiting[level]
        row.append(root)
        if len(row) < TILE_WIDTH:
            return
        above, place = level + 1, index // TILE_WIDTH
        kept = Tile.objects.filter(origin=self._tree.origin, level=above, index=place)
        found = kept.values_list("hashes", "root").first()
        upper = tile_root(row)
        if found and (bytes(found[0]) != b"".join(row) or bytes(found[1]) != upper):
            self._altered.append(f"of tile {above}/{place}")
        elif not found and (place + 1) * TILE_WIDTH**above <= self._last + 1:
            self._missing.append(f"{above}/{place}")
        self._waiting[level] = []
        if len(self._waiting) == above:
            self._waiting.append([])
        self._rise(upper, above, place)

    def wrong(self) -> Iterator[Finding]:
        """Tiles whose hashes or root do not follow from what is below them, or that are gone."""
        for which in self._altered[:10]:
            yield Finding(deed=Deed.CHANGED, sentence=f"The stored hashes {which} were changed.")
        for which in self._missing[:10]:
            yield Finding(deed=Deed.REMOVED, sentence=f"The tile {which} was removed.")


class _Late:
    """Entries that say they are older than those that were sealed before them."""

    def __init__(self) -> None:
        self._newest = ""
        self._bound = ""
        self._found = False

    def wrong(self, block: Block) -> Iterator[Finding]:
        """The first one of all; a clock that was put back is told by an entry of its own."""
        rows = [(block.first + place, row) for place, row in enumerate(block.rows) if row]
        rows = [(leaf, row) for leaf, row in rows if len(row[2]) == _TIME_CHARS]
        times = [row[2] for _, row in rows]
        if self._found or not times:
            return
        if min(times) < self._bound:
            yield from self._look(rows)
        self._rise(max(times))

    def _look(self, rows: list[tuple[int, tuple[int, str, str, str]]]) -> Iterator[Finding]:
        for leaf, (number, uid, at, action) in rows:
            if action == Action.CLOCK_STEPPED:
                self._newest = self._bound = ""
            elif at < self._bound and not self._found:
                self._found = True
                yield Finding(
                    deed=Deed.INSERTED,
                    leaf=leaf,
                    sentence=(
                        f"Entry {number} ({uid}) says it is of {at[:10]}, but was sealed after "
                        f"entries of {self._newest[:10]}: it was inserted later."
                    ),
                )

    def _rise(self, newest: str) -> None:
        if newest > self._newest:
            self._newest = newest
            self._bound = (date.fromisoformat(newest[:10]) - timedelta(days=_LATE_DAYS)).isoformat()
