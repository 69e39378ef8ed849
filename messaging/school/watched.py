"""The settings whose old and new values are carried into the log, sealed."""

from audit import changes
from audit.changes import Change
from messaging.school.models import SchoolSettings

FIELDS = tuple(field.name for field in SchoolSettings._meta.fields if field.editable)


def register() -> None:
    """Watch changes; the row itself is made with the first of them."""
    changes.register(SchoolSettings, fields=FIELDS, on=(Change.CHANGED,))
