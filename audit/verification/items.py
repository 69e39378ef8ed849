"""The items of bulk acts against the root in each act's entry."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from audit.entries import ItemOfAct, item_leaf
from audit.models import Entry, Item
from audit.statements import ask, statement_of
from audit.tree.frontier import Frontier
from audit.verification.findings import Deed, Finding

_ITEMS: Final = statement_of(Path(__file__).parent.parent / "sql" / "items_after.sql")
_AT_ONCE: Final = 20_000
_BELOW_ALL: Final = -(1 << 62)  # also what somebody put where the log never begins

#: What an item's leaf has room for; anything else was never hashed.
_VERSIONS: Final = range(2**32)
_NO_ITEM: Final = b""

type _Item = tuple[int, int, UUID, int, bytes]


def wrong_items() -> Iterator[Finding]:
    """A sentence for each act whose items no longer give its root, or that has none any more."""
    acts = Entry.objects.filter(facts__has_key="root").order_by("id")
    roots = acts.values_list("id", "uid", "facts").iterator(_AT_ONCE)
    act: Any = next(roots, None)
    for number, items in groupby(_items(), key=itemgetter(0)):
        while act is not None and act[0] < number:
            yield from _held_against(act, Frontier())
            act = next(roots, None)
        tree = _tree(items)
        if act is None or act[0] > number:
            yield from _stray(number)
            continue
        yield from _held_against(act, tree)
        act = next(roots, None)
    while act is not None:
        yield from _held_against(act, Frontier())
        act = next(roots, None)


def _items() -> Iterator[_Item]:
    entry, index = _BELOW_ALL, -1
    while True:
        found: list[Any] = ask(_ITEMS, {"entry": entry, "index": index, "most": _AT_ONCE})
        if not found:
            return
        yield from found
        entry, index = found[-1][:2]


def _tree(items: Iterator[_Item]) -> Frontier:
    tree = Frontier()
    for _, _, subject, version, commitment in items:
        item = ItemOfAct(subject=subject, version=version, commitment=commitment)
        tree.append(item_leaf(item) if version in _VERSIONS else _NO_ITEM)
    return tree


def _held_against(act: tuple[int, UUID, dict[str, Any]], tree: Frontier) -> Iterator[Finding]:
    number, uid, facts = act
    entered = facts.get("count")
    if type(entered) is int and tree.size == entered and tree.root().hex() == facts["root"]:
        return
    deed = Deed.CHANGED
    if type(entered) is int and tree.size != entered:
        deed = Deed.REMOVED if tree.size < entered else Deed.INSERTED
    yield Finding(
        deed=deed,
        sentence=(
            f"The items of entry {number} ({uid}) were altered: {entered} were entered, "
            f"{tree.size} are there."
        ),
    )


def _stray(number: int) -> Iterator[Finding]:
    """Items of no act; those of one that was entered while the items were read are none."""
    if Entry.objects.filter(id=number, facts__has_key="root").exists():
        return
    known = Entry.objects.filter(id=number).exists()
    what = "which is no act over several things" if known else "which is not in the log"
    many = Item.objects.filter(entry=number).count()
    sentence = f"{many} items were inserted for entry {number}, {what}."
    yield Finding(deed=Deed.INSERTED, sentence=sentence)
