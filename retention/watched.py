"""The settings of records whose old and new values are carried into the log, sealed."""

from audit import changes
from audit.changes import Change
from retention.models import RecordsSettings

FIELDS = tuple(field.name for field in RecordsSettings._meta.fields if field.editable)


def register() -> None:
    """Watch changes; the row itself is made with the first of them."""
    changes.register(RecordsSettings, fields=FIELDS, on=(Change.CHANGED,))
