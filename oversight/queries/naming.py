"""What the ids in the log are called, for those who may see it. Looked up when a page is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.models import Entry
from messaging.models import Channel
from messaging.queries import channels_for
from oversight.queries.filters import CASES

#: Which case the subject of an act is, by how the act's name begins.
_NOUNS: Final = {
    "export": "export",
    "hold": "hold",
    "disposal": "disposal",
    "record": "search",
    "concern": "concern",
}
_NUMBERED: Final = {
    "export": gettext_noop("export %(number)s"),
    "hold": gettext_noop("hold %(number)s"),
    "disposal": gettext_noop("disposal %(number)s"),
    "search": gettext_noop("search %(number)s"),
    "concern": gettext_noop("concern %(number)s"),
}
#: Of the filters that somebody looked at the log with.
_PEOPLE_IN_FILTERS: Final = ("actor", "subject")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A thing with a number, as the address of the log's page names it."""

    kind: str
    number: int

    def __str__(self) -> str:
        return _(_NUMBERED[self.kind]) % {"number": self.number}


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of people and of the viewer's own channels, and the cases that entries are about.

    Numbers of cases are no names: whoever sees the entry sees them.
    """

    people: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)

    def of(self, value: object) -> str | None:
        """What an id is called, or None."""
        found = self.people.get(str(value)) or self.channels.get(str(value))
        return found or (str(self.cases[str(value)]) if str(value) in self.cases else None)


def names_in(entries: Sequence[Entry], *, viewer: User, named: bool) -> Names:
    """The names behind the ids of these entries; `named` is whether the viewer sees names."""
    cases = _cases(entries)
    if not named:
        return Names(cases=cases)
    return Names(people=_people(entries), channels=_channels(entries, viewer), cases=cases)


def _people(entries: Iterable[Entry]) -> dict[str, str]:
    ids = {one for entry in entries for one in _ids(entry) if one}
    people = User.objects.filter(id__in=ids).values_list("id", "display_name")
    return {str(person): name for person, name in people}


def _ids(entry: Entry) -> list[UUID | None]:
    """Where a person can stand in an entry."""
    filters = entry.facts.get("filters", {})
    looked_for = [filters.get(name) for name in _PEOPLE_IN_FILTERS]
    among_facts = [_id(value) for value in (entry.facts.get("person"), *looked_for)]
    return [entry.actor, entry.subject, *among_facts]


def _id(value: object) -> UUID | None:
    """A fact as an id; of a filter its form says no more than that it is a word or an id."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _channels(entries: Iterable[Entry], viewer: User) -> dict[str, str]:
    """Only those that the viewer is in: another one's name could say whom it is about."""
    ids = {one for entry in entries for one in (entry.subject, entry.facts.get("channel")) if one}
    found = channels_for(viewer).filter(id__in=ids).values_list("id", "name", "kind")
    return {
        str(channel): _("a direct conversation") if kind == Channel.Kind.DIRECT else name
        for channel, name, kind in found
    }


def _cases(entries: Iterable[Entry]) -> dict[str, Case]:
    uids: dict[str, set[UUID]] = {}
    for entry in entries:
        kind = _NOUNS.get(entry.action.partition(".")[0])
        if kind and entry.subject:
            uids.setdefault(kind, set()).add(entry.subject)
    return {
        str(uid): Case(kind=kind, number=number)
        for kind, some in uids.items()
        for uid, number in _numbers(kind, some)
    }


def _numbers(kind: str, uids: set[UUID]) -> Any:
    return CASES[kind]._default_manager.filter(uid__in=uids).values_list("uid", "number")
