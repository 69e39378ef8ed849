"""What oversight refuses, each as one plain sentence that says what to do."""


class OversightError(Exception):
    """That is not possible."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class NotAtTheDesk(OversightError):
    """There is nothing here for you."""


class SearchNotFound(OversightError):
    """There is no such search among yours."""


class HitNotFound(OversightError):
    """This message is not among what the search found."""


class ReasonTooShort(OversightError):
    """Say in at least 20 characters why you search: the reason is kept with the search."""


class SearchUnreadable(OversightError):
    """The search cannot be read; change its words."""


class ConcernNotFound(OversightError):
    """There is no such concern for you."""


class AlreadyPassedOn(OversightError):
    """You have already passed this message to the safeguarding lead."""


class NobodyAtTheDesk(OversightError):
    """Nobody at the safeguarding desk may take this message. Speak to the headteacher, or to the
    chair of governors if it concerns the headteacher."""


class NotAReader(OversightError):
    """There is nothing here for you."""


class NotAReviewer(OversightError):
    """There is nothing here for you."""


class EntryNotFound(OversightError):
    """There is no such entry in the log."""
