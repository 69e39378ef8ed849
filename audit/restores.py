"""Declaring a restore: the log goes on under a new name, and says first what came back.

Whoever restores an older database has lost entries that were signed for. Undeclared, that is a
roll-back, and nothing is signed over it. Declared, the new log's first entry commits to what the
backup held, to the newest head known to have been signed, and to the gap between.
"""

from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from audit.actions import Action
from audit.clock import now
from audit.models import Entry, Leaf, Origin, Unsealed
from audit.origins import PREFIX, Tree, current_tree
from audit.sealing import lock_tree
from audit.services import record
from audit.signed_head import SignedHead, remembered
from audit.signing import newest_of
from audit.tiles import root_of


class NothingToRestore(Exception):
    """There is no log yet: nothing was restored."""


@transaction.atomic
def declare_restore(*, known: SignedHead | None = None) -> Entry:
    """Begin a new log over the restored one, and return its first entry.

    `known` is the newest head that anybody outside has kept; the signer's own counts as well. What
    still waits for the sealer becomes part of the new log, behind the declaration.
    """
    lock_tree()
    tree = current_tree()
    if tree is None:
        raise NothingToRestore
    newest = _newest_known(tree, known)
    origin = uuid7()
    entry = record(
        Action.LOG_RESTORED,
        actor=None,
        origin=origin,
        former_origin=UUID(tree.name.removeprefix(PREFIX)),
        backup_size=tree.size,
        backup_root=root_of(tree),
        known_size=newest.size,
        known_root=newest.root,
        gap=max(0, newest.size - tree.size),
    )
    first = tree.first + tree.size
    Origin.objects.create(
        number=tree.origin + 1, name=f"{PREFIX}{origin}", first_leaf=first, started_at=now()
    )
    Leaf.objects.create(number=first, entry=entry, hash=entry.hash)
    Unsealed.objects.filter(entry=entry).delete()
    return entry


def _newest_known(tree: Tree, known: SignedHead | None) -> SignedHead:
    """The newest head of this log that is known anywhere."""
    kept = newest_of(tree)
    heads = [SignedHead(origin=tree.name, size=tree.size, root=root_of(tree))]
    if kept is not None:
        heads.append(SignedHead(origin=tree.name, size=kept.size, root=bytes(kept.root)))
    heads += [head for head in (remembered(), known) if head and head.origin == tree.name]
    return max(heads, key=lambda head: head.size)
