"""Whether what looks like a number of some kind can be one. Pure.

static/js/lib/nudges.js has the same functions under the same names; tests/data/nudges.json is run
through both.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

#: The letters of a UPN: all but I, O and S (DfE, Unique pupil numbers: guidance, annex).
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
#: Somebody born on the day is so old: a pupil, or one until lately.
_YEARS: Final = range(2, 26)


def upn(text: str, _today: date) -> bool:
    """A unique pupil number: its first letter is the rest of the others, weighted 2 to 13, by 23.

    The last place of a temporary one is a letter, which counts by its place among the letters.
    """
    first, *rest = list(text.upper())
    values = [int(one) if one in "0123456789" else _UPN_LETTERS.index(one) for one in rest]
    total = sum(value * weight for weight, value in enumerate(values, start=2))
    return _UPN_LETTERS[total % len(_UPN_LETTERS)] == first


def nhs(text: str, _today: date) -> bool:
    """An NHS number: its tenth digit is 11 less the rest of the others, weighted 10 to 2, by 11."""
    digits = _digits(text)
    if len(set(digits)) == 1:
        return False
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return digits[9] == (11 - total % 11) % 11


def card(text: str, _today: date) -> bool:
    """A payment card's number: 13 to 19 digits of which Luhn's sum is a multiple of ten."""
    digits = _digits(text)
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[-2::-2])
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def iban(text: str, _today: date) -> bool:
    """An international bank account number: with its first four signs behind the others, and A to Z
    for 10 to 35, the rest by 97 is 1 (ISO 13616). Its length is the pattern's."""
    signs = [sign for sign in text.upper() if sign not in " -"]
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def birth(text: str, today: date) -> bool:
    """A day of the calendar on which a pupil can have been born."""
    first, second, third = re.findall(r"[0-9]+|[A-Z][a-z]{2}", text)[:3]
    year, month, day = (first, second, third) if len(first) == 4 else (third, second, first)
    number = _MONTHS.index(month.lower()) // 3 + 1 if month[0].isalpha() else int(month)
    with suppress(ValueError):
        born = date(int(year) if len(year) == 4 else 2000 + int(year), number, int(day))
        not_yet = (today.month, today.day) < (born.month, born.day)
        return today.year - born.year - not_yet in _YEARS
    return False


def _digits(text: str) -> list[int]:
    return [int(one) for one in text if one in "0123456789"]


CHECKS: Final[Mapping[str, Callable[[str, date], bool]]] = {
    "upn": upn,
    "nhs": nhs,
    "card": card,
    "iban": iban,
    "birth": birth,
}
