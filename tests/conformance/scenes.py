"""Long histories, imports and disposals; and the conversation as the record has it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from accounts.models import User
from audit.clock import now
from messaging.imports.whatsapp.parse import parse
from messaging.models import Channel
from messaging.queries import conversation
from messaging.rendering import messages_json
from messaging.services.history import Past, write_history
from messaging.services.imports import import_whatsapp
from retention.workers.destroying import carry_out_approved
from tests.conformance.frames import Message
from tests.retention.scenes import approved
from tests.roles import acting_as

LONG_AGO = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)
_files = count()


def history(
    author: User, channel: Channel, lines: int, *, at: datetime | None = None, words: str = ""
) -> None:
    """`Line 0`, `Line 1` …, with these words behind it, a millisecond apart and without a bell."""
    begun = at or now()
    write_history(
        [
            Past(
                id=uuid7(),
                channel=channel.id,
                author=author.id,
                sent_at=begun + timedelta(milliseconds=number),
                text=f"Line {number}{words}",
            )
            for number in range(lines)
        ],
        seed=1,
    )


def take_in(by: User, channel: Channel, lines: int) -> None:
    """Import a WhatsApp export of 9 January 2026; each file is another one."""
    text = f"09/01/2026, 07:29 - Nadia: File {next(_files)}\n" + "".join(
        f"09/01/2026, 07:30 - Nadia: Imported {number}\n" for number in range(lines - 1)
    )
    export = parse(text.encode(), file_name="chat.txt", date_order="dmy")
    import_whatsapp(export, channel=channel, by=by, timezone=ZoneInfo("Europe/London"))


def dispose(proposer: User, approver: User) -> None:
    """Dispose of what is due, approved by two people."""
    approved(proposer, approver)
    with acting_as("disposer"):
        assert len(carry_out_approved()) == 1


def truth(channel: Channel, *, since: int = 0) -> list[Message]:
    """The conversation as the record has it, from this `seq` on, in page order."""
    return messages_json(list(conversation(channel).filter(seq__gte=since)))
