"""What has happened and is to be kept outside: written down in the act's own transaction, and
shipped by the worker in order (`audit.journal.shipping`)."""

from typing import Final
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from audit.canonical import Fact, plain
from audit.clock import now
from audit.journal.lines import Act
from audit.models import JournalLine

#: The facts that each act may carry; any other name is refused.
FACTS: Final[dict[Act, frozenset[str]]] = {
    Act.HOLD_PLACED: frozenset(
        {"number", "kind", "channels", "people", "since", "until", "by", "review_on", "record"}
        | {"by_query", "owner", "about"}
    ),
    Act.HOLD_RELEASED: frozenset({"number", "by"}),
    Act.MATTER_BEGUN: frozenset({"kind", "messages"}),
    Act.MATTER_ENDED: frozenset(),
    Act.DISPOSAL_INTENDED: frozenset(
        {"number", "chunk", "record_class", "channel", "month", "digest", "due", "held"}
    ),
    Act.DISPOSAL_DONE: frozenset(
        {"number", "chunk", "destroyed", "versions", "out_of_view", "spared"}
    ),
    Act.DISPOSAL_WITHDRAWN: frozenset({"number", "chunk"}),
    Act.DISPOSAL_UNCLEAR: frozenset({"number", "chunk"}),
    Act.CERTIFICATE_ISSUED: frozenset({"number", "sha256"}),
    Act.PERSON_DEACTIVATED: frozenset(),
    Act.PERSON_REACTIVATED: frozenset(),
    Act.ROLE_ENDED: frozenset({"grant", "role"}),
    Act.RESTORED: frozenset({"position", "replayed", "unclear"}),
}


def note(act: Act, *, subject: UUID | None, ends: UUID | None = None, **facts: Fact) -> JournalLine:
    """Write down what the journal is to say, in the caller's transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A line is noted in its act's transaction.")
    if unknown := facts.keys() - FACTS[act]:
        raise ValueError(f"{act} does not carry {', '.join(sorted(unknown))}")
    return JournalLine.objects.create(
        uid=uuid7(), at=now(), act=act, subject=subject, ends=ends, facts=plain(facts)
    )
