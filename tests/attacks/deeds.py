"""What an attacker does to the record, and what has to be said of it.

The attacker is the owner of the database with the triggers off; for the last ones, root on the
server with a key.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from uuid_utils.compat import uuid7

from audit import keyring
from audit.entries import leaf_of
from audit.models import Entry, Leaf
from audit.signed_head import SignedHead, head_file
from messaging.models import Message, MessageVersion
from retention.models import Certificate
from tests.attacks.rewriting import make_it_fit, make_tiles_anew, renumber, roll_back
from tests.attacks.world import World, copy_of, entry_at, run

#: In the middle of the log, and far from any tile's edge.
MIDDLE = 4_321


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What is done, and what the first sentence about it must hold.

    With `outside` the governors' newest checkpoint is brought, without which nobody could know.
    """

    name: str
    do: Callable[[World], object]
    said: tuple[str, ...]
    outside: Callable[[World], SignedHead] | None = None
    silent_without: bool = field(default=False)


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
    _set(entry_at(MIDDLE), id=0)


def _insert_in_the_past(_world: World) -> None:
    before = entry_at(MIDDLE)
    made = copy_of(before, at=before.at)
    made.save(force_insert=True)
    run("UPDATE audit_leaf SET number = -number WHERE number >= %s", MIDDLE)
    run("UPDATE audit_leaf SET number = 1 - number WHERE number < 0")
    Leaf.objects.create(number=MIDDLE, entry=made, hash=made.hash)


def _insert_beside_the_tree(_world: World) -> None:
    copy_of(entry_at(MIDDLE)).save(force_insert=True)


def _change_the_author(world: World) -> None:
    one, other = world.texts()[:2]
    Message.objects.filter(id=one.id).update(author=other.author, ref=uuid7())


def _change_the_time(world: World) -> None:
    one = world.texts()[0]
    Message.objects.filter(id=one.id).update(sent_at=one.sent_at - timedelta(hours=1))


def _swap_bodies(world: World) -> None:
    first, second = (one.versions.get(number=1) for one in world.texts()[:2])
    for one, other in ((first, second), (second, first)):
        MessageVersion.objects.filter(id=one.id).update(sealed=other.sealed, key=other.key)


def _delete_without_certificate(world: World) -> None:
    last = world.texts()[-1]
    last.versions.all().delete()
    Message.objects.filter(id=last.id).delete()


def _destroy_a_key(world: World) -> None:
    run(
        "DELETE FROM messaging_contentkey WHERE id = %s",
        world.texts()[0].versions.get(number=1).key_id,
    )


def _delete_only_the_message(world: World) -> None:
    run("DELETE FROM messaging_message WHERE seq = %s", world.texts()[-1].seq)


def _insert_before_the_beginning(_world: World) -> None:
    made = copy_of(entry_at(MIDDLE))
    made.save(force_insert=True)
    Leaf.objects.create(number=-7, entry=made, hash=made.hash)


def _add_without_entry(world: World) -> None:
    _copy_message(world, uuid7())


def _bring_back(world: World) -> None:
    _copy_message(world, world.disposed[0])


def _copy_message(world: World, id_: UUID) -> None:
    """A row that looks like any other, under this id."""
    last = world.texts()[-1]
    version = last.versions.get()
    last.id, last.ref, last.seq = id_, uuid7(), last.seq + 1_000
    last.save(force_insert=True)
    MessageVersion.objects.create(
        message=last, number=1, key=version.key, sealed=version.sealed, written_at=last.sent_at
    )


def _forge_a_certificate(world: World) -> None:
    certificate = world.certificate
    document = {**certificate.document, "messages": 1_000}
    Certificate.objects.filter(pk=certificate.pk).update(document=document)


def _forge_a_disposal(world: World) -> None:
    """Remove a message, and write an entry that says it was disposed of, without a disposal."""
    _delete_without_certificate(world)
    like = Entry.objects.get(action="disposal.chunk_done")
    copy_of(like, subject=uuid7()).save(force_insert=True)


def _remove_the_certificate(world: World) -> None:
    Certificate.objects.filter(pk=world.certificate.pk).delete()


def _rewrite(key: Callable[[], Ed25519PrivateKey], world: World) -> None:
    _change_a_fact(world)
    make_it_fit(key())


def _roll_back(world: World) -> None:
    roll_back(world.yesterday.size)
    head_file().unlink()


def _roll_back_and_leave_the_memory(world: World) -> None:
    roll_back(world.yesterday.size)


def _school_key() -> Ed25519PrivateKey:
    return keyring.ring().signing_key


def _today(world: World) -> SignedHead:
    return world.kept_today


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
    Attack(name="change a message's author", do=_change_the_author, said=("was altered", "author")),
    Attack(name="change a message's time", do=_change_the_time, said=("was altered", "time")),
    Attack(name="swap two bodies", do=_swap_bodies, said=("was altered",)),
    Attack(
        name="delete a message without a certificate",
        do=_delete_without_certificate,
        said=("was removed without a disposal",),
    ),
    Attack(
        name="destroy a content key",
        do=_destroy_a_key,
        said=("was removed without a disposal",),
    ),
    Attack(
        name="delete a message and leave its version",
        do=_delete_only_the_message,
        said=("was removed without a disposal",),
    ),
    Attack(
        name="insert before the beginning",
        do=_insert_before_the_beginning,
        said=("before the beginning",),
    ),
    Attack(name="add a message without an entry", do=_add_without_entry, said=("was altered",)),
    Attack(name="bring back what was disposed of", do=_bring_back, said=("was altered",)),
    Attack(name="forge a certificate", do=_forge_a_certificate, said=("was altered", "Certif")),
    Attack(name="forge a disposal", do=_forge_a_disposal, said=("was inserted past the product",)),
    Attack(name="remove a certificate", do=_remove_the_certificate, said=("was removed",)),
    Attack(
        name="rewrite everything with another key",
        do=partial(_rewrite, Ed25519PrivateKey.generate),
        said=("not signed by this school's key",),
    ),
    Attack(
        name="rewrite everything with another key, and a checkpoint kept outside",
        do=partial(_rewrite, Ed25519PrivateKey.generate),
        outside=_today,
        said=("The checkpoint kept outside", "rewritten"),
    ),
    Attack(
        name="rewrite everything with the school's own key",
        do=partial(_rewrite, _school_key),
        outside=_today,
        silent_without=True,
        said=("The checkpoint kept outside", "rewritten"),
    ),
    Attack(
        name="roll the whole database back",
        do=_roll_back,
        outside=_today,
        silent_without=True,
        said=("The checkpoint kept outside", "rolled back"),
    ),
    Attack(
        name="roll the database back, and not the signer's memory",
        do=_roll_back_and_leave_the_memory,
        said=("this machine signed last", "rolled back"),
    ),
)
