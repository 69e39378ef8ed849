"""The three ways out: an e-mail, a file in a folder, a POST to a web address.

What goes out is the signed note, which holds the log's name, its size, its root and a signature,
and nothing of what anybody wrote or did.
"""

import contextlib
import os
import smtplib
from email.message import MIMEPart
from email.policy import SMTP
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.queries import provenance
from audit.checkpoints import note_of
from oversight.models import Delivery, Publication, Recipient
from oversight.queries.sheets import sheet_of
from oversight.services.publications import MAILER
from oversight.workers.calling import NotDelivered, call

_NOTE_TYPE: Final = "text/plain; charset=utf-8"


def carry(publication: Publication, recipient: Recipient) -> None:
    """Bring a checkpoint to a recipient, or raise NotDelivered."""
    match Recipient.Way(recipient.way):
        case Recipient.Way.EMAIL:
            _mail(publication, recipient)
        case Recipient.Way.FILE:
            _write(publication)
        case Recipient.Way.WEBHOOK:
            _post(publication)


def _mail(publication: Publication, recipient: Recipient) -> None:
    """One message to one address, so that nobody learns who else is on the list."""
    if MAILER not in mailers:
        raise NotDelivered(Delivery.Error.NOT_SET_UP)
    try:
        _message(publication, recipient).send(using=MAILER)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        raise NotDelivered(Delivery.Error.UNREACHABLE) from None
    except smtplib.SMTPException:  # is an OSError, too
        raise NotDelivered(Delivery.Error.REFUSED) from None
    except OSError:
        raise NotDelivered(Delivery.Error.UNREACHABLE) from None


def _message(publication: Publication, recipient: Recipient) -> EmailMessage:
    sheet = sheet_of(publication)
    origin = provenance()
    context = {
        "sheet": sheet,
        "recipient": recipient,
        "school": (origin.school_name if origin else "") or _("the school"),
        "url": settings.PUBLIC_URL,
    }
    message = EmailMessage(
        subject=_("Checkpoint of %(school)s’s log: %(size)s entries")
        % {"school": context["school"], "size": f"{sheet.size:,}"},
        body=render_to_string("oversight/mail/checkpoint.txt", context),
        from_email=settings.MAIL_FROM,
        to=[recipient.address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach(_note(sheet.note))
    if publication.stamp is not None:
        stamp = bytes(publication.stamp)
        message.attach("checkpoint.tsr", stamp, "application/timestamp-reply")
    return message


def _note(note: str) -> MIMEPart:
    """In base64, so that no mail server gives the signed lines other ends."""
    part = MIMEPart(policy=SMTP)
    part.set_content(
        note.encode(),
        maintype="text",
        subtype="plain",
        cte="base64",
        disposition="attachment",
        filename="checkpoint.txt",
        params={"charset": "utf-8"},
    )
    return part


def _write(publication: Publication) -> None:
    """A file of its own for each checkpoint, never written over. Whole or not there."""
    if not settings.CHECKPOINT_FOLDER:
        raise NotDelivered(Delivery.Error.NOT_SET_UP)
    checkpoint = publication.checkpoint
    name = f"checkpoint-{checkpoint.origin}-{checkpoint.size:012}.txt"
    path = Path(settings.CHECKPOINT_FOLDER) / name
    note = note_of(checkpoint).encode()
    try:
        _place(path, note)
    except FileExistsError:
        _check_same(path, note)
    except OSError:
        raise NotDelivered(Delivery.Error.UNREACHABLE) from None


def _place(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _rename(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _rename(aside: Path, path: Path) -> None:
    """Under its name, unless there is one: a plain rename would write over it."""
    try:
        os.link(aside, path)
    except FileExistsError:
        raise
    except OSError:  # shares of Windows and memory sticks have no links
        if path.exists():
            raise FileExistsError from None
        aside.rename(path)


def _check_same(path: Path, content: bytes) -> None:
    """What stands there is this very checkpoint, written by an earlier try."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return
    raise NotDelivered(Delivery.Error.OCCUPIED)


def _post(publication: Publication) -> None:
    if not settings.CHECKPOINT_WEBHOOK:
        raise NotDelivered(Delivery.Error.NOT_SET_UP)
    call(
        settings.CHECKPOINT_WEBHOOK,
        note_of(publication.checkpoint).encode(),
        headers={"Content-Type": _NOTE_TYPE},
    )
