"""Turns a scene into what people say in it: choices made, slots filled."""

import re
from collections.abc import Sequence
from datetime import date
from random import Random

from schoolchat.demo import terms
from schoolchat.demo.scenes import props
from schoolchat.demo.school import BY_KEY, CLASSES, GROUPS

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{([^{}]+)\}")
_SEAMS = tuple(
    (re.compile(pattern), better)
    for pattern, better in (
        (r"(?<=\S) {2,}(?=\S)", " "),
        (r" ([.,])", r"\1"),
        (r"([.?!]) ?[.,]", r"\1"),
        (r"([\u2600-\u27bf\U0001f300-\U0001faff])\.$", r"\1"),
        (r"\b([Tt]he) the\b", r"\1"),
    )
)
_NUMBER = re.compile(r"[a-z]:(\d+)-(\d+)")
_DAY = re.compile(r"(day|date)([+-]\d+)?")


def choose(text: str, rng: Random) -> str:
    """The text with each [a|b] chosen, innermost first."""
    chosen = 1
    while chosen:
        text, chosen = _CHOICE.subn(lambda match: rng.choice(match[1].split("|")), text)
    return text


def tidy(text: str) -> str:
    """Mends what empty choices and slots leave: gaps, doubled stops, a small first letter."""
    text = text.replace("\\n", "\n").strip()
    for pattern, better in _SEAMS:
        text = pattern.sub(better, text)
    return text[:1].upper() + text[1:]


def mistype(text: str, rng: Random) -> str:
    """The text with two neighbouring letters of a word changed over, as thumbs do."""
    places = [m.start() for m in re.finditer(r"(?<=[a-z])([a-z])(?!\1)[a-z](?=[a-z])", text)]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


class NotOnStageError(LookupError):
    """A text names a part that nobody plays yet."""


class Stage:
    """Who plays which part in one scene, and what was said for each slot.

    A slot keeps its value through the scene; slots that differ by a digit have different values.
    """

    def __init__(self, rng: Random, day: date, members: Sequence[str]) -> None:
        self._rng = rng
        self._day = day
        self._members = members
        self._parts: dict[str, str] = {}
        self._said: dict[str, str] = {}

    def speaker(self, who: str) -> str | None:
        """The key of who speaks, or None when nobody of this channel can play the part."""
        part, _, group = who.partition("=")
        if part in BY_KEY:
            return part if part in self._members else None
        if part not in self._parts:
            taken = set(self._parts.values())
            able = GROUPS.get(group) or (tuple(group.split("/")) if group else self._members)
            free = [key for key in able if key in self._members and key not in taken]
            if not free:
                return None
            self._parts[part] = self._rng.choice(free)
        return self._parts[part]

    def say(self, text: str) -> str:
        """The text as it is said in this scene; NotOnStageError if it names somebody not in it."""
        return tidy(_SLOT.sub(lambda match: self._fill(match[1]), text))

    def _fill(self, slot: str) -> str:
        if slot not in self._said:
            self._said[slot] = self._value(slot)
        return self._said[slot]

    def _value(self, slot: str) -> str:
        part, _, what = slot.partition(".")
        if part in self._parts:
            return self._of_person(self._parts[part], what)
        if len(part) == 1:
            raise NotOnStageError(slot)
        if number := _NUMBER.fullmatch(slot):
            return str(self._rng.randint(int(number[1]), int(number[2])))
        if day := _DAY.fullmatch(slot):
            return self._of_day(day[1], int(day[2] or 0))
        return self._prop(slot.rstrip("0123456789"))

    def _prop(self, base: str) -> str:
        said = set(self._said.values())
        free = [value for value in props()[base] if value not in said]
        return self._rng.choice(free)

    def _of_person(self, key: str, what: str) -> str:
        person = BY_KEY[key]
        if what == "class":
            return CLASSES.get(person.teaches) or self._fill("class")
        if what == "year":
            return person.teaches or self._fill("year")
        return person.first

    def _of_day(self, form: str, days: int) -> str:
        day = terms.shift(self._day, days)
        return f"{day:%A}" if form == "day" else f"{day:%A} {day.day} {day:%B}"
