"""Letting a checkpoint out, and saying whom checkpoints are sent to."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import mailers
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import Action
from audit.checkpoints import newest_checkpoint
from audit.clock import now
from audit.models import Checkpoint
from audit.sealed import seal_record
from audit.services import record
from audit.signing import NOTE_FORM
from oversight.errors import (
    AlreadyARecipient,
    FolderNotSetUp,
    MailNotSetUp,
    NoAddress,
    NothingSigned,
    NotYoursToDecide,
    WebhookNotSetUp,
)
from oversight.models import Delivery, Publication, Recipient
from oversight.queries.publications import (
    check_sees,
    decides,
    is_published,
    newcomers,
    recipient_for,
    recipients,
)

#: The class of the sealed records of recipients: name, way and address.
RECORD_CLASS: Final = "recipient"
#: Of settings.MAILERS: the one that leaves the building.
MAILER: Final = "smtp"


def add_recipient(*, by: User, name: str, way: str, address: str = "") -> Recipient:
    """Have every checkpoint sent to somebody, the newest within minutes.

    The folder and the webhook have no address: the server's settings name them. Raises
    NotYoursToDecide, AlreadyARecipient, NoAddress, or what says that the way is not set up.
    """
    if not decides(by):
        raise NotYoursToDecide
    _check_way(way, address)
    try:
        with transaction.atomic():
            return _add(by, name.strip(), way, address)
    except IntegrityError:
        raise AlreadyARecipient from None


@transaction.atomic
def remove_recipient(*, by: User, uid: UUID) -> None:
    """Send somebody nothing more, also not what is on its way. Raises RecipientNotFound."""
    recipient = recipient_for(by, uid)
    removed = recipients().filter(pk=recipient.pk).update(removed_by=by, removed_at=now())
    if removed:
        _enter(Action.RECIPIENT_REMOVED, by, recipient)


@transaction.atomic
def publish(*, by: User | None, reason: str) -> Publication | None:
    """Let the newest signed head out, and have it sent.

    `by` None is the machine, every day or for somebody's first. What is daily does nothing where
    the newest head is out already; a first one goes only to whom nothing was ever sent. Raises
    NotForCheckpoints, or NothingSigned when somebody asked and there is no head yet.
    """
    if by is not None:
        check_sees(by)
    checkpoint = _newest_note()
    if checkpoint is None and by is not None:
        raise NothingSigned
    if checkpoint is None or (reason == Publication.Reason.DAILY and is_published(checkpoint)):
        return None
    whom = newcomers() if reason == Publication.Reason.FIRST else recipients()
    publication = Publication.objects.create(
        checkpoint=checkpoint, at=now(), reason=reason, asked_by=by
    )
    Delivery.objects.bulk_create(
        Delivery(publication=publication, recipient=one) for one in whom.order_by("number")
    )
    record(
        Action.CHECKPOINT_PUBLISHED,
        actor=by.pk if by else None,
        subject=publication.uid,
        size=checkpoint.size,
        reason=publication.reason,
    )
    return publication


def _newest_note() -> Checkpoint | None:
    """The newest head; None also for one from before heads were signed as notes."""
    checkpoint = newest_checkpoint()
    return checkpoint if checkpoint and checkpoint.form == NOTE_FORM else None


def _check_way(way: str, address: str) -> None:
    match Recipient.Way(way):
        case Recipient.Way.EMAIL if MAILER not in mailers:
            raise MailNotSetUp
        case Recipient.Way.EMAIL if not address:
            raise NoAddress
        case Recipient.Way.FILE if not settings.CHECKPOINT_FOLDER:
            raise FolderNotSetUp
        case Recipient.Way.WEBHOOK if not settings.CHECKPOINT_WEBHOOK:
            raise WebhookNotSetUp


def _add(by: User, name: str, way: str, address: str) -> Recipient:
    recipient = Recipient.objects.create(
        name=name,
        way=way,
        address=address.lower() if way == Recipient.Way.EMAIL else "",
        added_by=by,
        added_at=now(),
    )
    _enter(Action.RECIPIENT_ADDED, by, recipient)
    return recipient


def _enter(action: Action, by: User, recipient: Recipient) -> None:
    who = {"name": recipient.name, "way": recipient.way, "address": recipient.address}
    record(
        action,
        actor=by.pk,
        subject=recipient.uid,
        way=recipient.way,
        **seal_record(RECORD_CLASS, who).facts(),
    )
