"""Attacks on entries, leaves, tiles and heads, by the owner of the database."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from audit.entries import leaf_of
from audit.models import Checkpoint, Entry, Item, Leaf, Tile
from tests.attacks.attack import Attack
from tests.attacks.rewriting import make_tiles_anew, renumber
from tests.attacks.world import World, copy_of, enter, entry_at, run

#: In the middle of the log, and far from any tile's edge.
MIDDLE = 4_321
FAR = 4 * 10**18


def _set(entry: Entry, **values: object) -> None:
    Entry.objects.filter(id=entry.id).update(**values)


def _change_a_fact(_world: World) -> None:
    _set(entry_at(MIDDLE), facts={"method": "mfa"})


def _change_a_fact_and_all_stored_hashes(_world: World) -> None:
    entry = entry_at(MIDDLE)
    entry.facts = {"method": "mfa"}
    _set(entry, facts=entry.facts, hash=leaf_of(entry))
    Leaf.objects.filter(entry=entry).update(hash=leaf_of(entry))


def _change_below_a_millisecond(_world: World) -> None:
    entry = entry_at(MIDDLE)
    _set(entry, at=entry.at + timedelta(microseconds=1))


def _change_a_fact_and_the_tree(world: World) -> None:
    _change_a_fact_and_all_stored_hashes(world)
    make_tiles_anew()


def _change_a_commitment(world: World) -> None:
    entry = Entry.objects.get(action="message.posted", subject=world.texts()[1].id)
    _set(entry, facts={**entry.facts, "message_commitment": "0" * 64})


def _say_it_was_never(_world: World) -> None:
    run("UPDATE audit_entry SET at = '-infinity' WHERE id = %s", entry_at(MIDDLE).id)


def _swap_two(_world: World) -> None:
    one, other = entry_at(MIDDLE), entry_at(MIDDLE + 700)
    run("UPDATE audit_leaf SET entry_id = -1 WHERE entry_id = %s", one.id)
    run("UPDATE audit_leaf SET entry_id = %s WHERE entry_id = %s", one.id, other.id)
    run("UPDATE audit_leaf SET entry_id = %s WHERE entry_id = -1", other.id)


def _delete(leaf: int) -> None:
    entry = entry_at(leaf)
    Leaf.objects.filter(number=leaf).delete()
    Entry.objects.filter(id=entry.id).delete()


def _delete_the_last(_world: World) -> None:
    _delete(Leaf.objects.latest("number").number)


def _delete_one_and_renumber(_world: World) -> None:
    _delete(MIDDLE)
    renumber()


def _delete_only_the_entry(_world: World) -> None:
    _set(entry_at(MIDDLE), id=FAR)


def _insert_in_the_past(_world: World) -> None:
    made = copy_of(entry_at(MIDDLE))
    made.save(force_insert=True)
    run("UPDATE audit_leaf SET number = number + %s WHERE number >= %s", FAR, MIDDLE)
    run("UPDATE audit_leaf SET number = number + 1 - %s WHERE number >= %s", FAR, FAR)
    Leaf.objects.create(number=MIDDLE, entry=made, hash=made.hash)


def _insert_beside_the_tree(_world: World) -> None:
    copy_of(entry_at(MIDDLE)).save(force_insert=True)


def _insert_before_the_beginning(_world: World) -> None:
    run("ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_numbered")
    made = copy_of(entry_at(MIDDLE))
    made.save(force_insert=True)
    Leaf.objects.create(number=-7, entry=made, hash=made.hash)


def _insert_far_beyond_the_end(_world: World) -> None:
    made = copy_of(entry_at(MIDDLE))
    made.save(force_insert=True)
    Leaf.objects.create(number=FAR, entry=made, hash=made.hash)


def _cut_a_tile(_world: World) -> None:
    run("UPDATE audit_tile SET hashes = substr(hashes, 1, 100) WHERE level = 0 AND index = 3")


def _delete_a_tile(_world: World) -> None:
    Tile.objects.filter(level=0, index=3).delete()


def _number_an_item_below_zero(_world: World) -> None:
    run("ALTER TABLE audit_item DROP CONSTRAINT audit_item_numbered")
    Item.objects.filter(id=Item.objects.earliest("id").id).update(version=-1)


def _delete_a_published_head(world: World) -> None:
    Checkpoint.objects.filter(pk=world.yesterday.pk)._raw_delete("default")


def _forge_a_restore(world: World) -> None:
    """Delete the last entries, and say that a backup was put back."""
    facts = {
        "origin": str(uuid7()),
        "former_origin": str(uuid7()),
        "backup_size": world.yesterday.size,
        "backup_root": "0" * 64,
        "known_origin": None,
        "known_size": 10**9,
        "known_root": None,
        "known_signature": None,
        "gap": 0,
    }
    enter(copy_of(entry_at(MIDDLE), action="log.restored", actor=None, facts=facts))


ATTACKS = (
    Attack(name="change a fact", do=_change_a_fact, said=(f"leaf {MIDDLE}", "changed")),
    Attack(
        name="change a fact and every hash stored for it",
        do=_change_a_fact_and_all_stored_hashes,
        said=(f"leaf {MIDDLE}", "changed"),
    ),
    Attack(
        name="change a time below a millisecond",
        do=_change_below_a_millisecond,
        said=(f"leaf {MIDDLE}", "changed"),
    ),
    Attack(
        name="change a time to one that there is not",
        do=_say_it_was_never,
        said=(f"leaf {MIDDLE}", "changed"),
    ),
    Attack(
        name="change a fact and the tree", do=_change_a_fact_and_the_tree, said=("was rewritten",)
    ),
    Attack(name="change a commitment", do=_change_a_commitment, said=("changed",)),
    Attack(
        name="swap two entries",
        do=_swap_two,
        said=(f"stands at leaf {MIDDLE}, but was sealed as leaf {MIDDLE + 700}", "order"),
    ),
    Attack(name="delete the last", do=_delete_the_last, said=("has lost entries", "The last 1 ")),
    Attack(
        name="delete one and renumber",
        do=_delete_one_and_renumber,
        said=(f"sealed as leaf {MIDDLE} was removed",),
    ),
    Attack(
        name="delete an entry and leave its leaf",
        do=_delete_only_the_entry,
        said=(f"sealed as leaf {MIDDLE}, was removed",),
    ),
    Attack(
        name="insert one in the past",
        do=_insert_in_the_past,
        said=(f"was inserted at leaf {MIDDLE}",),
    ),
    Attack(
        name="insert one beside the tree", do=_insert_beside_the_tree, said=("was inserted past",)
    ),
    Attack(
        name="insert before the beginning",
        do=_insert_before_the_beginning,
        said=("before the beginning",),
    ),
    Attack(
        name="insert far beyond the end",
        do=_insert_far_beyond_the_end,
        said=(f"up to leaf {FAR}", "inserted beyond the end"),
    ),
    Attack(name="cut a tile short", do=_cut_a_tile, said=("tile 0/3", "changed")),
    Attack(name="delete a tile", do=_delete_a_tile, said=("The tile over leaf 768", "missing")),
    Attack(
        name="give an item a number that there is not",
        do=_number_an_item_below_zero,
        said=("The items of entry", "altered"),
    ),
    Attack(
        name="delete a head that was published",
        do=_delete_a_published_head,
        said=("which was published, was removed",),
    ),
    Attack(
        name="forge a declared restore",
        do=_forge_a_restore,
        said=("declares a restore", "forged"),
    ),
)
