"""Proofs that leave the building: an entry, an item of a bulk act, or the words of one message.

Each is a C2SP tlog-proof file with all that is needed to check it by hand: the entry's canonical
JSON, its path to a signed head, and where it belongs, the item's path to the act's root and the
committed document with its salt.
"""

from collections.abc import Mapping
from typing import Any

from audit.canonical import canonical, plain
from audit.checkpoints import checkpoint_over, note_of
from audit.entries import ItemOfAct, document_of, item_leaf
from audit.models import Entry, Item, Leaf
from audit.origins import trees
from audit.tiles import nodes_of
from audit.tree import proof_file
from audit.tree.hashes import node_hash
from audit.tree.proofs import NodeAt, inclusion_path


def proof_of_entry(entry: Entry) -> str | None:
    """The proof of one entry; None while it is not under a signed head."""
    return _proof(entry, {})


def proof_of_item(item: Item) -> str | None:
    """The proof of one item of a bulk act, by its act's root and the act's entry."""
    return _proof(item.entry, {"item": _item_document(item)})


def proof_of_message(
    entry: Entry, *, document: Mapping[str, object], salt: bytes, item: Item | None = None
) -> str | None:
    """The proof of one version's words: whoever has it sees that version, and no other.

    `document` and `salt` are what the entry's, or the item's, commitment was made of.
    """
    extra: dict[str, object] = {"message": plain(document), "salt": salt.hex()}
    if item is not None:
        extra["item"] = _item_document(item)
    return _proof(entry, extra)


def _proof(entry: Entry, more: Mapping[str, object]) -> str | None:
    leaf = Leaf.objects.filter(entry=entry).first()
    checkpoint = checkpoint_over(leaf.number) if leaf else None
    if leaf is None or checkpoint is None:
        return None
    tree = next(tree for tree in trees() if tree.origin == checkpoint.origin)
    index = leaf.number - tree.first
    path = inclusion_path(index, checkpoint.size, nodes_of(tree))
    extra = canonical({"entry": document_of(entry), **more})
    return proof_file.compose(index, path, note_of(checkpoint), extra)


def _item_document(item: Item) -> dict[str, Any]:
    leaves = [
        item_leaf(
            ItemOfAct(subject=one.subject, version=one.version, commitment=bytes(one.commitment))
        )
        for one in Item.objects.filter(entry=item.entry_id).order_by("index").iterator(5_000)
    ]
    path = inclusion_path(item.index, len(leaves), _nodes_over(leaves))
    return {
        "index": item.index,
        "count": len(leaves),
        "path": [node.hex() for node in path],
        "subject": str(item.subject),
        "version": item.version,
        "commitment": bytes(item.commitment).hex(),
    }


def _nodes_over(leaves: list[bytes]) -> NodeAt:
    """Every perfect subtree over the leaves; each level is worked out once."""
    levels = [leaves]

    def node(level: int, index: int) -> bytes:
        while len(levels) <= level:
            below = levels[-1]
            levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
        return levels[level][index]

    return node
