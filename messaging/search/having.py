"""What a message has besides its words, decided on the unsealed body. Pure."""

import re
from typing import Final

from messaging.files.attached import attachments_in
from messaging.search.query import Has
from messaging.vault.bodies import Body

_LINK: Final = re.compile(r"(?:https?://|\bwww\.)[^\s<>]", re.IGNORECASE)


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
