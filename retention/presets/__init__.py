"""The retention rules that an installation begins with: by nation and by type of school.

They stand as data beside this module: `common.toml` is a maintained school's in England, and each
other file says what is otherwise. The periods are those of the IRMS toolkit for schools and of the
sources that each preset names; IRMS itself calls its schedule guidance. Every preset says 'check
with your DPO' until the school has approved a version of its own. Pure.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_noop

from retention.due.terms import Term, Trigger

CHECK: Final = gettext_noop("Preset: check with your DPO.")
DEFAULT_CLASS: Final = "routine"
#: A period below this loses evidence before an employment tribunal's limits have run out.
SHORTEST_WITHOUT_WARNING: Final = 12
#: No rule disposes of these, whoever wants it: IICSA's recommendation 17, Inquiries Act 2005 s.35.
NEVER_DISPOSED: Final = ("child_sexual_abuse", "statutory_inquiry")

#: Those with a file of their own; a nation is named as in accounts.labels.
NATIONS: Final = {
    "england": gettext_noop("England"),
    "wales": gettext_noop("Wales"),
    "scotland": gettext_noop("Scotland"),
    "northern-ireland": gettext_noop("Northern Ireland"),
}
SCHOOL_TYPES: Final = {
    "maintained": gettext_noop("Maintained school"),
    "academy": gettext_noop("Academy or trust"),
    "independent": gettext_noop("Independent school"),
}
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A rule: a period of months or of days from its trigger, rounded up to a month's end."""

    record_class: str
    name: str
    trigger: Trigger
    months: int | None
    days: int | None
    action: str
    authority: str

    @property
    def term(self) -> Term:
        """Trigger and period."""
        return Term(trigger=self.trigger, months=self.months, days=self.days)


def presets_for(nation: str, school_type: str) -> tuple[Preset, ...]:
    """The rules of a school of that type in that nation; KeyError where there is none such."""
    if nation not in NATIONS or school_type not in SCHOOL_TYPES:
        raise KeyError(nation, school_type)
    rules = {one["class"]: one for one in _rules("common")}
    for name in (nation, school_type):
        for one in _rules(name):
            rules[one["class"]] = {**rules[one["class"]], **one}
    return tuple(_preset(one) for one in rules.values())


@cache
def _rules(name: str) -> list[dict[str, Any]]:
    path = _FOLDER / f"{name}.toml"
    if not path.exists():  # England's and a maintained school's are the common ones
        return []
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return found


def _preset(one: dict[str, Any]) -> Preset:
    return Preset(
        record_class=one["class"],
        name=one["name"],
        trigger=Trigger(one["trigger"]),
        months=one.get("months"),
        days=one.get("days"),
        action=one["action"],
        authority=one["authority"],
    )
