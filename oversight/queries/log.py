"""The log as a reader may see it: with names or without, and nothing that is secret from them.

A hold, an export, a concern or a reading with authority is kept from the person whom it is about,
also when that person reads the log: the entries are left out for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.queries import may
from audit import keyring
from audit.actions import Action
from audit.checkpoints import newest_checkpoint, origin_of, signature_holds
from audit.models import Checkpoint, Entry
from messaging.models import Message
from oversight.errors import EntryNotFound, NotAReader
from oversight.models import Concern
from oversight.queries.desk import excluded_for
from oversight.times import start_of
from oversight.wording import actions_of, said
from retention.models import Export, Hold
from retention.queries import secret_disposals

ENTRIES_A_PAGE: Final = 50
_PEOPLE_IN_FACTS: Final = ("person",)
_HASHES: Final = ("record", "commitment", "message commitment", "root", "digest")
_NOTHING: Final = "{}"
_UUID_CHARS: Final = 36
_SHORT_CHARS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters of the log's pages: ids, enums and a day, so that they may stand in the log too."""

    group: str = ""
    action: str = ""
    person: UUID | None = None
    day: date | None = None

    def facts(self) -> dict[str, str]:
        """Those that are set, as the entry of the viewing holds them."""
        every = {"group": self.group, "action": self.action, "person": self.person, "day": self.day}
        return {name: str(value) for name, value in every.items() if value}


@dataclass(frozen=True, kw_only=True)
class Row:
    """An entry as a page shows it. Names are None for readers who may not see them."""

    entry: Entry
    said: str
    actor: str | None
    subject: str | None
    facts: list[tuple[str, str, str | None]]
    leaf: int | None

    @property
    def actor_short(self) -> str:
        """Enough of the actor's id to tell it from others on a page."""
        return _short(str(self.entry.actor))

    @property
    def subject_short(self) -> str:
        """Enough of the subject's id to tell it from others on a page."""
        return _short(str(self.entry.subject))

    @property
    def brief(self) -> str:
        """The facts in a line, without the hashes that the entry's own page has."""
        return "; ".join(
            f"{name} {person or _short(value)}"
            for name, value, person in self.facts
            if name not in _HASHES and value != _NOTHING
        )


def check_reader(viewer: User) -> None:
    """Raises NotAReader for anybody who may not read the log."""
    if not may(viewer, "read_log"):
        raise NotAReader


def sees_names(viewer: User) -> bool:
    """Whether the log's ids are shown to the viewer as names."""
    return may(viewer, "read_log_names")


def entries_for(viewer: User, wanted: Wanted | None = None) -> QuerySet[Entry]:
    """The entries that a reader may see, newest first."""
    check_reader(viewer)
    entries = Entry.objects.exclude(_secret_from(viewer)).select_related("leaf")
    return entries.filter(_matching(wanted or Wanted())).order_by("-id")


def page_for(viewer: User, wanted: Wanted, before: int | None) -> tuple[list[Row], int | None]:
    """A page of the log and the id to go on before, or None at its end."""
    entries = entries_for(viewer, wanted)
    if before is not None:
        entries = entries.filter(id__lt=before)
    found = list(entries[: ENTRIES_A_PAGE + 1])
    shown = found[:ENTRIES_A_PAGE]
    more = shown[-1].id if len(found) > len(shown) else None
    return _rows(viewer, shown), more


def row_for(viewer: User, entry_id: int) -> Row:
    """One entry, or EntryNotFound."""
    entry = entries_for(viewer).filter(id=entry_id).first()
    if entry is None:
        raise EntryNotFound
    return _rows(viewer, [entry])[0]


def _matching(wanted: Wanted) -> Q:
    found = Q()
    if wanted.group:
        found &= Q(action__in=actions_of(wanted.group))
    if wanted.action:
        found &= Q(action=wanted.action)
    if wanted.person:
        found &= (
            Q(actor=wanted.person) | Q(subject=wanted.person) | Q(facts__person=str(wanted.person))
        )
    if wanted.day:
        found &= Q(at__gte=start_of(wanted.day), at__lt=start_of(wanted.day + timedelta(days=1)))
    return found


