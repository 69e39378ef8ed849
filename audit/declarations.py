"""Declared restores: which heads the log holds, and which it says it has lost.

A log that was put back to a backup goes on under a new name, and its first entry says what came
back and which signed head is known to be lost (`audit.restores`). The head is named with its
signature, so that nobody without the school's key declares one that there never was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audit.actions import Action
from audit.models import Entry
from audit.origins import PREFIX, Tree, trees
from audit.signed_head import SignedHead
from audit.tiles import holds


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What the first entry of a log says of the one before it.

    Attributes:
        leaf: that of the entry.
        origin: the name of the log that it begins.
        former: the name of the log that came back, `backup_size` entries under `backup_root`.
        known: the newest head that had been signed; None where none was known.
    """

    leaf: int
    origin: str
    former: str
    backup_size: int
    backup_root: bytes
    known: SignedHead | None

    @property
    def lost(self) -> int:
        """How many entries had been signed for and did not come back, as far as one knows: where
        the head is of a later log than the one that came back, at least all of that log's."""
        if self.known is None:
            return 0
        came_back = self.backup_size if self.known.origin == self.former else 0
        return max(0, self.known.size - came_back)


def declaration_of(tree: Tree) -> Declaration | None:
    """The declaration that a log begins with; None where it begins with anything else."""
    entry = Entry.objects.filter(
        leaf__number=tree.first, action=Action.LOG_RESTORED, facts__has_key="backup_root"
    ).first()
    if entry is None:
        return None
    try:
        return _read(tree, entry)
    except (KeyError, TypeError, ValueError):  # not of the form that is recorded
        return None


def declarations(known: Sequence[Tree] | None = None) -> list[Declaration]:
    """Every restore that was declared, oldest first."""
    found = map(declaration_of, (known or trees())[1:])
    return [one for one in found if one is not None]


def is_accounted_for(head: SignedHead, known: Sequence[Tree] | None = None) -> bool:
    """Whether the log holds what was signed under this head, or says that it has lost it.

    Raises TileMissing where the log is damaged below it.
    """
    known = known or trees()
    tree = next((tree for tree in known if tree.name == head.origin), None)
    if tree and holds(tree, head.size, head.root):
        return True
    within = tree is not None and head.size <= tree.size
    return any(_covers(one.known, head, exactly=within) for one in declarations(known) if one.known)


def _covers(known: SignedHead, head: SignedHead, *, exactly: bool) -> bool:
    """Of a log that is longer, only the very head that was declared is accounted for by it."""
    if known.origin != head.origin:
        return False
    if exactly or known.size == head.size:
        return known == head
    return known.size > head.size


def _read(tree: Tree, entry: Entry) -> Declaration:
    facts = entry.facts
    known = None
    if facts["known_root"] is not None:
        known = SignedHead(
            origin=_name(facts["known_origin"]),
            size=int(facts["known_size"]),
            root=bytes.fromhex(facts["known_root"]),
            signature=bytes.fromhex(facts["known_signature"]),
        )
    return Declaration(
        leaf=tree.first,
        origin=_name(facts["origin"]),
        former=_name(facts["former_origin"]),
        backup_size=int(facts["backup_size"]),
        backup_root=bytes.fromhex(facts["backup_root"]),
        known=known,
    )


def _name(uid: str) -> str:
    return f"{PREFIX}{UUID(uid)}"
