"""`rebuild_search`: the keyed index and the vocabularies, anew from the sealed bodies."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from messaging.search.rebuild import flush_months, rebuild_all


class Command(BaseCommand):
    """Month by month, each under fresh keys; messages can be posted and searched meanwhile."""

    help = "Rebuild the search from the sealed messages."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild, and say how many texts were indexed."""
        months = texts = 0
        for place, month, count in rebuild_all():
            months, texts = months + 1, texts + count
            if sys.stderr.isatty():
                self.stderr.write(f"{month:%B %Y}, {place.record_class}: {count:,}")
        flush_months()
        self.stdout.write(f"indexed {texts:,} texts in {months} places and months")
