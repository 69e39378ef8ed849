"""Reads the conversations in data/*.txt.

A scene is a conversation with parts, written like a play:

    == lost-jumper channels=office,staffroom when=0901-1218 at=1515-1630
    A=teachers: [Has anyone seen|Anyone found] {child}'s jumper?
    / Lost: one jumper, {child} in {A.class}.
    fiona ?80 +2 ^1: Look in the [blue|green] box.
    ~ Look in the [blue|green] box by the hall.

The head names the channels (one is chosen), the season (MMDD-MMDD, several with commas) and the
hours (HHMM-HHMM, the same). `once` scenes are played once, `back=N` ones on the Nth school day
before the last. A line is who speaks (a person, or a letter for somebody of a group), the chance
in per cent, the gap in minutes, the turn answered, `x` for a message deleted later, `#label` for
a message others refer to, and the text; `/` gives another text to choose from, `~` what the
message says after an edit. A backslash and n are a new line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

DAY_START, DAY_END = 7 * 60 + 15, 18 * 60  # minutes of the local day in which people write
WHOLE_YEAR = ("0101", "1231")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One message of a scene; `gap` is in minutes after the turn before."""

    who: str
    texts: tuple[str, ...]
    chance: int = 100
    gap: float | None = None
    reply_to: int | None = None
    deleted: bool = False
    label: str = ""
    edited: str | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A conversation; `at` are the first and last minutes of the local day it may begin."""

    name: str
    channels: tuple[str, ...]
    seasons: tuple[tuple[str, str], ...] = (WHOLE_YEAR,)
    at: tuple[tuple[int, int], ...] = ()
    back: int | None = None
    once: bool = False
    turns: tuple[Turn, ...] = field(default=())

    def suits(self, mmdd: str) -> bool:
        """Whether the scene belongs to the season of a day, given as month and day."""
        return any(first <= mmdd <= last for first, last in self.seasons)


class ScriptError(ValueError):
    """A line of a script cannot be read."""


@cache
def scenes() -> tuple[Scene, ...]:
    """Every scene of data/*.txt, in the order of the files."""
    folder = files(__package__).joinpath("data")
    sources = sorted((entry for entry in folder.iterdir()), key=lambda entry: entry.name)
    found: list[Scene] = []
    for source in sources:
        if source.name.endswith(".scenes.txt"):
            found += parse(source.read_text("utf-8"))
    return tuple(found)


@cache
def props() -> dict[str, tuple[str, ...]]:
    """The words that fill the slots: name of the slot to what may stand there."""
    text = files(__package__).joinpath("data", "props.txt").read_text("utf-8")
    pairs = (line.partition(": ") for line in text.splitlines() if line)
    return {name: tuple(rest.split("; ")) for name, _, rest in pairs}


def parse(text: str) -> Iterator[Scene]:
    """The scenes of one file; raises ScriptError for a line without head and text."""
    scene: Scene | None = None
    for line in text.splitlines():
        if not line or line.startswith("%"):
            continue
        if line.startswith("== "):
            if scene:
                yield scene
            scene = _head(line)
        elif scene is None:
            raise ScriptError(line)
        else:
            scene = replace(scene, turns=_with(scene.turns, line))
    if scene:
        yield scene


def _head(line: str) -> Scene:
    name, *words = line.removeprefix("== ").split()
    given = dict(word.partition("=")[::2] for word in words)
    seasons = tuple(_span(span) for span in given.get("when", "").split(",") if span)
    hours = tuple(_hours(span) for span in given.get("at", "").split(",") if span)
    return Scene(
        name=name,
        channels=tuple(given["channels"].split(",")),
        seasons=seasons or (WHOLE_YEAR,),
        at=hours,
        back=int(given["back"]) if "back" in given else None,
        once="once" in given or "back" in given,
    )


def _span(text: str) -> tuple[str, str]:
    first, _, last = text.partition("-")
    return first, last or first


def _hours(text: str) -> tuple[int, int]:
    first, last = _span(text)
    return _minutes(first), _minutes(last)


def _minutes(hhmm: str) -> int:
    return int(hhmm[:2]) * 60 + int(hhmm[2:])


def _with(turns: tuple[Turn, ...], line: str) -> tuple[Turn, ...]:
    if line.startswith("/ "):
        return *turns[:-1], replace(turns[-1], texts=(*turns[-1].texts, line[2:]))
    if line.startswith("~ "):
        return *turns[:-1], replace(turns[-1], edited=line[2:])
    return *turns, _turn(line)


def _turn(line: str) -> Turn:
    head, colon, text = line.partition(": ")
    who, *marks = head.split()
    if not colon or not all(mark[0] in "?+^#x" for mark in marks):
        raise ScriptError(line)
    by_sign = {mark[0]: mark[1:] for mark in marks}
    return Turn(
        who=who,
        texts=(text,),
        chance=int(by_sign.get("?", 100)),
        gap=float(by_sign["+"]) if "+" in by_sign else None,
        reply_to=int(by_sign["^"]) if "^" in by_sign else None,
        deleted="x" in by_sign,
        label=by_sign.get("#", ""),
    )
