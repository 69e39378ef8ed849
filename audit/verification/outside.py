"""The log against heads that stand outside the database: the signer's own, and kept checkpoints."""

from collections.abc import Iterator

from audit import keyring
from audit.declarations import is_accounted_for
from audit.models import Checkpoint
from audit.origins import current_tree, trees
from audit.signed_head import SignedHead, SignedHeadUnreadable, remembered
from audit.signing import NOTE_FORM
from audit.tiles import TileMissing
from audit.tree.notes import NoteError, parse_checkpoint, parse_note, signatures_by, verify_note
from audit.verification.findings import Deed, Finding


class NotACheckpoint(ValueError):
    """This is not a checkpoint of this school's log."""


def kept_checkpoint(text: str) -> SignedHead:
    """The head in a checkpoint that was kept outside; raises NotACheckpoint.

    Only the school's own signature counts, whoever brings the file. Mail programs save it with the
    line ends of their system.
    """
    try:
        note = parse_note(text.replace("\r\n", "\n"))
        body = parse_checkpoint(note.text)
        key = keyring.ring().public_key
        signed = verify_note(note, body.origin, key)
    except NoteError as error:
        raise NotACheckpoint(f"The file is not a checkpoint: {error}") from error
    if not signed:
        raise NotACheckpoint("The checkpoint in the file is not signed by this school's key.")
    (signature, *_) = signatures_by(note, body.origin, key)
    return SignedHead(origin=body.origin, size=body.size, root=body.root, signature=signature)


def wrong_beside(head: SignedHead, whose: str) -> Iterator[Finding]:
    """What a head from outside shows to have been done; `whose` says in words whose head it is."""
    known = trees()
    try:
        if is_accounted_for(head, known):
            return
    except TileMissing:
        pass  # what is missing is named where the tree is walked through
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
        yield Finding(
            deed=Deed.ROLLED_BACK,
            leaf=tree.first + tree.size,
            sentence=(
                f"{whose} covers {head.size} entries, and the log holds only {tree.size}: it was "
                f"rolled back, and the entries from {tree.size} on are gone."
            ),
        )
    else:
        yield Finding(
            deed=Deed.REWRITTEN,
            leaf=tree.first,
            sentence=(
                f"{whose} over {head.size} entries does not fit the log: what stands before entry "
                f"{head.size} was rewritten since."
            ),
        )


def wrong_memory() -> Iterator[Finding]:
    """The log against the last head that this machine signed, and that there is one."""
    try:
        last = remembered()
    except SignedHeadUnreadable as error:
        yield Finding(deed=Deed.CHANGED, sentence=str(error))
        return
    if last is not None:
        yield from wrong_beside(last, "The head that this machine signed last")
        return
    tree = current_tree()
    if tree and Checkpoint.objects.filter(origin=tree.origin, form=NOTE_FORM).exists():
        yield Finding(
            deed=Deed.REMOVED,
            sentence=(
                "What this machine remembers of the head that it signed last (signed-head.json "
                "beside the keyring) was removed: without it a roll-back goes unnoticed here."
            ),
        )
