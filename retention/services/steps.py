"""Changing how long the steps of a disposal last."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.changes import acting
from retention.exceptions import NotAllowed
from retention.models import RecordsSettings


@transaction.atomic
def change_steps(*, by: User, wanted: Mapping[str, int | str]) -> RecordsSettings:
    """Give the steps other lengths; one entry, with the values sealed, for all that differs.

    What is under way keeps its times. Two people it takes always: no setting is for that.
    """
    if not may(by, "approve_records"):
        raise NotAllowed
    RecordsSettings.objects.bulk_create([RecordsSettings()], ignore_conflicts=True)
    settings = RecordsSettings.objects.select_for_update().get()
    changed = [name for name, value in wanted.items() if getattr(settings, name) != value]
    if not changed:
        return settings
    for name in changed:
        setattr(settings, name, wanted[name])
    with acting(by.pk):
        settings.save(update_fields=sorted(changed))
    return settings
