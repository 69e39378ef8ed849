"""The log against heads that stand outside the database: the signer's own, and kept checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from audit import keyring
from audit.models import Entry
from audit.origins import PREFIX, Tree, trees
from audit.signed_head import SignedHead, SignedHeadUnreadable, remembered
from audit.tiles import TileMissing, root_of
from audit.tree.notes import NoteError, parse_checkpoint, parse_note, verify_note
from audit.verification.findings import Deed, Finding


class NotACheckpoint(ValueError):
    """This is not a checkpoint of this school's log."""


@dataclass(frozen=True, kw_only=True)
class Restore:
    """A restore that was declared: what of the former log came back, and what is known to be lost.

    `leaf` is that of the entry that declares it; sizes are numbers of entries.
    """

    leaf: int
    former: str
    backup_size: int
    backup_root: str
    known_size: int


def kept_checkpoint(text: str) -> SignedHead:
    """The head in a checkpoint that was kept outside; raises NotACheckpoint.

    Only the school's own signature counts, whoever brings the file. Mail programs save it with the
    line ends of their system.
    """
    try:
        note = parse_note(text.replace("\r\n", "\n"))
        body = parse_checkpoint(note.text)
        signed = verify_note(note, body.origin, keyring.ring().public_key)
    except NoteError as error:
        raise NotACheckpoint(f"The file is not a checkpoint: {error}") from error
    if not signed:
        raise NotACheckpoint("The checkpoint in the file is not signed by this school's key.")
    return SignedHead(origin=body.origin, size=body.size, root=body.root)


def wrong_beside(head: SignedHead, whose: str) -> Iterator[Finding]:
    """What a head from outside shows to have been done; `whose` says in words whose head it is."""
    known = trees()
    tree = next((tree for tree in known if tree.name == head.origin), None)
    if tree is None:
        yield Finding(
            deed=Deed.ROLLED_BACK,
            sentence=(
                f"{whose} is of the log {head.origin}, which this database does not know: it was "
                "rolled back to before that log began, or is another school's."
            ),
        )
    elif head.size > tree.size:
        yield from _too_short(tree, head, whose)
    elif _root(tree, head.size) != head.root:
        yield Finding(
            deed=Deed.REWRITTEN,
            leaf=tree.first,
            sentence=(
                f"{whose} over {head.size} entries does not fit the log: what stands before entry "
                f"{head.size} was rewritten since."
            ),
        )


def wrong_memory() -> Iterator[Finding]:
    """The log against the last head that this machine signed."""
    try:
        last = remembered()
    except SignedHeadUnreadable as error:
        yield Finding(deed=Deed.CHANGED, sentence=str(error))
        return
    if last is not None:
        yield from wrong_beside(last, "The head that this machine signed last")


def restores() -> list[Restore]:
    """Every restore that was declared, oldest first."""
    known = trees()
    return [_restore(tree) for tree in known[1:] if _declaration(tree)]


def wrong_restores() -> Iterator[Finding]:
    """Origins that no declaration begins, or whose declaration does not fit the former log."""
    known = trees()
    for former, tree in pairwise(known):
        if _declaration(tree) is None:
            yield Finding(
                deed=Deed.FORGED,
                leaf=tree.first,
                sentence=f"The log {tree.name} does not begin by declaring a restore.",
            )
            continue
        told = _restore(tree)
        if (told.former, told.backup_size) != (former.name, former.size) or (
            told.backup_root != (_root(former, former.size) or b"").hex()
        ):
            yield Finding(
                deed=Deed.REWRITTEN,
                leaf=former.first,
                sentence=f"What was restored before leaf {tree.first} is not what was declared.",
            )


def _too_short(tree: Tree, head: SignedHead, whose: str) -> Iterator[Finding]:
    """Fewer entries than the head covers: declared, or a roll-back."""
    declared = [one for one in restores() if one.former == tree.name]
    if declared and declared[0].known_size >= head.size:
        return
    yield Finding(
        deed=Deed.ROLLED_BACK,
        leaf=tree.first + tree.size,
        sentence=(
            f"{whose} covers {head.size} entries, and the log holds only {tree.size}: it was "
            f"rolled back, and the entries from {tree.size} on are gone."
        ),
    )


def _root(tree: Tree, size: int) -> bytes | None:
    try:
        return root_of(tree, size)
    except TileMissing:
        return None


def _declaration(tree: Tree) -> Entry | None:
    return Entry.objects.filter(leaf__number=tree.first, action="log.restored").first()


def _restore(tree: Tree) -> Restore:
    entry = _declaration(tree)
    facts = entry.facts if entry else {}
    return Restore(
        leaf=tree.first,
        former=f"{PREFIX}{facts['former_origin']}",
        backup_size=facts["backup_size"],
        backup_root=facts["backup_root"],
        known_size=facts["known_size"],
    )
