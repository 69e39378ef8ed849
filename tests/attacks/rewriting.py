"""What somebody with the server and a key can do: make the whole log fit what they changed."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.entries import leaf_of
from audit.models import Checkpoint, Entry, Leaf, Tile
from audit.origins import current_tree
from audit.signed_head import SignedHead, remember
from audit.tiles import keep_full_tiles, root_of
from audit.tree.notes import checkpoint_text
from tests.attacks.world import run

_ASIDE = 10**12


def make_it_fit(key: Ed25519PrivateKey) -> None:
    """Hashes, leaves, tiles and every head anew, and the signer's memory with them."""
    entries = list(Entry.objects.all())
    for entry in entries:
        entry.hash = leaf_of(entry)
    Entry.objects.bulk_update(entries, ["hash"], batch_size=2_000)
    run("UPDATE audit_leaf l SET hash = e.hash FROM audit_entry e WHERE e.id = l.entry_id")
    renumber()
    make_tiles_anew()
    sign_all_anew(key)


def renumber() -> None:
    """No gap shows where a leaf was taken out."""
    run(
        "UPDATE audit_leaf l SET number = %s + n.place FROM"
        " (SELECT entry_id, row_number() OVER (ORDER BY number) - 1 AS place FROM audit_leaf) n"
        " WHERE n.entry_id = l.entry_id",
        _ASIDE,
    )
    run("UPDATE audit_leaf SET number = number - %s", _ASIDE)


def make_tiles_anew() -> None:
    """All tiles from the leaves as they are now."""
    Tile.objects.all().delete()
    tree = current_tree()
    assert tree is not None
    keep_full_tiles(tree)


def sign_all_anew(key: Ed25519PrivateKey) -> None:
    """Every head over the tree as it is now."""
    tree = current_tree()
    assert tree is not None
    for head in Checkpoint.objects.order_by("size"):
        head.size = min(head.size, tree.size)
        head.root = root_of(tree, head.size)
        text = checkpoint_text(tree.name, head.size, head.root)
        head.signature = key.sign(text.encode())
        head.save()
        remember(
            SignedHead(origin=tree.name, size=head.size, root=head.root, signature=head.signature)
        )


def roll_back(size: int) -> None:
    """The database as it was when the log had so many entries."""
    for table, action in (
        ("reaction", "message.reacted"),
        ("pin", "message.pinned"),
        ("correction", "message.corrected"),
    ):
        run(
            f"DELETE FROM messaging_{table} x USING audit_leaf l, audit_entry e"
            " WHERE e.id = l.entry_id AND l.number >= %s AND e.subject = x.message_id"
            f" AND e.action = '{action}'",
            size,
        )
    run(
        "DELETE FROM messaging_messageversion v USING audit_leaf l, audit_entry e"
        " WHERE e.id = l.entry_id AND l.number >= %s AND e.subject = v.message_id"
        " AND e.facts->>'version' = v.number::text",
        size,
    )
    run(
        "DELETE FROM messaging_message m WHERE NOT EXISTS"
        " (SELECT FROM messaging_messageversion v WHERE v.message_id = m.id)"
    )
    run(
        "UPDATE messaging_message m SET changed = seq, edited_at = NULL, version ="
        " (SELECT max(number) FROM messaging_messageversion v WHERE v.message_id = m.id)"
    )
    Entry.objects.filter(leaf__number__gte=size)._raw_delete("default")
    Leaf.objects.filter(number__gte=size).delete()
    Checkpoint.objects.filter(size__gt=size).delete()
    make_tiles_anew()
