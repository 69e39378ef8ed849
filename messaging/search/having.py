"""What a message has besides its words, decided on the unsealed body, or is."""

import re
from typing import Final

from messaging.files.attached import attachments_in
from messaging.models import Message
from messaging.search.query import Has, Is
from messaging.vault.bodies import Body

_LINK: Final = re.compile(r"(?:https?://|\bwww\.)[^\s<>]", re.IGNORECASE)


def is_so(message: Message, wanted: Is | None) -> bool:
    """Whether this became of a message, or it came from there; everything is nothing."""
    match wanted:
        case None:
            return True
        case Is.EDITED:
            return message.version > 1
        case Is.DELETED:
            return message.deleted_at is not None
        case Is.IMPORTED:
            return message.kind == Message.Kind.IMPORTED


def has(body: Body, wanted: Has | None) -> bool:
    """Whether a body has what is wanted; everything has nothing."""
    match wanted:
        case None:
            return True
        case Has.LINK:
            return _LINK.search(body.text) is not None
        case Has.FILE:
            return bool(attachments_in(body.details))
        case Has.IMAGE:
            return any(one.is_picture for one in attachments_in(body.details))
