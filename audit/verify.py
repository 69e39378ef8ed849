"""Recomputing the log: every entry's hash, every bulk act's root, every leaf and signed head."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from audit import keyring
from audit.checkpoints import signature_holds
from audit.entries import ItemOfAct, Line, item_leaf, leaf_of
from audit.models import Checkpoint, Entry, Item, Leaf, Unsealed
from audit.tree import Frontier

_CHUNK = 5_000


def wrong_entries() -> Iterator[str]:
    """A sentence for each entry whose content no longer gives its hash."""
    for entry in Entry.objects.order_by("id").iterator(_CHUNK):
        line = Line(
            uid=entry.uid,
            at=entry.at,
            action=entry.action,
            actor=entry.actor,
            subject=entry.subject,
            facts=entry.facts,
        )
        if leaf_of(line) != bytes(entry.hash):
            yield f"Entry {entry.id} ({entry.uid}) was altered: its hash no longer fits."


def wrong_items() -> Iterator[str]:
    """A sentence for each bulk act whose items no longer give its root."""
    for entry in Entry.objects.filter(facts__has_key="root").order_by("id").iterator(_CHUNK):
        tree = Frontier()
        for item in Item.objects.filter(entry=entry).order_by("index").iterator(_CHUNK):
            tree.append(item_leaf(_of(item)))
        if tree.size != entry.facts["count"] or tree.root().hex() != entry.facts["root"]:
            yield f"The items of entry {entry.id} ({entry.uid}) were altered."


def wrong_tree() -> Iterator[str]:
    """A sentence for each leaf out of place and each head that its leaves or key do not give."""
    ring = keyring.ring()
    heads = {checkpoint.size: checkpoint for checkpoint in Checkpoint.objects.all()}
    tree = Frontier()
    for leaf in Leaf.objects.select_related("entry").order_by("number").iterator(_CHUNK):
        if leaf.number != tree.size:
            yield f"Leaf {tree.size} is missing from the tree."
            return
        if bytes(leaf.hash) != bytes(leaf.entry.hash):
            yield f"Entry {leaf.entry_id} is not what was sealed as leaf {leaf.number}."
        tree.append(bytes(leaf.hash))
        if head := heads.pop(tree.size, None):
            yield from _wrong_head(head, tree, ring)
    for size in sorted(heads):
        yield f"The checkpoint over {size} entries has lost entries: only {tree.size} are there."


def wrong_queue() -> Iterator[str]:
    """A sentence for each entry that was kept out of the tree, with no leaf and waiting for none,
    and for each that was removed before it had one."""
    kept_out = Entry.objects.filter(leaf=None, unsealed=None).order_by("id")
    for entry in kept_out.iterator(_CHUNK):
        yield f"Entry {entry.id} ({entry.uid}) is in the log, but was kept out of the tree."
    there = Exists(Entry.objects.filter(id=OuterRef("entry_id")))
    gone = Unsealed.objects.exclude(there).order_by("entry_id")
    for number in gone.values_list("entry_id", flat=True):
        yield f"Entry {number} waited for the sealer, but is missing from the log."


def _wrong_head(head: Checkpoint, tree: Frontier, ring: keyring.Keyring) -> Iterator[str]:
    if bytes(head.root) != tree.root():
        yield f"The checkpoint over {head.size} entries does not fit the entries before it."
    if not signature_holds(head, origin=str(ring.origin), public_key=ring.public_key):
        yield f"The checkpoint over {head.size} entries is not signed by this school's key."


def _of(item: Item) -> ItemOfAct:
    return ItemOfAct(subject=item.subject, version=item.version, commitment=bytes(item.commitment))


def wrong_log() -> Iterator[str]:
    """Everything that is wrong with the log, in the order of the record."""
    yield from wrong_entries()
    yield from wrong_items()
    yield from wrong_tree()
    yield from wrong_queue()
