"""What a member asked, understood: the words, and each filter as a chip that can be taken off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from messaging.search.errors import PersonUnknown, ValueUnknown
from messaging.search.filters import Filter, day_of, named, split, without
from messaging.search.grammar import QUOTES
from messaging.search.query import Has, Is, Query, parse
from messaging.search.tree import Words, leaves

HAS: Final = {
    Has.LINK: gettext_lazy("With a link"),
    Has.FILE: gettext_lazy("With a file"),
    Has.IMAGE: gettext_lazy("With a picture"),
}

IS: Final = {
    Is.EDITED: gettext_lazy("Edited"),
    Is.DELETED: gettext_lazy("Deleted"),
    Is.IMPORTED: gettext_lazy("Imported"),
}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter in words, and what changes in the address when it is taken off."""

    label: str
    name: str
    gone: Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A member's search.

    Attributes:
        query: None where nothing was asked for.
        chips: how it was understood.
        likened: the search with every plain word taken as one that may be misspelt; empty where
            there is none.
    """

    query: Query | None
    chips: tuple[Chip, ...]
    likened: str = ""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the filters of one person may name.

    Attributes:
        me: who asks.
        people, channels: by name.
        former: people who left, asked where nobody of `people` has the name. For members; the
            desk's `people` are all.
        versions: also what was deleted. For the desk.
        today: the day of the search, if it was another.
        settled: whom and which channel its `from` and `in` named then, if it was made before. They
            may have another name now, or be none of the choices.
    """

    me: User
    people: Mapping[UUID, str]
    channels: Mapping[UUID, str]
    former: Mapping[UUID, str] = field(default_factory=dict)
    versions: bool = False
    today: date | None = None
    settled: Mapping[str, UUID] = field(default_factory=dict)


def understood(text: str, fields: Mapping[str, Any], choices: Choices) -> Asked:
    """Read the text with its filters, and the form's fields `channel`, `person`, `since`, `until`
    and `has` beside it. What is typed goes before a field. Raises QueryError."""
    chips: list[Chip] = []
    limits: dict[str, Any] = {}
    for name, limit, label in _fields(fields, choices):
        limits |= limit
        chips.append(Chip(label=label, name=name, gone={name: None, "before": None}))
    words, more, typed = filtered(text, choices)
    beside = {name for chip in typed for name in _FIELDS[chip.name]}
    chips = [chip for chip in chips if chip.name not in beside] + typed
    limits |= more
    asked = words.strip() or any(limits.get(name) for name in _ENOUGH)
    query = parse(words, **limits) if asked else None
    if query is not None:
        chips += opened(query, text)
    likened = likened_words(query, text) if query else ""
    return Asked(query=query, chips=tuple(chips), likened=likened)


def filtered(text: str, choices: Choices) -> tuple[str, dict[str, Any], list[Chip]]:
    """The words without the filters typed between them, what those ask of the query, and their
    chips. Raises QueryError."""
    words, typed = split(text)
    limits: dict[str, Any] = {}
    chips: list[Chip] = []
    for each in typed:
        limit, label = _typed(each, choices)
        limits |= limit
        gone = {"q": without(text, each), "before": None}
        chips.append(Chip(label=label, name=each.name, gone=gone))
    return words, limits, chips


def likened_words(query: Query, text: str) -> str:
    """The search with ~ before its plain words; empty where none can be misspelt."""
    plain = [leaf for leaf in leaves(query.tree, absent=False) if _may_be_misspelt(leaf)]
    likened = text
    for leaf in reversed(plain):
        likened = f"{likened[: leaf.start]}~{likened[leaf.start :]}"
    return likened if plain else ""


def _may_be_misspelt(words: Words) -> bool:
    forms = [form for unit in words.units for way in unit for form in way]
    return not _is_open(words) and any(form.isalpha() and len(form) > 3 for form in forms)


def opened(query: Query, text: str) -> list[Chip]:
    """A chip for each word that may stand for others."""
    return [_chip_of(leaf, text) for leaf in leaves(query.tree) if _is_open(leaf)]


def _is_open(words: Words) -> bool:
    return words.alike or words.prefix or words.suffix


