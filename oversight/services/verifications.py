"""Asking for a verification of the log. What it found is entered by the worker, when it ends."""

from django.db import IntegrityError, transaction

from accounts.models import User
from oversight.models import Verification
from oversight.queries.access import check_may_enter
from oversight.tasks import verify_log


def ask_verification(*, by: User) -> Verification:
    """Have the whole log verified, soon; whoever asks while that is under way gets what runs.

    Everybody may verify who finds something in the log. Raises NotAReader.
    """
    check_may_enter(by)
    try:
        with transaction.atomic():
            asked = Verification.objects.create(scope=Verification.Scope.WHOLE, asked_by=by)
            verify_log.defer()
    except IntegrityError:
        return Verification.objects.filter(scope=Verification.Scope.WHOLE).latest("number")
    return asked
