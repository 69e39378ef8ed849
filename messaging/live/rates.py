"""How fast one may ask: buckets that fill steadily. Pure but for the clock."""

import time
from collections import OrderedDict
from typing import Final
from uuid import UUID

from django.conf import settings

from messaging.exceptions import TooFast

#: Buckets kept; one that was not used for so long is full again and can be forgotten.
_MOST: Final = 10_000


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


class Buckets:
    """A bucket for each person, or each channel, of a process."""

    def __init__(self, *, a_second: float, burst: float) -> None:
        self._a_second = a_second
        self._burst = burst
        self._buckets: OrderedDict[UUID, Bucket] = OrderedDict()

    def take(self, name: UUID) -> None:
        """Take a token from the bucket of that name, or raise TooFast."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(a_second=self._a_second, burst=self._burst)
        self._buckets.move_to_end(name)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        bucket.take()
