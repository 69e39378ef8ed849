"""What can go wrong before Django is there."""


class SetUpError(Exception):
    """SchoolChat cannot be set up here."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class AlreadyServedError(SetUpError):
    """Another process already looks after this database."""
