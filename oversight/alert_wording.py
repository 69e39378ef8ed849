"""What to do about each kind of alert, in a sentence or two."""

from collections.abc import Mapping
from typing import Final

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
    AlertKind.LOG_VERIFICATION_FAILED: "The log",
    AlertKind.VERIFICATION_MISSING: "The log",
    AlertKind.DELIVERY_MISSING: "A checkpoint",
    AlertKind.CLOCK_WRONG: "The server’s clock",
    AlertKind.SEALING_BEHIND: "The log",
    AlertKind.ROLLED_BACK: "The log",
    AlertKind.LOG_RESTORED: "The log",
}

ADVICE: Final[Mapping[AlertKind, str]] = {
    AlertKind.MASS_SEARCH: (
        f"At least {SEARCHES.amount} searches of the whole record in an hour. Read the reasons "
        "that were given, and ask what they were looking for."
    ),
    AlertKind.EXPORT_VOLUME: (
        f"In a day at least {EXPORTS.amount} exports asked for, or {EXPORTED_MESSAGES.amount:,} "
        f"messages written; or {DOWNLOADS.amount} files taken of the log, or files of "
        f"{DOWNLOADED_ENTRIES.amount:,} entries. Ask what they are for before approving any more."
    ),
    AlertKind.FAILED_SECOND_FACTOR: (
        f"{FAILED_CODES.amount} wrong codes within ten minutes, by somebody who has the password. "
        "Speak to the person, not by e-mail. If it was not they, have the account closed until "
        "they have a new password."
    ),
    AlertKind.ROLE_CHANGED: (
        "Check with whoever asked for it that it was meant, and for how long. To end a role, one "
        "person is enough."
    ),
    AlertKind.LOG_VERIFICATION_FAILED: (
        "Do not change anything. Print the findings, keep the last checkpoint that came from "
        "outside, and tell the chair of governors."
    ),
    AlertKind.VERIFICATION_MISSING: (
        "For more than a day no nightly check of the log has come to its end. Have it verified now "
        "and see whether that does. Ask IT whether the server was off at night, and what the "
        "worker said if it was not."
    ),
    AlertKind.DELIVERY_MISSING: (
        "Until one arrives, nobody outside could show that the log was changed. Ask IT why it was "
        "not sent, or print today’s and hand it over."
    ),
    AlertKind.CLOCK_WRONG: (
        "Times on record since then may be wrong by more than a second; their order is not. Have "
        "IT look at the time service, and note when it was put right."
    ),
    AlertKind.SEALING_BEHIND: (
        "What is done is on record, but not yet in the tree that protects it. Have IT see whether "
        "the sealer runs."
    ),
    AlertKind.ROLLED_BACK: (
        "An older copy of the database was put in place. After a restore IT says so to the log; "
        "if nobody restored anything, keep the last checkpoint that came from outside, and tell "
        "the chair of governors."
    ),
    AlertKind.LOG_RESTORED: (
        "Whoever runs the server says that a backup was put back, and that what was done after it "
        "is gone. Ask what had happened that it was needed, and hold the number of lost entries "
        "against the last checkpoint that came from outside. If nobody told you of a restore, tell "
        "the chair of governors."
    ),
}
