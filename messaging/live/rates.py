"""How fast one socket may ask: a bucket that fills steadily. Pure but for the clock."""

import time

from django.conf import settings

from messaging.exceptions import TooFast


class Bucket:
    """Holds `burst` tokens, filled with `a_second`; SCHOOLCHAT_RATES=off makes it bottomless."""

    def __init__(self, *, a_second: float, burst: float) -> None:
        self._a_second = a_second
        self._burst = burst
        self._tokens = burst
        self._filled = time.monotonic()

    def take(self) -> None:
        """Take a token, or raise TooFast with the seconds until there is one."""
        if not settings.RATES:
            return
        present = time.monotonic()
        gained = (present - self._filled) * self._a_second
        self._tokens = min(self._burst, self._tokens + gained)
        self._filled = present
        if self._tokens < 1:
            raise TooFast((1 - self._tokens) / self._a_second)
        self._tokens -= 1
