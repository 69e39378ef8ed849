"""Attacks on corrections of messages, by the owner of the database."""

from messaging.models import Correction
from messaging.vault.keys import cipher_of
from messaging.vault.notes import Note, seal_note, spot_of
from tests.attacks.attack import Attack
from tests.attacks.world import World


def _change_the_words(world: World) -> None:
    """With the keyring: other words, sealed as the product does."""
    one = Correction.objects.select_related("message", "key").get()
    sealed = seal_note(cipher_of(one.key), spot_of(one), Note(text="Thanks to nobody"))
    Correction.objects.filter(id=one.id).update(sealed=sealed)


def _change_the_reason(world: World) -> None:
    Correction.objects.update(reason="request")


def _change_the_author(world: World) -> None:
    Correction.objects.update(written_by=world.texts()[0].author)


def _delete(world: World) -> None:
    Correction.objects.all().delete()


def _put_another_there(world: World) -> None:
    one = Correction.objects.get()
    one.pk, one.number = None, 2
    one.save(force_insert=True)


def _move_it(world: World) -> None:
    Correction.objects.update(message=world.texts()[0])


ATTACKS = (
    Attack(
        name="write a correction anew",
        do=_change_the_words,
        said=("Correction 1", "its words do not fit what was entered"),
    ),
    Attack(name="change why something was corrected", do=_change_the_reason, said=("was altered",)),
    Attack(name="change who corrected something", do=_change_the_author, said=("was altered",)),
    Attack(name="take a correction away", do=_delete, said=("Correction 1", "was removed")),
    Attack(
        name="put a correction under a message",
        do=_put_another_there,
        said=("Correction 2", "is not in the log"),
    ),
    Attack(name="put a correction under another message", do=_move_it, said=("is not in the log",)),
)