def _chip_of(words: Words, text: str) -> Chip:
    """What was understood by ~ and stars, in the person's own words: taking it off looks for the
    words as they stand."""
    typed = text[words.start : words.end]
    plain = typed.strip("~*")
    form = {"word": plain.strip(QUOTES)}
    if words.alike:
        label = _("Like ‘%(word)s’") % form
    elif words.prefix and words.suffix:
        label = _("With ‘%(word)s’ in a word") % form
    elif words.prefix:
        label = _("Beginning with ‘%(word)s’") % form
    else:
        label = _("Ending with ‘%(word)s’") % form
    gone = text[: words.start] + plain + text[words.end :]
    return Chip(label=label, name="words", gone={"q": gone, "before": None})


#: What may be asked for without a word.
_ENOUGH: Final = ("author", "since", "until", "has", "state")

#: Which of the form's fields a typed filter stands for.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "from": ("person",),
    "in": ("channel",),
    "before": ("until",),
    "after": ("since",),
    "on": ("since", "until"),
    "has": ("has",),
    "is": (),
}


def _fields(
    fields: Mapping[str, Any], choices: Choices
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Of each field that is filled in: its name, what it asks of the query, and its words. An id
    that is not the member's own filters, and is named by nothing."""
    if channel := fields.get("channel"):
        yield "channel", {"channel": channel}, _in(channel, choices)
    if person := fields.get("person"):
        yield "person", {"author": person}, _by(person, choices)
    if since := fields.get("since"):
        yield "since", {"since": _start_of(since)}, _from_day(since)
    if until := fields.get("until"):
        yield "until", {"until": _start_of(until + timedelta(days=1))}, _to_day(until)
    if has := fields.get("has"):
        yield "has", {"has": has}, str(HAS[has])


def _typed(asked: Filter, choices: Choices) -> tuple[dict[str, Any], str]:
    """What a typed filter asks of the query, and its words."""
    match asked.name:
        case "from":
            author = choices.settled.get("from") or _author(asked, choices)
            return {"author": author}, _by(author, choices)
        case "in":
            channel = choices.settled.get("in") or _channel(asked, choices)
            return {"channel": channel}, _in(channel, choices)
        case "has":
            return _having(asked)
        case "is":
            return _being(asked, choices)
    day = day_of(asked, choices.today or timezone.localdate())
    following = day + timedelta(days=1)
    match asked.name:
        case "before":
            until = _start_of(day)
            return {"until": until}, _("Before %(day)s") % {"day": _words(day)}
        case "after":
            return {"since": _start_of(following)}, _("After %(day)s") % {"day": _words(day)}
    limits = {"since": _start_of(day), "until": _start_of(following)}
    return limits, _("On %(day)s") % {"day": _words(day)}


def _author(asked: Filter, choices: Choices) -> UUID:
    if asked.value.casefold() in {"me", "@me"}:
        return choices.me.id
    try:
        return named(asked, choices.people.items())
    except PersonUnknown:
        return named(asked, choices.former.items())


def _channel(asked: Filter, choices: Choices) -> UUID:
    return named(asked, choices.channels.items())


def _by(person: UUID, choices: Choices) -> str:
    name = choices.people.get(person) or choices.former.get(person) or _("somebody else")
    return _("By %(name)s") % {"name": name}


def _in(channel: UUID, choices: Choices) -> str:
    return _("In %(name)s") % {"name": choices.channels.get(channel, _("another channel"))}


def _having(asked: Filter) -> tuple[dict[str, Any], str]:
    try:
        has = Has(asked.value.casefold())
    except ValueError:
        raise ValueUnknown(asked.place, filter="has", known=", ".join(Has)) from None
    return {"has": has}, str(HAS[has])


def _being(asked: Filter, choices: Choices) -> tuple[dict[str, Any], str]:
    known = [each for each in Is if choices.versions or each is not Is.DELETED]
    try:
        state = known[known.index(Is(asked.value.casefold()))]
    except ValueError:
        raise ValueUnknown(asked.place, filter="is", known=", ".join(known)) from None
    return {"state": state}, str(IS[state])


def _start_of(day: date) -> datetime:
    """The school's midnight at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _words(day: date) -> str:
    return formatted(day, "j F Y")


def _from_day(day: date) -> str:
    return _("From %(day)s") % {"day": _words(day)}


def _to_day(day: date) -> str:
    return _("Until %(day)s") % {"day": _words(day)}
