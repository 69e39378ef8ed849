"""A log of more than ten thousand entries, with messages, a disposal, and two kept checkpoints."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from accounts.models import User
from audit.actions import Action
from audit.checkpoints import note_of
from audit.entries import leaf_of
from audit.models import Checkpoint, Entry, Unsealed
from audit.services import Act, record_all
from audit.signed_head import SignedHead
from audit.signing import sign_checkpoint
from audit.verification.outside import kept_checkpoint
from messaging.files.places import place
from messaging.models import Channel, Message
from messaging.services.corrections import correct_own
from messaging.services.messages import edit_message
from messaging.services.pins import pin
from messaging.services.reactions import react
from oversight.services.publications import publish
from oversight.verification import Report, verify
from retention.models import Certificate, Disposal
from retention.services.disposals import propose_disposals
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import Clock
from tests.retention.scenes import approved, past_channel
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.storage import names_there
from tests.uploads import ids, uploaded

HALF = 5_000


@dataclass(frozen=True, kw_only=True)
class World:
    """What was said and done, and what governors keep of it."""

    channel: Channel
    certificate: Certificate
    disposed: list[UUID]
    proposed: Disposal
    waiting: Channel
    yesterday: Checkpoint
    kept_yesterday: SignedHead
    kept_today: SignedHead
    file: UUID

    def texts(self) -> list[Message]:
        """What Alice and Bob wrote, in its order."""
        return list(Message.objects.filter(channel=self.channel, kind="text").order_by("seq"))


def make_world(at: Clock, alice: User, bob: User, hari: User, helen: User) -> World:
    """Yesterday and today, all of it through the product."""
    past = past_channel(at, alice, bob)
    disposed = list(Message.objects.filter(channel=past, kind="text").values_list("id", flat=True))
    approved(hari, helen)
    with acting_as("disposer"):
        (certificate,) = carry_out_approved()
    waiting = past_channel(at, alice, bob, name="Gardening club")
    (proposed,) = propose_disposals(by=hari)
    channel = channel_of(alice, bob, name="Year 6")
    upload = uploaded(alice, channel)
    edited = say(alice, channel, "Bus at three", uploads=ids(upload))
    thanks = say(bob, channel, "Thank you")
    _sign_in(alice)
    yesterday = _signed()
    publish(by=None, reason="first")
    edit_message(author=alice, message_id=edited.id, body="Bus at four")
    react(by=bob, message_id=edited.id, emoji="👍", on=True)
    pin(by=alice, message_id=thanks.id, on=True)
    correct_own(author=bob, message_id=thanks.id, body="Thanks to Chris, not to Alice")
    say(bob, channel, "Which bus?")
    _sign_in(bob)
    return World(
        channel=channel,
        certificate=certificate,
        disposed=disposed,
        proposed=proposed,
        waiting=waiting,
        yesterday=yesterday,
        kept_yesterday=kept_checkpoint(note_of(yesterday)),
        kept_today=kept_checkpoint(note_of(_signed())),
        file=edited.attachments.get().file_id,
    )


def _sign_in(person: User) -> None:
    with transaction.atomic():
        record_all(
            [
                Act(
                    action=Action.SIGNED_IN,
                    actor=person.id,
                    subject=person.id,
                    facts={"method": "password"},
                )
                for _ in range(HALF)
            ]
        )


def _signed() -> Checkpoint:
    with acting_as("sealer"):
        checkpoint = sign_checkpoint()
    assert checkpoint is not None
    return checkpoint


@contextmanager
def undone() -> Iterator[None]:
    """As the owner with the triggers off, and all of it undone at the end."""
    files = {name: list(place().get(name)) for name in names_there()}
    with acting_as("owner"), transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        yield
        transaction.set_rollback(True)
    for name, chunks in files.items():
        place().put(name, chunks)


def run(statement: str, *values: int | str) -> None:
    """A statement past the product."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found(outside: SignedHead | None = None) -> Report:
    """What verifying finds now."""
    return verify(outside=outside)


def entry_at(leaf: int) -> Entry:
    """The entry of a leaf."""
    return Entry.objects.get(leaf__number=leaf)


def copy_of(entry: Entry, **changed: object) -> Entry:
    """An entry that looks like another one, with a uid of its own, not yet saved."""
    fields = ("at", "action", "actor", "subject", "facts", "hash")
    values = {name: getattr(entry, name) for name in fields}
    return Entry(uid=uuid7(), **{**values, **changed})


def enter(entry: Entry) -> Entry:
    """Put an entry into the log as the product does, in the queue for the sealer."""
    entry.hash = leaf_of(entry)
    entry.save(force_insert=True)
    Unsealed.objects.create(entry=entry)
    return entry
