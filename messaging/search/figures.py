"""How many messages, or texts, a search finds, in words."""

from math import floor, log10
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import ngettext

from messaging.search.counting import Count

_DIGITS: Final = 3
"""Of a number that is not exact, those that say something."""


def in_words(count: Count, *, versions: bool = False) -> str:
    """Exact where the index decides; else about as many, or more where time was up; nothing where
    none was counted and that may not be all. Where `versions` are found each is a text."""
    if not count.number and (count.partial or not count.exact):
        return ""
    number = count.number if count.exact else _rounded(count.number)
    said = _texts(count, number) if versions else _messages(count, number)
    return said % {"count": number_format(number, force_grouping=True)}


def _messages(count: Count, number: int) -> str:
    if count.partial:
        return ngettext("More than %(count)s message", "More than %(count)s messages", number)
    if count.exact:
        return ngettext("%(count)s message found", "%(count)s messages found", number)
    return ngettext("About %(count)s message", "About %(count)s messages", number)


def _texts(count: Count, number: int) -> str:
    if count.partial:
        return ngettext("More than %(count)s text", "More than %(count)s texts", number)
    if count.exact:
        return ngettext("%(count)s text found", "%(count)s texts found", number)
    return ngettext("About %(count)s text", "About %(count)s texts", number)


def _rounded(number: int) -> int:
    if number < 10**_DIGITS:
        return number
    step = int(10 ** (floor(log10(number)) + 1 - _DIGITS))
    return number // step * step
