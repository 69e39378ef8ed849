"""What can be wrong with a file that is said to be a WhatsApp export.

Every message is one plain sentence that says what to do; the root class is what callers catch.
"""

from datetime import date

from audit.said import Said


class WhatsAppError(Said):
    """This WhatsApp export cannot be imported."""


class NotAnExport(WhatsAppError):
    """No WhatsApp message was found in this file: choose the .txt or .zip of 'Export chat'."""


class EmptyFile(WhatsAppError):
    """This file is empty: export the chat again and choose the new file."""


class UnreadableText(WhatsAppError):
    """This file is not text in UTF-8 or UTF-16: choose the .txt or .zip of 'Export chat'."""


class UnreadableArchive(WhatsAppError):
    """This .zip is damaged or has a password: export the chat again and choose the new file."""


class UnsafeArchive(WhatsAppError):
    """This .zip holds file names that lead outside it, so it is not as WhatsApp wrote it."""


class TooLarge(WhatsAppError):
    """This file is larger than a WhatsApp export can be: export the chat again without media."""


class MessageTooLong(WhatsAppError):
    """A message in this file is longer than WhatsApp allows, so it did not come from WhatsApp."""


class DateOrderDoesNotFit(WhatsAppError):
    """The dates in this file cannot be read in that order: leave out --date-order or change it."""


class ImpossibleDates(WhatsAppError):
    """Dates in this file do not exist in any order, so it did not come from WhatsApp as it is."""


class AmbiguousDates(WhatsAppError):
    """Nothing in the file tells days from months.

    Holds the first and the last date in the file's own order under both readings, so that a
    person who was there can tell which is right.
    """

    def __init__(self, *, dmy: tuple[date, date], mdy: tuple[date, date]) -> None:
        self.dmy = dmy
        self.mdy = mdy
        super().__init__(
            f"The dates can be read as day/month ({_span(dmy)}) or as month/day ({_span(mdy)}): "
            "say which with --date-order dmy or --date-order mdy."
        )


def _span(days: tuple[date, date]) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in days)
    return first if first == last else f"{first} to {last}"
