"""What goes into a batch, and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from messaging.exceptions import BodyTooLong, EmptyBody, MessagingError, TooManyFiles

#: Files that one message can bring.
MOST_FILES: Final = 10

#: What makes a posting the same posting, however often it is sent: author, channel, `ref`.
type Name = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message that somebody wants to post; `body` has been through `clean_body`.

    Where it is to `forward` another message, that one has the words and the files, and `body` is
    empty. `uploads` are the files that it brings itself.
    """

    author: UUID
    channel: UUID
    ref: UUID
    body: str
    reply_to: UUID | None = None
    forward: UUID | None = None
    uploads: tuple[UUID, ...] = ()

    @property
    def name(self) -> Name:
        """What makes it the same posting when it comes again."""
        return (self.author, self.channel, self.ref)


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """A message that is stored.

    Attributes:
        changed: the position of its latest change.
        shown: its JSON as the protocol shows it, UTF-8.
        fresh: it was stored now; False gives the first answer once more.
    """

    id: UUID
    channel: UUID
    changed: int
    shown: bytes
    fresh: bool


type Outcome = Posted | MessagingError


def clean_body(body: str, *, may_be_empty: bool = False) -> str:
    """The body as it is kept: without NUL and surrounding blank lines, within the limit; empty only
    where the message has something besides."""
    body = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not body and not may_be_empty:
        raise EmptyBody
    if len(body) > settings.MAX_MESSAGE_CHARS:
        raise BodyTooLong
    return body


def clean_uploads(uploads: Sequence[UUID]) -> tuple[UUID, ...]:
    """The files of a message in their order, each once."""
    once = tuple(dict.fromkeys(uploads))
    if len(once) > MOST_FILES:
        raise TooManyFiles
    return once
