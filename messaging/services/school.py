"""Changing what holds for everybody at the school."""

from collections.abc import Mapping

from django.db import transaction

from accounts import bell
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.queries import may
from audit.changes import acting
from messaging.school.models import SchoolSettings


@transaction.atomic
def change_school(*, by: User, wanted: Mapping[str, str]) -> SchoolSettings:
    """Give the school these settings; one entry, with the values sealed, for all that differs.

    Every running process takes them up at once. Where nothing differs nothing is done. Raises
    NotAllowed for whoever may not.
    """
    if not may(by, "manage_school"):
        raise NotAllowed
    SchoolSettings.objects.bulk_create([SchoolSettings()], ignore_conflicts=True)
    settings = SchoolSettings.objects.select_for_update().get()
    changed = [name for name, value in wanted.items() if getattr(settings, name) != value]
    if not changed:
        return settings
    for name in changed:
        setattr(settings, name, wanted[name])
    with acting(by.pk):
        settings.save(update_fields=sorted(changed))
    bell.ring([{"school": True}])
    return settings
