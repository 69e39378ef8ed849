"""Places of the index: which domain and which month's table a text belongs to, and their keys.

An index key is unwrapped once a process and kept by its id; it never changes under one id, and a
retired key's row, and with it every way to be asked for it, is gone.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final, NamedTuple, Protocol, Self
from uuid import UUID

from psycopg.sql import Identifier

from audit import keyring
from audit.sealed import new_key
from audit.statements import ask
from messaging.exceptions import MessagingError
from messaging.search.analysis import ANALYSER
from messaging.search.models import IndexKey, SearchDomain
from messaging.search.pairs import forget_pairs
from messaging.search.tokens import Keys, derive, forget_tokens

_CLASS: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CACHED: Final = 8_192
_opened: OrderedDict[UUID, Keys] = OrderedDict()
_lock = Lock()


class KeyNotMade(MessagingError):
    """The search was being renewed just now, so nothing was stored; try again."""

    code = "unavailable"


class ChannelLike(Protocol):
    """What is asked of a channel."""

    id: UUID
    kind: str
    record_class: str
    sensitive: bool


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """Where texts are indexed together, their earlier versions beside them.

    Attributes:
        record_class: the retention class.
        kind: `channel` or `direct`.
        channel: a sensitive channel's id, since each has a domain of its own.
    """

    record_class: str
    kind: str
    channel: UUID | None = None

    @classmethod
    def of(cls, domain: SearchDomain) -> Self:
        """The place of a domain, or of what it holds the versions of."""
        return cls(record_class=domain.record_class, kind=domain.kind, channel=domain.channel)


@dataclass(frozen=True, kw_only=True)
class Month:
    """One domain's month, opened."""

    domain: int
    key_id: UUID
    keys: Keys
    table: Identifier


def place_of(channel: ChannelLike) -> Place:
    """The place of a channel's messages."""
    return Place(
        record_class=channel.record_class,
        kind="direct" if channel.kind == "direct" else "channel",
        channel=channel.id if channel.sensitive else None,
    )


def table_of(record_class: str, kind: str, month: date) -> Identifier:
    """The table of a class, kind and month, as `search.table_of` names it in the database."""
    if not _CLASS.fullmatch(record_class) or kind not in {"channel", "direct"}:
        raise ValueError("not a place of the index")
    return Identifier("search", f"t_{record_class}_{kind}_{month:%Y%m}")


def open_month(place: Place, month: date, *, versions: bool = False) -> Month:
    """Make ready to index: table, domain and key exist, and the key stays until the commit.

    Call it inside the transaction that indexes. Where both a domain and its versions are
    wanted, the domain comes first, so that nobody waits in a circle.
    """
    found = _call(place, month, versions)
    if found.key_id is None:
        _make_key(found.domain, month)
        found = _call(place, month, versions)
    if found.key_id is None:
        raise KeyNotMade
    return Month(
        domain=found.domain,
        key_id=found.key_id,
        keys=opened(found.key_id, found.generation, found.wrapped),
        table=table_of(place.record_class, place.kind, month),
    )


def opened(key_id: UUID, generation: int, wrapped: bytes) -> Keys:
    """The keys derived from an index key, kept in the process by its id."""
    with _lock:
        if key_id in _opened:
            _opened.move_to_end(key_id)
            return _opened[key_id]
    keys = derive(keyring.ring(knows=generation).unwrap(wrapped, generation))
    with _lock:
        _opened[key_id] = keys
        if len(_opened) > _CACHED:
            _opened.popitem(last=False)
    return keys


def forget_keys() -> None:
    """Drop every opened index key, and what was made under it, as after a move of the keyring."""
    with _lock:
        _opened.clear()
    forget_tokens()
    forget_pairs()


class _Found(NamedTuple):
    """A row of the database's `open_month`."""

    domain: int
    key_id: UUID | None
    generation: int
    wrapped: bytes


_OPEN: Final = """
SELECT domain, index_key, generation, wrapped
FROM search.open_month(%(class)b::text, %(kind)b::text, %(channel)b::uuid, %(versions)b::boolean,
                       %(month)b::date)
"""


def _call(place: Place, month: date, versions: bool) -> _Found:
    values = {
        "class": place.record_class,
        "kind": place.kind,
        "channel": place.channel,
        "versions": versions,
        "month": month,
    }
    (row,) = ask(_OPEN, values)
    return _Found(*row)


def _make_key(domain: int, month: date) -> None:
    key = IndexKey(domain_id=domain, month=month, analyser=ANALYSER, **vars(new_key()))
    IndexKey.objects.bulk_create([key], ignore_conflicts=True)