def _secret_from(viewer: User) -> Q:
    """What is about the viewer and not for them."""
    channels = excluded_for(viewer)
    about = Q(channel__in=channels)
    theirs = Q(channel__kind="direct", channel__memberships__person=viewer)
    holds = Hold.objects.filter(Q(person=viewer) | about | theirs)
    exports = Export.objects.filter(Q(subjects__person=viewer) | about)
    concerns = Concern.objects.filter(Q(author=viewer) | about)
    things = [
        uid
        for found in (holds, exports, concerns, secret_disposals(viewer))
        for uid in found.values_list("uid", flat=True)
    ]
    own = Message.objects.filter(id=OuterRef("subject"), author=viewer)
    return (
        Q(subject__in=[*things, *channels])
        # Without has_key an entry that names no channel would be neither secret nor not.
        | Q(facts__has_key="channel", facts__channel__in=[str(channel) for channel in channels])
        | Q(action__startswith="hold.", subject=viewer.id)
        | Q(Exists(own), action=Action.MESSAGE_OPENED)
    )


def _rows(viewer: User, entries: Sequence[Entry]) -> list[Row]:
    names = _names(entries) if sees_names(viewer) else {}
    return [
        Row(
            entry=entry,
            said=said(entry.action),
            actor=names.get(str(entry.actor)),
            subject=names.get(str(entry.subject)),
            facts=[
                (name.replace("_", " "), _plain(value), names.get(str(value)))
                for name, value in entry.facts.items()
            ],
            leaf=entry.leaf.number if hasattr(entry, "leaf") else None,
        )
        for entry in entries
    ]


def _short(value: str) -> str:
    """The end of an id, which differs most, the length of a list, or how anything longer begins."""
    if value.startswith("["):
        return str(len(orjson.loads(value)))
    if len(value) < _UUID_CHARS:
        return value
    return f"…{value[-_SHORT_CHARS:]}" if len(value) == _UUID_CHARS else f"{value[:_UUID_CHARS]}…"


def _plain(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
    return orjson.dumps(value).decode()


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    """The names of people behind ids; a channel's name could say whom it is about."""
    ids: set[UUID] = set()
    for entry in entries:
        facts = (entry.facts.get(name) for name in _PEOPLE_IN_FACTS)
        ids |= {UUID(fact) for fact in facts if fact}
        ids |= {one for one in (entry.actor, entry.subject) if one}
    people = User.objects.filter(id__in=ids).values_list("id", "display_name")
    return {str(person): name for person, name in people}


@dataclass(frozen=True, kw_only=True)
class Head:
    """The newest signed head, its signature just checked with the school's own key."""

    checkpoint: Checkpoint
    root: str
    signature: str
    holds: bool


def head() -> Head | None:
    """The newest signed head, or None before the first."""
    checkpoint = newest_checkpoint()
    return _head(checkpoint) if checkpoint else None


def head_over(leaf: int | None) -> Head | None:
    """The first signed head that covers a leaf."""
    if leaf is None:
        return None
    checkpoint = Checkpoint.objects.filter(size__gt=leaf).order_by("size").first()
    return _head(checkpoint) if checkpoint else None


def _head(checkpoint: Checkpoint) -> Head:
    ring = keyring.ring()
    return Head(
        checkpoint=checkpoint,
        root=bytes(checkpoint.root).hex(),
        signature=bytes(checkpoint.signature).hex(),
        holds=signature_holds(checkpoint, origin=origin_of(checkpoint), public_key=ring.public_key),
    )


def key_fingerprint() -> str:
    """SHA-256 of the school's public signing key, in groups of four for reading out."""
    digest = sha256(keyring.ring().public_key).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
