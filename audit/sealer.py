"""The sealer's day: twice a second it seals what is new, and once in a while it signs the head."""

import time
from typing import Final

import structlog
from django.db import OperationalError, close_old_connections

from audit.sealing import seal
from audit.signed_head import SignedHeadUnreadable
from audit.signing import LogRolledBack, check_extends, sign_head
from audit.tiles import TileMissing

#: Between two looks at the queue: an entry is sealed within a second of its commit.
TURN_SECONDS: Final = 0.4
#: Beside people who are writing: a step of some milliseconds, then a rest as long as the step.
GENTLE_BATCH: Final = 1_000
_LONGEST_REST_SECONDS: Final = 0.25  # whatever the step waited for

#: The database lacks what was signed, nothing remembers it, or leaves were taken out.
_UNSOUND: Final = (LogRolledBack, SignedHeadUnreadable, TileMissing)

_log = structlog.get_logger("schoolchat.audit")


class Sealer:
    """Seals for ever; `every` is the seconds between two signed heads.

    It starts, and signs, only where the database holds what was signed before. A database that is
    away is waited for, and looked at anew when it is back.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._due = 0.0
        self._sound = False

    def run(self) -> None:
        """Until the process ends."""
        while True:
            self.turn()
            time.sleep(TURN_SECONDS)

    def turn(self) -> None:
        """Seal what waits now, and sign if it is time to."""
        close_old_connections()
        try:
            self._turn()
        except OperationalError as error:
            self._due = 0.0
            _log.warning("not sealed yet", error=type(error).__name__)
        except _UNSOUND as error:  # since the last look: looked at again when signing is due
            self._sound = False
            _log.critical("the log is not sealed", error=type(error).__name__, why=str(error))

    def _turn(self) -> None:
        due = time.monotonic() >= self._due
        if due:
            self._due = time.monotonic() + self._every
            self._sound = _is_sound()
        if self._sound:
            _seal_gently()
        if self._sound and due:
            sign_head()


def _is_sound() -> bool:
    try:
        check_extends()
    except _UNSOUND as error:
        _log.critical("the log is not sealed", error=type(error).__name__, why=str(error))
        return False
    return True


def _seal_gently() -> None:
    began = time.monotonic()
    while seal(GENTLE_BATCH) == GENTLE_BATCH:
        time.sleep(min(_LONGEST_REST_SECONDS, time.monotonic() - began))
        began = time.monotonic()
