"""`rebuild_search`: the keyed index and the vocabularies, anew from the sealed bodies."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand

from audit.clock import now
from messaging.search.domains import Place
from messaging.search.rebuild import flush_months, outdated_months, rebuild, rebuild_all
from messaging.search.wholeness import lacking

#: When a rebuild began that has not ended, and what it has finished; the next one goes on with it.
_BEGAN: Final = "rebuild_search.began"


class Command(BaseCommand):
    """Month by month, each under fresh keys; messages can be posted and searched meanwhile."""

    help = "Rebuild the search from the sealed messages; goes on where an earlier one was ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lacking", action="store_true", help="only months that do not hold all they must"
        )
        parser.add_argument(
            "--outdated", action="store_true", help="only months that an earlier version indexed"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rebuild, and say how many texts were indexed."""
        months = texts = 0
        for place, month, count in self._wanted(options):
            months, texts = months + 1, texts + count
            if sys.stderr.isatty():
                self.stderr.write(f"{month:%B %Y}, {place.record_class}: {count:,}")
        flush_months()
        self.stdout.write(f"indexed {texts:,} texts in {months} places and months")

    def _wanted(self, options: Mapping[str, Any]) -> Iterator[tuple[Place, date, int]]:
        if options["outdated"]:
            return _anew(outdated_months())
        return _anew(lacking()) if options["lacking"] else self._all()

    def _all(self) -> Iterator[tuple[Place, date, int]]:
        mark = Path(settings.DATA_DIR) / _BEGAN
        began, *lines = mark.read_text().splitlines() if mark.exists() else [""]
        if began:
            at = datetime.fromisoformat(began).astimezone(UTC)
            self.stdout.write(f"going on with the rebuild of {at:%d %B %Y %H:%M} UTC")
        done = {found for line in lines if (found := _read(line))}
        mark.write_text(
            "".join([f"{began or now().isoformat()}\n", *(_line(*one) for one in done)])
        )
        with mark.open("a", buffering=1) as written:
            for place, month, count in rebuild_all(but=done):
                written.write(_line(place, month))
                yield place, month, count
        mark.unlink()


def _line(place: Place, month: date) -> str:
    return f"{place.record_class} {place.kind} {place.channel or '-'} {month} .\n"


def _read(line: str) -> tuple[Place, date] | None:
    """What `_line` wrote; None for a line that was not written to its end."""
    match line.split(" "):
        case [record_class, kind, channel, month, "."]:
            own = None if channel == "-" else UUID(channel)
            place = Place(record_class=record_class, kind=kind, channel=own)
            return place, date.fromisoformat(month)
    return None


def _anew(months: Iterable[tuple[Place, date]]) -> Iterator[tuple[Place, date, int]]:
    for place, month in months:
        yield place, month, rebuild([(place, month)])
