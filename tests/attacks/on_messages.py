"""Attacks on messages and their versions, by the owner of the database."""

from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from audit.models import Entry
from messaging.models import Message, MessageVersion, Pin, Reaction
from messaging.vault.bodies import Body, commitment_of, seal
from messaging.vault.keys import cipher_of
from messaging.vault.versions import context_of
from tests.attacks.attack import Attack
from tests.attacks.world import World, copy_of, enter, run


def _change_the_author(world: World) -> None:
    one, other = world.texts()[:2]
    Message.objects.filter(id=one.id).update(author=other.author, ref=uuid7())


def _change_the_time(world: World) -> None:
    one = world.texts()[0]
    Message.objects.filter(id=one.id).update(sent_at=one.sent_at - timedelta(hours=1))


def _move(world: World) -> None:
    """Put an answer before what it answers."""
    one, other = world.texts()[:2]
    Message.objects.filter(id=one.id).update(seq=10**6)
    Message.objects.filter(id=other.id).update(seq=one.seq)
    Message.objects.filter(id=one.id).update(seq=other.seq)


def _edit_earlier(world: World) -> None:
    one = world.texts()[0]
    assert one.edited_at
    Message.objects.filter(id=one.id).update(edited_at=one.edited_at - timedelta(hours=1))


def _hide(world: World) -> None:
    Message.objects.filter(id=world.texts()[1].id).update(out_of_view=True)


def _swap_bodies(world: World) -> None:
    first, second = (one.versions.get(number=1) for one in world.texts()[:2])
    for one, other in ((first, second), (second, first)):
        MessageVersion.objects.filter(id=one.id).update(sealed=other.sealed, key=other.key)


def _empty_a_body(world: World) -> None:
    MessageVersion.objects.filter(message=world.texts()[1]).update(sealed=b"")


def _say_something_else(world: World) -> None:
    """With the keyring: other words, and a second entry that commits to them."""
    message = world.texts()[1]
    version = message.versions.get(number=1)
    place, body = context_of(message, 1), Body(text="Something else")
    sealed = seal(cipher_of(version.key), place, body)
    MessageVersion.objects.filter(id=version.id).update(sealed=sealed)
    entry = Entry.objects.get(action="message.posted", subject=message.id)
    digest = commitment_of(place, body, message.reply_to)
    enter(copy_of(entry, facts={**entry.facts, "message_commitment": digest}))


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


def _react_for_somebody(world: World) -> None:
    first, second = world.texts()[:2]
    given = Reaction.objects.get(message=first)
    Reaction.objects.create(message=second, person=given.person, emoji=given.emoji)


def _take_a_reaction_back(world: World) -> None:
    Reaction.objects.filter(message=world.texts()[0]).delete()


def _change_a_reaction(world: World) -> None:
    Reaction.objects.filter(message=world.texts()[0]).update(emoji="👎")


def _unpin(world: World) -> None:
    Pin.objects.filter(message=world.texts()[1]).delete()


def _forget_a_reaction_s_position(world: World) -> None:
    one = world.texts()[0]
    Message.objects.filter(id=one.id).update(changed=one.changed - 1)


def _add_without_entry(world: World) -> None:
    copy_message(world, uuid7())


def copy_message(world: World, id_: UUID) -> None:
    """A row that looks like any other, under this id."""
    last = world.texts()[-1]
    version = last.versions.get()
    last.id, last.ref, last.seq = id_, uuid7(), last.seq + 1_000
    last.save(force_insert=True)
    MessageVersion.objects.create(
        message=last, number=1, key=version.key, sealed=version.sealed, written_at=last.sent_at
    )


ATTACKS = (
    Attack(name="change a message's author", do=_change_the_author, said=("was altered", "author")),
    Attack(name="change a message's time", do=_change_the_time, said=("was altered", "time")),
    Attack(
        name="change a message's place",
        do=_move,
        said=("its place in the conversation is not what was entered",),
    ),
    Attack(
        name="change when a message was edited",
        do=_edit_earlier,
        said=("when it was edited is not what was entered",),
    ),
    Attack(name="hide a message", do=_hide, said=("was hidden past the product",)),
    Attack(name="swap two bodies", do=_swap_bodies, said=("was altered",)),
    Attack(name="empty a body", do=_empty_a_body, said=("was altered",)),
    Attack(
        name="say something else, with the keyring",
        do=_say_something_else,
        said=("is entered 2 times",),
    ),
    Attack(
        name="delete a message without a certificate",
        do=_delete_without_certificate,
        said=("was removed without a disposal",),
    ),
    Attack(
        name="destroy a content key", do=_destroy_a_key, said=("was removed without a disposal",)
    ),
    Attack(
        name="delete a message and leave its version",
        do=_delete_only_the_message,
        said=("was removed without a disposal",),
    ),
    Attack(name="add a message without an entry", do=_add_without_entry, said=("was altered",)),
    Attack(
        name="put a reaction there in somebody's name",
        do=_react_for_somebody,
        said=("A reaction", "was put there past the product"),
    ),
    Attack(
        name="take a reaction away",
        do=_take_a_reaction_back,
        said=("A reaction", "was taken away past the product"),
    ),
    Attack(
        name="change a reaction", do=_change_a_reaction, said=("A reaction", "past the product")
    ),
    Attack(name="unpin a message", do=_unpin, said=("The pin", "was taken away")),
    Attack(
        name="hide that a message has changed",
        do=_forget_a_reaction_s_position,
        said=("the position of its latest change",),
    ),
)
