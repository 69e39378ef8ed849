"""What is wrong with the journal; the docstring is the one sentence that a person sees."""

from audit.said import Said


class JournalError(Said):
    """The journal cannot be used."""


class JournalAway(JournalError):
    """The journal outside the server cannot be reached or written: mount its folder or put its
    bucket right (SCHOOLCHAT_JOURNAL)."""


class JournalFull(JournalAway):
    """There is no room left where the journal stands: make room there."""


class JournalTaken(JournalAway):
    """Another line stands where this one belongs: see whether another SchoolChat writes to this
    journal."""


class JournalShort(JournalError):
    """The journal lacks lines that were written: put the whole folder or bucket back, or mount the
    right one."""


class JournalChanged(JournalError):
    """The journal was changed, or is another one: put back the one that this database wrote."""


class JournalAhead(JournalError):
    """The journal knows more than this database: another SchoolChat writes to it, or an older
    database was put in place without `restore`."""


class JournalBehind(JournalError):
    """What happened has not reached the journal for more than ten minutes: see whether the worker
    runs."""
