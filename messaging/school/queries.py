"""What the school has settled, as it is now."""

from messaging.nudges.wording import usual_route
from messaging.school.models import SchoolSettings
from messaging.school.values import Extent, Shown


def school_settings() -> SchoolSettings:
    """The settings; the defaults until somebody has changed one."""
    return SchoolSettings.objects.first() or SchoolSettings()


def shown_now() -> Shown:
    """What is shown of people, and what pages point out."""
    found = school_settings()
    return Shown(
        presence=Extent(found.presence),
        typing=Extent(found.typing),
        receipts=Extent(found.receipts),
        nudges=found.nudges,
        route=found.safeguarding_route or usual_route(),
    )
