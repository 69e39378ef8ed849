"""Attacks on disposals and their certificates, by the owner of the database."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from audit.actions import Action
from audit.entries import ItemOfAct
from audit.models import Entry, Item, Unsealed
from audit.services import record_bulk
from messaging.models import Message
from retention.models import Certificate, Disposal, DisposalItem
from tests.attacks.attack import Attack
from tests.attacks.on_messages import copy_message
from tests.attacks.world import World, copy_of, enter


def _bring_back(world: World) -> None:
    copy_message(world, world.disposed[0])


def _forge_a_certificate(world: World) -> None:
    certificate = world.certificate
    document = {**certificate.document, "messages": 1_000}
    Certificate.objects.filter(pk=certificate.pk).update(document=document)


def _date_a_certificate_back(world: World) -> None:
    at = world.certificate.issued_at - timedelta(days=30)
    Certificate.objects.filter(pk=world.certificate.pk).update(issued_at=at)


def _remove_the_certificate(world: World) -> None:
    Certificate.objects.filter(pk=world.certificate.pk).delete()


def _forge_a_disposal(world: World) -> None:
    """Remove a message, and write an entry that says it was disposed of, without a disposal."""
    last = world.texts()[-1]
    last.versions.all().delete()
    Message.objects.filter(id=last.id).delete()
    like = Entry.objects.get(action="disposal.chunk_done")
    copy_of(like, subject=uuid7()).save(force_insert=True)


def _carry_out_what_was_proposed(world: World) -> None:
    """Remove what a disposal was to dispose of before anybody approved it, and say it was done."""
    _destroy(world, list(Message.objects.filter(channel=world.waiting, kind="text")))


def _carry_out_more_than_was_approved(world: World) -> None:
    """The same, with an approval that nobody gave, of one more message than was proposed."""
    approved = Entry.objects.get(action="disposal.approved")
    facts = {**approved.facts, "number": world.proposed.number, "digest": world.proposed.digest}
    enter(copy_of(approved, subject=world.proposed.uid, facts=facts))
    chunk = world.proposed.chunks.get()
    last = world.texts()[-1]
    DisposalItem.objects.create(chunk=chunk, message=last.id, held=False)
    Disposal.objects.filter(pk=world.proposed.pk).update(
        state="executing", approved_by=approved.actor, approved_at=approved.at
    )
    _destroy(world, [last])


def _begin_and_never_certify(world: World) -> None:
    """With an approval that nobody gave; the disposal itself stays where nobody carries it out."""
    approved = Entry.objects.get(action="disposal.approved")
    facts = {**approved.facts, "number": world.proposed.number, "digest": world.proposed.digest}
    enter(copy_of(approved, subject=world.proposed.uid, facts=facts))
    _destroy(world, list(Message.objects.filter(channel=world.waiting, kind="text")))


def _destroy(world: World, messages: list[Message]) -> None:
    items = [ItemOfAct(subject=one.id, version=1, commitment=bytes(32)) for one in messages]
    entry = record_bulk(
        Action.DISPOSAL_CHUNK_DONE,
        actor=None,
        subject=world.proposed.uid,
        items=items,
        number=world.proposed.number,
        chunk=1,
        channel=world.waiting.id,
        position=None,
    )
    Unsealed.objects.create(entry=entry)
    for one in messages:
        one.versions.all().delete()
        Message.objects.filter(id=one.id).delete()


def _remove_an_item(_world: World) -> None:
    Item.objects.filter(id=Item.objects.earliest("id").id).delete()


ATTACKS = (
    Attack(name="bring back what was disposed of", do=_bring_back, said=("was altered",)),
    Attack(name="forge a certificate", do=_forge_a_certificate, said=("was altered", "Certif")),
    Attack(
        name="date a certificate back", do=_date_a_certificate_back, said=("was altered", "Certif")
    ),
    Attack(name="remove a certificate", do=_remove_the_certificate, said=("was removed",)),
    Attack(name="forge a disposal", do=_forge_a_disposal, said=("was inserted past the product",)),
    Attack(
        name="carry out a disposal that nobody approved",
        do=_carry_out_what_was_proposed,
        said=("was removed without a disposal",),
    ),
    Attack(
        name="carry out more than was approved",
        do=_carry_out_more_than_was_approved,
        said=("is not what was approved",),
    ),
    Attack(
        name="approve and begin a disposal, and never certify it",
        do=_begin_and_never_certify,
        said=("is proposed: that was forged",),
    ),
    Attack(name="remove an item", do=_remove_an_item, said=("The items of entry", "altered")),
)
