"""What to do about each kind of alert, in a sentence or two."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

from oversight.models import AlertKind
from oversight.thresholds import (
    DOWNLOADED_ENTRIES,
    DOWNLOADS,
    EXPORTED_MESSAGES,
    EXPORTS,
    FAILED_CODES,
    SEARCHES,
)

#: What an alert is about where that is no person.
ABOUT: Final[Mapping[AlertKind, str]] = {
    AlertKind.LOG_VERIFICATION_FAILED: gettext_noop("The log"),
    AlertKind.VERIFICATION_MISSING: gettext_noop("The log"),
    AlertKind.DELIVERY_MISSING: gettext_noop("A checkpoint"),
    AlertKind.CLOCK_WRONG: gettext_noop("The server’s clock"),
    AlertKind.SEALING_BEHIND: gettext_noop("The log"),
    AlertKind.ROLLED_BACK: gettext_noop("The log"),
    AlertKind.LOG_RESTORED: gettext_noop("The log"),
    AlertKind.JOURNAL_WRONG: gettext_noop("The journal"),
}

#: What stands in brackets is one of the thresholds.
ADVICE: Final[Mapping[AlertKind, str]] = {
    AlertKind.MASS_SEARCH: gettext_noop(
        "At least %(searches)s searches of the whole record in an hour. Read the reasons "
        "that were given, and ask what they were looking for."
    ),
    AlertKind.EXPORT_VOLUME: gettext_noop(
        "In a day at least %(exports)s exports asked for, or %(messages)s messages written; or "
        "%(files)s files taken of the log, or files of %(entries)s entries. Ask what they are for "
        "before approving any more."
    ),
    AlertKind.FAILED_SECOND_FACTOR: gettext_noop(
        "%(codes)s wrong codes within ten minutes, by somebody who has the password. "
        "Speak to the person, not by e-mail. If it was not they, have the account closed until "
        "they have a new password."
    ),
    AlertKind.ROLE_CHANGED: gettext_noop(
        "Check with whoever asked for it that it was meant, and for how long. To end a role, one "
        "person is enough."
    ),
    AlertKind.LOG_VERIFICATION_FAILED: gettext_noop(
        "Do not change anything. Print the findings, keep the last checkpoint that came from "
        "outside, and tell the chair of governors."
    ),
    AlertKind.VERIFICATION_MISSING: gettext_noop(
        "For more than a day no nightly check of the log has come to its end. Have it verified now "
        "and see whether that does. Ask IT whether the server was off at night, and what the "
        "worker said if it was not."
    ),
    AlertKind.DELIVERY_MISSING: gettext_noop(
        "Until one arrives, nobody outside could show that the log was changed. Ask IT why it was "
        "not sent, or print today’s and hand it over."
    ),
    AlertKind.CLOCK_WRONG: gettext_noop(
        "Times on record since then may be wrong by more than a second; their order is not. Have "
        "IT look at the time service, and note when it was put right."
    ),
    AlertKind.SEALING_BEHIND: gettext_noop(
        "What is done is on record, but not yet in the tree that protects it. Have IT see whether "
        "the sealer runs."
    ),
    AlertKind.ROLLED_BACK: gettext_noop(
        "An older copy of the database was put in place. After a restore IT says so to the log; "
        "if nobody restored anything, keep the last checkpoint that came from outside, and tell "
        "the chair of governors."
    ),
    AlertKind.LOG_RESTORED: gettext_noop(
        "Whoever runs the server says that a backup was put back, and that what was done after it "
        "is gone. Ask what had happened that it was needed, and hold the number of lost entries "
        "against the last checkpoint that came from outside. If nobody told you of a restore, tell "
        "the chair of governors."
    ),
    AlertKind.JOURNAL_WRONG: gettext_noop(
        "Until it is right nothing is disposed of, and a restore may not know of the newest "
        "holds. Ask IT whether the place where it stands is there, has room and was put back as it "
        "was. If nobody touched it, have somebody find out who can."
    ),
}

_THRESHOLDS: Final = {
    "searches": f"{SEARCHES.amount}",
    "exports": f"{EXPORTS.amount}",
    "messages": f"{EXPORTED_MESSAGES.amount:,}",
    "files": f"{DOWNLOADS.amount}",
    "entries": f"{DOWNLOADED_ENTRIES.amount:,}",
    "codes": f"{FAILED_CODES.amount}",
}


def advice_on(kind: AlertKind) -> str:
    """What to do, with the numbers from which it is an alert at all."""
    return gettext(ADVICE[kind]) % _THRESHOLDS
