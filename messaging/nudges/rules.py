"""The table of rules that the page and the server decide by (static/nudges/rules.json). Pure but
for the file.

A rule has a name and patterns. A pattern finds something, and where it has a `check` that decides
by what its first group holds; with `lower_case` it looks at the text in lower case. `only_with` is
what no text can be without that a pattern of the rule finds something in: an expression, or parts
of words in lower case. It costs little, and most texts have none of it. All of it keeps to what
Python and JavaScript understand alike.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import orjson
from django.conf import settings

from messaging.nudges.checks import CHECKS

_FILE: Final = settings.BASE_DIR / "static" / "nudges" / "rules.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pattern:
    find: re.Pattern[str]
    check: Callable[[str, date], bool] | None
    lower_case: bool

    def is_in(self, text: str, today: date) -> bool:
        text = text.lower() if self.lower_case else text
        if self.check is None:
            return self.find.search(text) is not None
        return any(self.check(found.group(1), today) for found in self.find.finditer(text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of the table; rules with the same `only_with` are ruled out together."""

    name: str
    only_with: str | tuple[str, ...]
    patterns: tuple[_Pattern, ...]

    def is_in(self, text: str, today: date) -> bool:
        """Whether a text seems to hold what the rule is about."""
        return any(pattern.is_in(text, today) for pattern in self.patterns)


def found_in(text: str, today: date) -> tuple[str, ...]:
    """The names of the rules that a text falls under, in the order of the table."""
    possible = {needed for needed, is_there in _needed() if is_there(text)}
    if not possible:
        return ()
    return tuple(
        rule.name for rule in rules() if rule.only_with in possible and rule.is_in(text, today)
    )


@cache
def _needed() -> tuple[tuple[str | tuple[str, ...], Callable[[str], object]], ...]:
    return tuple((needed, _looking_for(needed)) for needed in {r.only_with for r in rules()})


def _looking_for(needed: str | tuple[str, ...]) -> Callable[[str], object]:
    if isinstance(needed, str):
        return re.compile(needed).search

    return lambda text: any(map(text.lower().__contains__, needed))


@cache
def rules() -> tuple[Rule, ...]:
    """The table."""
    return tuple(map(_rule, orjson.loads(_FILE.read_bytes())["rules"]))


def _rule(line: dict[str, Any]) -> Rule:
    needed = line["only_with"]
    return Rule(
        name=line["name"],
        only_with=needed if isinstance(needed, str) else tuple(needed),
        patterns=tuple(map(_pattern, line["patterns"])),
    )


def _pattern(given: dict[str, Any]) -> _Pattern:
    return _Pattern(
        find=re.compile(given["find"]),
        check=CHECKS[given["check"]] if "check" in given else None,
        lower_case=given.get("lower_case", False),
    )
