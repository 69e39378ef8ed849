"""A record of some hundred messages over months, and a plain scan of it to compare with."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from django.db import transaction
from uuid_utils.compat import uuid7

from accounts.models import User
from messaging.models import Channel, Message
from messaging.search.index import index_versions, text_of
from messaging.search.matching import find
from messaging.search.query import Is, Query
from messaging.search.run import search
from messaging.search.scope import Position, Scope
from messaging.services.messages import delete_message, edit_message
from messaging.vault.bodies import Body
from messaging.vault.versions import seal_version

WORDS = """
the and to of a may IT maths trip trips zoo planning planned plan planet Sarah Sarah's
O'Brien OBrien Noël café well-being wellbeing 12/05/2026 2026-05-12 1,250 J.K. Year 6
j.smith@stmary.sch.uk https://www.gov.uk/holidays meeting meetings staff room school hall
lunch register Sara Sarahs plann
gwers wersi ngwers 9.30pm 21:30 👍 👍🏽 Y6
"""
QUERIES = """
trip
trips
zoo trip
"zoo trip"
"the zoo"
plan*
pl*
t*
the
it
may
sarah
obrien
O'Brien
noel
well-being
12/05/2026
1250
smith
gov.uk
j.smith@stmary.sch.uk
JK
6
"year 6"
absentword
zz*
*lan*
*ting
*rie*
~planing
~shara
~"zoo tripp"
~meetign
*smith@stm*
the*
gwers
9.30pm
👍
y6
maths trip -zoo
lunch OR hall
(lunch OR hall) meeting
"school hall" OR "staff room"
"the trip to"*
"""


@dataclass
class Scene:
    """What was written, version by version, as (message, version, channel, text, present)."""

    random: Random = field(default_factory=lambda: Random(7))
    texts: dict[tuple[UUID, int], tuple[Message, str, bool]] = field(default_factory=dict)

    def write(self, author: User, channel: Channel, *, days_ago: int, text: str = "") -> Message:
        """A message of an earlier day, sealed and indexed as posting does it."""
        text = text or " ".join(self.random.choices(WORDS.split(), k=self.random.randint(2, 9)))
        with transaction.atomic():
            locked = Channel.objects.select_for_update().get(id=channel.id)
            locked.head += 1
            locked.save(update_fields=["head"])
            at = datetime(2026, 11, 20, 9, tzinfo=UTC) - timedelta(days=days_ago)
            message = Message(
                id=uuid7(), channel=locked, author=author, seq=locked.head, changed=locked.head,
                ref=uuid4(), sent_at=at,
            )  # fmt: skip
            message.save(force_insert=True)
            seal_version(message, Body(text=text), written_by=author.id)
            index_versions([text_of(message, Body(text=text))])
        self.texts[message.id, 1] = (message, text, True)
        return message

    def edit(self, author: User, message: Message, text: str) -> None:
        """Replace a message's words."""
        edited = edit_message(author=author, message_id=message.id, body=text)
        for key, (old, words, _) in list(self.texts.items()):
            if key[0] == message.id:
                self.texts[key] = (old, words, False)
        self.texts[message.id, edited.version] = (edited, text, True)

    def delete(self, by: User, message: Message) -> None:
        """Delete a message."""
        delete_message(by=by, message_id=message.id)
        for key, (old, words, _) in list(self.texts.items()):
            if key[0] == message.id:
                self.texts[key] = (old, words, False)

    def scan(self, scope: Scope, query: Query) -> list[Position]:
        """What a search must find, by reading everything."""
        return sorted(
            (
                Position(sent_at=message.sent_at, message=message.id, version=version)
                for (_, version), (message, text, present) in self.texts.items()
                if scope.reaches(message.channel_id)
                and (present or scope.versions)
                and query.channel in {None, message.channel_id}
                and query.author in {None, message.author_id}
                and (query.since is None or message.sent_at >= query.since)
                and (query.until is None or message.sent_at < query.until)
                and _is(message, query.state)
                and find(query.tree, text) is not None
            ),
            reverse=True,
        )


def _is(message: Message, state: Is | None) -> bool:
    if state is None:
        return True
    message.refresh_from_db(fields=["version", "deleted_at", "kind"])
    match state:
        case Is.EDITED:
            return message.version > 1
        case Is.DELETED:
            return message.deleted_at is not None
        case Is.IMPORTED:
            return message.kind == Message.Kind.IMPORTED


def every_hit(scope: Scope, query: Query, *, limit: int = 20) -> list[Position]:
    """All pages of a search, one after the other."""
    found: list[Position] = []
    before: Position | None = None
    while True:
        page = search(scope, query, limit=limit, before=before, seconds=30)
        assert len(page.hits) <= limit
        assert not page.partial
        found += [hit.position for hit in page.hits]
        if page.next is None:
            return found
        before = Position.read(str(page.next))
