"""What is looked for in the log, as conditions that an index answers.

Each filter is a list of conditions of which any is enough, and each of these leads to its entries
by an index of its own (by actor, by action, by subject). As one condition with OR they would make
the database walk back through the whole log until a page is full.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q

from audit.actions import FACTS, Action
from audit.models import Entry
from oversight.models import Concern, SearchRecord
from oversight.times import start_of
from oversight.wording import actions_of
from retention.models import Disposal, Export, Hold

#: What a case is, by the word that stands in the address. All of them have a number and a uid.
CASES: Final[dict[str, type[Model]]] = {
    "export": Export,
    "hold": Hold,
    "disposal": Disposal,
    "search": SearchRecord,
    "concern": Concern,
}
_ABOUT_A_PERSON: Final = [action for action, facts in FACTS.items() if "person" in facts]
#: How far a clock may have been wrong when an entry was written, and the entry is still found
#: among those of its day.
_CLOCK: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters of the log's pages: ids, numbers, enums and days, so that they may stand in the log
    too. `case` is a key of CASES and counts only with its `number`; both days are included."""

    group: str = ""
    action: str = ""
    actor: UUID | None = None
    subject: UUID | None = None
    case: str = ""
    number: int | None = None
    since: date | None = None
    until: date | None = None

    def facts(self) -> dict[str, str | int]:
        """Those that are set, as the entry of the viewing holds them."""
        return {
            name: value if isinstance(value, int) else str(value)
            for name, value in vars(self).items()
            if value
        }

    @property
    def is_narrow(self) -> bool:
        """Whether more than a group of acts is looked for."""
        return bool(self.facts().keys() - {"group"})


def any_of(conditions: list[Q]) -> Q:
    """One condition; of an empty list, one that no entry meets."""
    if not all(conditions):
        return Q()  # met by every entry, which Q's own | does not know
    return reduce(or_, conditions, Q(pk__in=[]))


def narrowings(wanted: Wanted) -> list[list[Q]]:
    """The filters that are set, the one that leaves fewest entries first."""
    filters: tuple[tuple[object, Callable[[Wanted], list[Q]]], ...] = (
        (wanted.case, _about_case),
        (wanted.subject, _about_subject),
        (wanted.actor, lambda it: [Q(actor=it.actor)]),
        (wanted.action, lambda it: [Q(action=it.action)]),
        (wanted.group, lambda it: [Q(action=action) for action in actions_of(it.group)]),
    )
    return [conditions(wanted) for is_set, conditions in filters if is_set]


def span_of(wanted: Wanted) -> Q:
    """Between the days. Times have no index: they rise with the ids, among which the ends of the
    span are looked up, a day further out in case a clock was wrong."""
    found = Q()
    if wanted.since:
        begin = start_of(wanted.since)
        found &= Q(at__gte=begin, id__gte=first_id_from(begin - _CLOCK))
    if wanted.until:
        end = start_of(wanted.until + timedelta(days=1))
        found &= Q(at__lt=end, id__lt=first_id_from(end + _CLOCK))
    return found


def first_id_from(moment: datetime) -> int:
    """Where in the log a moment begins, by halving; one beyond the end when it is still to come."""
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    low, high = 0, newest + 1
    while low < high:
        middle = (low + high) // 2
        found = Entry.objects.filter(id__gte=middle).order_by("id").values_list("id", "at").first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return high


def _about_subject(wanted: Wanted) -> list[Q]:
    """Done to a person or a thing, also where a person stands among the facts."""
    among_facts = Q(action__in=_ABOUT_A_PERSON, facts__person=str(wanted.subject))
    return [Q(subject=wanted.subject), among_facts]


def _about_case(wanted: Wanted) -> list[Q]:
    """What was done to a thing with a number, and the messages and files that were opened on its
    authority.

    A number that there is not, has no entries.
    """
    thing: Any = CASES[wanted.case]._default_manager.filter(number=wanted.number).first()
    if thing is None:
        return []
    match thing:
        case SearchRecord():
            opened = Q(action__in=(Action.MESSAGE_OPENED, Action.FILE_OPENED))
            by_it = opened & Q(actor=thing.searcher_id, facts__search=str(thing.uid))
            return [Q(subject=thing.uid), by_it]
        case Concern():
            message = Q(action=Action.MESSAGE_OPENED, subject=thing.message)
            by_it = message & Q(facts__authority="concern")
            files = Q(action=Action.FILE_OPENED, facts__concern=str(thing.uid))
            return [Q(subject=thing.uid), by_it, files]
    return [Q(subject=thing.uid)]
