"""The facts about people whose old and new values are carried into the log, sealed."""

from accounts.models import User
from audit import changes
from audit.changes import Change

# Joining, closing and roles have entries of their own, so that they are left out here.
PERSON_FIELDS = ("email", "display_name", "job_title", "department", "staff_id", "leaving_on")


def register() -> None:
    """Watch changes of what is known of a person."""
    changes.register(User, fields=PERSON_FIELDS, on=(Change.CHANGED,))
