"""The origin of the log: the name that its signed heads bear, and where its tree begins."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Max

from audit import keyring
from audit.clock import now
from audit.models import Leaf, Origin

PREFIX: Final = "schoolchat/"


@dataclass(frozen=True, kw_only=True)
class Tree:
    """The tree of one origin as it stands: `size` leaves from leaf number `first` on."""

    origin: int
    name: str
    first: int
    size: int


def next_leaf() -> int:
    """The number that the next leaf gets."""
    newest = Leaf.objects.aggregate(newest=Max("number"))["newest"]
    return 0 if newest is None else newest + 1


def current_tree() -> Tree | None:
    """The tree that grows, or None before anything was sealed."""
    origin = Origin.objects.order_by("-number").first()
    return _tree(origin, next_leaf()) if origin else None


def trees() -> list[Tree]:
    """The trees of all origins, oldest first: each ends where the next one begins."""
    origins = list(Origin.objects.order_by("number"))
    if not origins:
        return []
    ends = [*(origin.first_leaf for origin in origins[1:]), next_leaf()]
    return [_tree(origin, end) for origin, end in zip(origins, ends, strict=True)]


def begun_tree() -> Tree:
    """The tree that grows; the first origin is named here, after the keyring's id of the log."""
    if (tree := current_tree()) is not None:
        return tree
    name = f"{PREFIX}{keyring.ring().origin}"
    first = Origin.objects.create(number=1, name=name, first_leaf=0, started_at=now())
    return _tree(first, next_leaf())


def _tree(origin: Origin, end: int) -> Tree:
    return Tree(
        origin=origin.number,
        name=origin.name,
        first=origin.first_leaf,
        size=end - origin.first_leaf,
    )
