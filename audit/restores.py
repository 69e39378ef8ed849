"""Declaring a restore: the log goes on under a new name, and says first what came back.

Whoever restores an older database has lost entries that were signed for. Undeclared, that is a
roll-back, and nothing is signed over it. Declared, the new log's first entry commits to what the
backup held, to the newest head known to have been signed, and to the gap between.
"""

from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from audit import keyring
from audit.actions import Action
from audit.checkpoints import signature_holds
from audit.clock import now
from audit.declarations import is_accounted_for
from audit.models import Entry, Leaf, Origin, Unsealed
from audit.origins import PREFIX, Tree, current_tree
from audit.sealing import lock_tree
from audit.services import record
from audit.signed_head import SignedHead, SignedHeadUnreadable, remembered, sign
from audit.signing import newest_of
from audit.tiles import root_of


class NothingToRestore(Exception):
    """There is no log yet: nothing was restored."""


@transaction.atomic
def declare_restore(*, known: SignedHead | None = None) -> Entry:
    """Begin a new log over the restored one, and return its first entry.

    `known` is the newest head that anybody outside has kept, verified; the signer's own comes
    before it. What still waits for the sealer becomes part of the new log, behind the declaration.
    Raises NothingToRestore, or SignedHeadUnreadable where the signer's own head is not signed.
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
        former_origin=_uid(tree.name),
        backup_size=tree.size,
        backup_root=root_of(tree),
        known_origin=_uid(newest.origin) if newest else None,
        known_size=newest.size if newest else None,
        known_root=newest.root if newest else None,
        known_signature=newest.signature.hex() if newest else None,
        gap=_gap(tree, newest),
    )
    first = tree.first + tree.size
    Origin.objects.create(
        number=tree.origin + 1, name=f"{PREFIX}{origin}", first_leaf=first, started_at=now()
    )
    Leaf.objects.create(number=first, entry=entry, hash=entry.hash)
    Unsealed.objects.filter(entry=entry).delete()
    return entry


def _newest_known(tree: Tree, known: SignedHead | None) -> SignedHead | None:
    """What was signed and is lost: the signer's own last head, or the one that somebody kept; where
    nothing is lost, the newest head that the backup holds, unless that was forged."""
    for head in (remembered(), known):
        if head and not is_accounted_for(head):
            longer = known and known.origin == head.origin and known.size > head.size
            lost = known if known and longer else head
            if not lost.is_signed():
                raise SignedHeadUnreadable
            return lost
    kept = newest_of(tree)
    key = keyring.ring().public_key
    if kept is None or not signature_holds(kept, origin=tree.name, public_key=key):
        return None
    # Heads of before there were notes were signed in another form: the same is said again.
    return sign(tree.name, kept.size, bytes(kept.root))


def _gap(tree: Tree, newest: SignedHead | None) -> int:
    """Entries that were signed for and did not come back (`Declaration.lost`)."""
    if newest is None:
        return 0
    return max(0, newest.size - (tree.size if newest.origin == tree.name else 0))


def _uid(name: str) -> UUID:
    return UUID(name.removeprefix(PREFIX))
