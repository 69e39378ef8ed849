"""System check of how much the school shows of who is there."""

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from messaging.live.presence import DIRECT, OFF, ON

_CHOICES: Final = (OFF, DIRECT, ON)


@register
def presence_is_known(**_options: Any) -> list[CheckMessage]:
    """SCHOOLCHAT_PRESENCE is one of its values; any other counts as `off`."""
    if settings.PRESENCE in _CHOICES:
        return []
    said = f"SCHOOLCHAT_PRESENCE is '{settings.PRESENCE}', so nobody's presence is shown."
    return [Error(said, hint=f"Set it to one of: {', '.join(_CHOICES)}.", id="messaging.E010")]
