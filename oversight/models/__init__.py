"""The nouns of what is done with authority over others."""

from oversight.models.alerts import Alert, AlertKind
from oversight.models.desk import Concern, SearchRecord
from oversight.models.publications import Delivery, Publication, Recipient
from oversight.models.verifications import Verification

__all__ = [
    "Alert",
    "AlertKind",
    "Concern",
    "Delivery",
    "Publication",
    "Recipient",
    "SearchRecord",
    "Verification",
]
