"""Declared restores: whether each is where one belongs, and says what is true."""

from collections.abc import Iterator
from itertools import pairwise

from audit.actions import Action
from audit.declarations import Declaration, declaration_of
from audit.models import Entry
from audit.origins import Tree, trees
from audit.tiles import TileMissing, holds
from audit.verification.findings import Deed, Finding


def wrong_restores() -> Iterator[Finding]:
    """Logs that no declaration begins, untrue declarations, and those that begin no log."""
    known = trees()
    for former, tree in pairwise(known):
        told = declaration_of(tree)
        if told is None:
            yield Finding(
                deed=Deed.FORGED,
                leaf=tree.first,
                sentence=f"The log {tree.name} does not begin by declaring a restore.",
            )
        else:
            yield from _wrong(told, former, tree, known)
    yield from _beginning_none(known)


def _wrong(told: Declaration, former: Tree, tree: Tree, known: list[Tree]) -> Iterator[Finding]:
    if told.origin != tree.name:
        yield _forged(told, f"is of the log {told.origin}, and stands at the beginning of another")
    if (told.former, told.backup_size) != (former.name, former.size) or not _holds(
        former, told.backup_size, told.backup_root
    ):
        yield Finding(
            deed=Deed.REWRITTEN,
            leaf=former.first,
            sentence=f"What was restored before leaf {tree.first} is not what was declared.",
        )
    head = told.known
    if head and not head.is_signed():
        yield _forged(told, "names a lost head that this school's key has never signed")
    of_it = next((one for one in known if head and one.name == head.origin), None)
    if head and of_it and head.size <= of_it.size and not _holds(of_it, head.size, head.root):
        yield Finding(
            deed=Deed.REWRITTEN,
            leaf=of_it.first,
            sentence=(
                f"When a restore was declared at leaf {told.leaf}, the log did not hold the "
                f"{head.size} entries that had been signed for: they had been rewritten."
            ),
        )


def _holds(tree: Tree, size: int, root: bytes) -> bool:
    """Not where leaves are missing, either."""
    try:
        return holds(tree, size, root)
    except TileMissing:
        return False


def _beginning_none(known: list[Tree]) -> Iterator[Finding]:
    """Declarations in the middle of a log, which the product never writes."""
    begins = [tree.first for tree in known[1:]]
    stray = Entry.objects.filter(action=Action.LOG_RESTORED).exclude(leaf__number__in=begins)
    for entry in stray.order_by("id"):
        yield Finding(
            deed=Deed.FORGED,
            sentence=(
                f"Entry {entry.pk} ({entry.uid}) declares a restore, and no log begins with it: it "
                "was forged."
            ),
        )


def _forged(told: Declaration, what: str) -> Finding:
    sentence = f"The restore that is declared at leaf {told.leaf} was forged: it {what}."
    return Finding(deed=Deed.FORGED, leaf=told.leaf, sentence=sentence)
