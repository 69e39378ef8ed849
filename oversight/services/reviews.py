"""Looking afterwards at what was searched for, and why."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.services import record
from oversight.models import SearchRecord
from oversight.queries.reviews import Reviewed, reviewed


@transaction.atomic
def review_searches(*, by: User, searches: Iterable[SearchRecord]) -> list[Reviewed]:
    """Open the reasons and words of others' searches; that is an act too."""
    found = reviewed(by, searches)
    record(Action.LOG_VIEWED, actor=by.id, page="searches")
    return found
