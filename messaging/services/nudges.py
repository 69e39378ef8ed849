"""Entering how often something was pointed out."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from audit.actions import Action
from audit.services import record
from audit.statements import ask, statement_of

_TAKE: Final = statement_of(Path(__file__).parent.parent / "sql" / "take_nudges.sql")


@transaction.atomic
def enter_nudges(*, day: date) -> None:
    """Enter the numbers of a day, by rule, and remove their rows; nothing where there are none.

    One entry: of messages that went out with a line above them, and of those that were refused.
    """
    nudged, refused = Counter[str](), Counter[str]()
    for rule, was_refused, count in ask(_TAKE, {"day": day}):
        (refused if was_refused else nudged)[rule] += count
    if nudged or refused:
        record(
            Action.NUDGES_COUNTED,
            actor=None,
            day=day.isoformat(),
            nudged=dict(nudged),
            refused=dict(refused),
        )
