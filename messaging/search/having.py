"""What a message has besides its words, decided on the unsealed body. Pure."""

import re
from typing import Final

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
