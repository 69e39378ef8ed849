"""Watching the clock by which everything on record is dated.

Only the clock of the machine on which the worker runs. Messages keep their order by the positions
that the database gives, whatever the clock does.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from audit import kernel_clock
from audit.actions import Action
from audit.clock import now
from audit.kernel_clock import Look, Reading
from audit.models import Entry
from audit.services import record
from oversight.models import Alert, AlertKind
from oversight.services.alerts import raise_alert
from oversight.thresholds import CLOCK_MS, UNKEPT


class Watch:
    """Remembers the last look of this process."""

    def __init__(self) -> None:
        self._last: Look | None = None

    def look(self) -> None:
        """Put on record that the clock was set by more than a second since the last look."""
        last, self._last = self._last, kernel_clock.look()
        if last is None:
            return
        step = kernel_clock.step_ms(last, self._last)
        if abs(step) > CLOCK_MS:
            _enter_step(step)


WATCH: Final = Watch()


def look_for_steps() -> None:
    """Once a minute. What happened while no worker ran is not seen."""
    WATCH.look()


def check_clock(reading: Reading | None = None) -> None:
    """Once an hour: enter what the kernel says of its clock, unknown included, and raise an alert
    when it is off by more than a second, or when nothing has kept it for a day."""
    reading = reading or kernel_clock.read()
    with transaction.atomic():
        record(
            Action.CLOCK_CHECKED,
            actor=None,
            offset_ms=reading.offset_ms,
            synchronised=reading.synchronised,
        )
        if _is_wrong(reading) and not _told_since_it_was_right():
            raise_alert(kind=AlertKind.CLOCK_WRONG)


@transaction.atomic
def _enter_step(step: int) -> None:
    record(Action.CLOCK_STEPPED, actor=None, step_ms=step)
    raise_alert(kind=AlertKind.CLOCK_WRONG)


def _is_wrong(reading: Reading) -> bool:
    if reading.synchronised is None:
        return False
    if reading.synchronised:
        return abs(reading.offset_ms or 0) > CLOCK_MS
    begun = _unkept_since()
    return begun is not None and now() - begun > UNKEPT


def _unkept_since() -> datetime | None:
    """Since which look, without any other between, nothing has kept the clock."""
    looks = Entry.objects.filter(action=Action.CLOCK_CHECKED)
    other = looks.exclude(facts__synchronised=False).order_by("-id").first()
    run = looks.filter(id__gt=other.id) if other else looks
    first = run.order_by("id").first()
    return first.at if first else None


def _told_since_it_was_right() -> bool:
    """Whether an alert has told of it already: somebody who has looked into a clock that nothing
    keeps need not do so every hour."""
    looks = Entry.objects.filter(action=Action.CLOCK_CHECKED, facts__synchronised=True)
    right = looks.filter(facts__offset_ms__range=(-CLOCK_MS, CLOCK_MS)).order_by("-id").first()
    alerts = Alert.objects.filter(kind=AlertKind.CLOCK_WRONG)
    return (alerts.filter(raised_at__gt=right.at) if right else alerts).exists()
