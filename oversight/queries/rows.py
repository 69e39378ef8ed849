"""An entry as a page or a file shows it: its sentence, its names, its facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from oversight.fact_wording import in_words
from oversight.queries.naming import Case, Names, names_in
from oversight.wording import said

_UUID_CHARS: Final = 36
_SHORT_CHARS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Row:
    """An entry as a page shows it. Names are None for readers who may not see them.

    `facts` are (name, value, what it is called or None); `brief` is what they say in words.
    """

    entry: Entry
    said: str
    actor: str | None
    subject: str | None
    case: Case | None
    facts: list[tuple[str, str, str | None]]
    brief: str
    leaf: int | None

    @property
    def actor_short(self) -> str:
        """Enough of the actor's id to tell it from others on a page."""
        return _short(str(self.entry.actor))

    @property
    def subject_short(self) -> str:
        """Enough of the subject's id to tell it from others on a page."""
        return _short(str(self.entry.subject))


def rows_of(entries: Sequence[Entry], *, viewer: User, named: bool) -> Iterator[Row]:
    """The entries as rows; `named` is whether the viewer sees names."""
    names = names_in(entries, viewer=viewer, named=named)
    return (_row(entry, names) for entry in entries)


def _row(entry: Entry, names: Names) -> Row:
    return Row(
        entry=entry,
        said=_said(entry, names),
        actor=names.of(entry.actor),
        subject=names.of(entry.subject),
        case=names.cases.get(str(entry.subject)),
        facts=[
            (name.replace("_", " "), _plain(value, names), names.of(value))
            for name, value in entry.facts.items()
        ],
        brief=in_words(entry.facts, lambda value: names.of(str(value))),
        leaf=entry.leaf.number if hasattr(entry, "leaf") else None,
    )


def _said(entry: Entry, names: Names) -> str:
    ids = {"subject": entry.subject, **entry.facts}
    known = {name: names.of(value) or "" for name, value in ids.items()}
    joined = entry.action == Action.MEMBER_ADDED and ids.get("person") == str(entry.actor)
    return said(entry.action, known, joined=joined, undone=entry.facts.get("on") is False)


def _short(value: str) -> str:
    """The end of an id, which differs most."""
    return f"…{value[-_SHORT_CHARS:]}" if len(value) == _UUID_CHARS else value


def _plain(value: Any, names: Names) -> str:
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case Mapping():
            shown = {name: names.of(one) or _plain(one, names) for name, one in value.items()}
            return ", ".join(f"{name} {one}" for name, one in shown.items())
    return orjson.dumps(value).decode()
