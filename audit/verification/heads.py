"""Every head that was ever signed, held against the tree as it is walked through."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from audit import keyring
from audit.checkpoints import signature_holds
from audit.models import Checkpoint
from audit.origins import Tree, trees
from audit.verification.findings import Deed, Finding

_AT_ONCE: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Roots:
    """The root over so many leaves, by the sealed hashes, and by what the entries say now."""

    sealed: bytes
    said: bytes | None


class Heads:
    """The signed heads of one tree in the order of their sizes."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._heads = _of(tree)
        self._next = next(self._heads, None)
        self._ring = keyring.ring()
        self._good = 0
        self._wrong = 0
        self._unsigned = 0

    def wanted(self) -> int | None:
        """The size of the next head, None after the last."""
        return None if self._next is None else self._next.size

    def meet(self, roots: Roots) -> Iterator[Finding]:
        """Hold the next head, if there is one, against the roots over its size."""
        head, self._next = self._next, next(self._heads, None)
        if head is None:
            return
        yield from self._check_signature(head)
        if bytes(head.root) == roots.sealed:
            self._good = head.size
        elif bytes(head.root) == roots.said:
            yield self._stored_hashes_changed(head)
            self._good = head.size
        else:
            yield from self._misfit(head)

    def left(self) -> Iterator[Finding]:
        """What remains when all leaves are through: heads over more than there are."""
        left = [head for head in (self._next, *self._heads) if head is not None]
        there = next((tree.size for tree in trees() if tree.origin == self._tree.origin), 0)
        lost = [head for head in left if head.size > there]  # the log grew while it was read
        for head in lost:
            yield from self._check_signature(head)
        if lost:
            most = max(head.size for head in lost)
            yield Finding(
                deed=Deed.REMOVED,
                leaf=self._tree.first + self._tree.size,
                sentence=(
                    f"The checkpoint of {_when(lost[-1].at)} over {most} entries has lost entries: "
                    f"only {self._tree.size} are there. The last {most - self._tree.size} were "
                    "removed, or the log was rolled back."
                ),
            )
        yield from self._counts()

    def _check_signature(self, head: Checkpoint) -> Iterator[Finding]:
        key = self._ring.public_key
        if signature_holds(head, origin=self._tree.name, public_key=key):
            return
        self._unsigned += 1
        if self._unsigned == 1:
            yield Finding(
                deed=Deed.FORGED,
                leaf=self._tree.first + head.size,
                sentence=(
                    f"The checkpoint of {_when(head.at)} over {head.size} entries is not signed "
                    "by this school's key: it was forged."
                ),
            )

    def _misfit(self, head: Checkpoint) -> Iterator[Finding]:
        self._wrong += 1
        if self._wrong == 1:
            first = self._tree.first + self._good
            yield Finding(
                deed=Deed.REWRITTEN,
                leaf=first,
                sentence=(
                    f"The checkpoint of {_when(head.at)} over {head.size} entries does not fit the "
                    f"entries before it: the log was rewritten between leaf {first} and leaf "
                    f"{self._tree.first + head.size - 1}."
                ),
            )

    def _stored_hashes_changed(self, head: Checkpoint) -> Finding:
        first = self._tree.first + self._good
        return Finding(
            deed=Deed.CHANGED,
            leaf=first,
            sentence=(
                f"Stored hashes of the tree between leaf {first} and leaf "
                f"{self._tree.first + head.size - 1} were changed; the entries say what was signed."
            ),
        )

    def _counts(self) -> Iterator[Finding]:
        for many, what in ((self._wrong, "do not fit"), (self._unsigned, "are not signed by it")):
            if many > 1:
                sentence = f"Of all checkpoints of {self._tree.name}, {many} {what}."
                yield Finding(deed=Deed.REWRITTEN, sentence=sentence)


def _of(tree: Tree) -> Iterator[Checkpoint]:
    """Read on as they are met: there can be millions."""
    after = -1
    while True:
        found = Checkpoint.objects.filter(origin=tree.origin, size__gt=after).order_by("size")
        batch = deque(found[:_AT_ONCE])
        if not batch:
            return
        after = batch[-1].size
        yield from batch


def _when(at: datetime) -> str:
    return timezone.localtime(at).strftime("%-d %B %Y, %H:%M")
