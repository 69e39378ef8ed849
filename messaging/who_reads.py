"""Who can read a channel is decided further up, where the authority over others is known. What says
so in a sentence is given here once, when the program starts, for the answers that carry it."""

from collections.abc import Callable
from uuid import UUID

from accounts.models import User

#: For a member of a channel, in the active language, who can read it now: {"line", one sentence;
#: "brief", the same in a few words}. Raises ChannelNotFound.
type WhoReads = Callable[[User, UUID], dict[str, str]]

_sayers: list[WhoReads] = []


def let_say(sayer: WhoReads) -> None:
    """From now on this one says it."""
    _sayers[:] = [sayer]


def who_reads(person: User, channel_id: UUID) -> dict[str, str] | None:
    """What it says; None where nobody was given who could say it. Raises ChannelNotFound."""
    return _sayers[0](person, channel_id) if _sayers else None
