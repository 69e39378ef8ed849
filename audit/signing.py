"""Signing the head of the tree, and refusing to sign one that does not extend the last.

The leaves and tiles that a head covers are committed before it is signed, so that the last signed
head, remembered outside the database, never runs ahead of it. A database that lacks that head was
put back to an earlier state; until somebody declares so (`audit.restores`), nothing is signed.
"""

from django.db import transaction

from audit.clock import now
from audit.declarations import is_accounted_for
from audit.models import Checkpoint
from audit.origins import Tree, current_tree
from audit.sealing import lock_tree, seal_all
from audit.signed_head import SignedHeadMissing, remember, remembered, sign
from audit.tiles import holds, root_of

NOTE_FORM = 2


class LogRolledBack(Exception):
    """The database lacks what was signed before: it was put back to an earlier state, or altered.
    Nothing is signed until the restore is declared (manage.py declare_restore)."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


@transaction.atomic
def sign_head() -> Checkpoint | None:
    """Sign the tree as it stands, and return the newest checkpoint; None while it is empty.

    Raises LogRolledBack where the tree does not extend the last signed head, SignedHeadMissing
    where nothing remembers it.
    """
    lock_tree()
    tree = current_tree()
    if tree is None or not tree.size:
        return None
    check_extends()
    newest = Checkpoint.objects.filter(origin=tree.origin, size=tree.size).first()
    return newest or _sign(tree)


def sign_checkpoint() -> Checkpoint | None:
    """Seal whatever waits, and sign the head."""
    seal_all()
    return sign_head()


def check_extends() -> None:
    """Raise LogRolledBack unless the tree extends every head that is known to have been signed, and
    SignedHeadMissing where it was signed before and nothing remembers that."""
    last = remembered()
    if last and not is_accounted_for(last):
        raise LogRolledBack
    tree = current_tree()
    kept = newest_of(tree) if tree else None
    if last is None and kept and kept.form == NOTE_FORM:
        raise SignedHeadMissing
    if not kept:
        return
    tree = current_tree()  # as it is now: another machine's sealer may have signed meanwhile
    if tree and tree.origin == kept.origin and not holds(tree, kept.size, bytes(kept.root)):
        raise LogRolledBack


def newest_of(tree: Tree) -> Checkpoint | None:
    """The newest checkpoint of an origin."""
    return Checkpoint.objects.filter(origin=tree.origin).order_by("-size").first()


def _sign(tree: Tree) -> Checkpoint:
    head = sign(tree.name, tree.size, root_of(tree))
    remember(head)
    return Checkpoint.objects.create(
        at=now(),
        origin=tree.origin,
        size=head.size,
        root=head.root,
        form=NOTE_FORM,
        signature=head.signature,
    )
