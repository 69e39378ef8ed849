"""What stands in a certificate, as people read it: on its page and in its PDF."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from retention.models import Exclusion


def time(text: str | None) -> str:
    """An ISO time: 29 November 2026, 23:41 UTC."""
    if text is None:
        return "–"
    said = date_format(datetime.fromisoformat(text), "j F Y, H:i")
    return gettext("%(time)s UTC") % {"time": said}


def day(text: str) -> str:
    """An ISO day: 29 November 2026."""
    return date_format(date.fromisoformat(text), "j F Y")


def span(document: Mapping[str, Any]) -> str:
    """From when to when that was sent which is gone; of before form 3 only the months are known.
    "" where nothing was destroyed."""
    if not document["first_month"]:
        return ""
    if document.get("first_day"):
        first, last = day(document["first_day"]), day(document["last_day"])
    else:
        first, last = _month(document["first_month"]), _month(document["last_month"])
    if first == last:
        return first
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def carried_out(document: Mapping[str, Any]) -> str:
    """From when to when, or when, if both read the same."""
    first, last = time(document["carried_out"]["from"]), time(document["carried_out"]["until"])
    return first if first == last else f"{first} – {last}"


def left_out(document: Mapping[str, Any]) -> list[tuple[int | None, str]]:
    """How many messages were left out (None: not known), and why; nothing where not even that is
    known."""
    named = dict(Exclusion.Reason.choices)
    counts = document.get("left_out") or {}
    return [(count, str(named[reason])) for reason, count in counts.items()]


def declared(document: Mapping[str, Any]) -> list[str]:
    """A sentence for each folder of copies that two people have declared lost."""
    text = gettext("Declared by %(one)s and %(other)s to have been lost or destroyed by %(day)s")
    return [
        text
        % {
            "one": one["declared"]["name"],
            "other": one["agreed"]["name"],
            "day": day(one["lost_on"]),
        }
        for one in document.get("copies_declared") or []
    ]


def _month(text: str) -> str:
    return date_format(date.fromisoformat(f"{text}-01"), "F Y")
