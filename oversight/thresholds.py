"""How much is so much that somebody ought to look: the numbers behind alerts. Pure.

They are the same in every school. A lead who searches for one child does so some times in an hour,
with other words; who goes through everybody does it far more often. Nobody is hindered: an alert
only says that it was so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """So much, within so long."""

    amount: int
    within: timedelta


#: More than twenty searches of the whole record by one person in an hour.
SEARCHES: Final = Threshold(amount=21, within=timedelta(hours=1))
#: More than three exports asked for by one person in a day: a case needs one or two.
EXPORTS: Final = Threshold(amount=4, within=timedelta(days=1))
#: Or more than a busy channel has in a year, however few the exports.
EXPORTED_MESSAGES: Final = Threshold(amount=10_001, within=timedelta(days=1))
#: More than ten files of the log in a day: whoever looks into something takes one, and then a
#: better one.
DOWNLOADS: Final = Threshold(amount=11, within=timedelta(days=1))
#: Or more entries than a school writes in a month, most of them a message each, however few the
#: files.
DOWNLOADED_ENTRIES: Final = Threshold(amount=100_001, within=timedelta(days=1))
#: A person mistypes a code once or twice. Five is where the sign-in page makes one wait.
FAILED_CODES: Final = Threshold(amount=5, within=timedelta(minutes=10))
#: A night, and time for a log that takes longer than the night before.
VERIFIED_WITHIN: Final = timedelta(hours=26)
#: Entries are sealed within a second.
SEALED_WITHIN: Final = timedelta(minutes=1)
#: How far the clock may be off (R50 of the school's rules of evidence), and be set at one time.
CLOCK_MS: Final = 1_000
#: How long nothing may keep the clock. A restart of the time service is over long before.
UNKEPT: Final = timedelta(days=1)


def reached(amounts: Iterable[tuple[datetime, int]], threshold: Threshold) -> bool:
    """Whether there is any span as long as the threshold's in which so much came together."""
    rows = sorted(amounts)
    total, first = 0, 0
    for at, amount in rows:
        total += amount
        while at - rows[first][0] > threshold.within:
            total -= rows[first][1]
            first += 1
        if total >= threshold.amount:
            return True
    return False
