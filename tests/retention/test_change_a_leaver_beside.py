"""A leaving date is changed while somebody else holds what that person wrote."""

import threading
from datetime import date

import pytest
from django.db import transaction

from accounts.models import User
from accounts.services.people import change_person
from retention.models import HoldPerson
from tests.faults.product import until
from tests.retention.meeting import PATIENCE, own_connection, run, somebody_waits_for_us
from tests.retention.scenes import held

DAY = date(2027, 7, 31)


@pytest.mark.django_db(transaction=True)
def test_another_address_and_another_date_at_once_wait_for_a_hold_on_that_person(
    bob: User, dana: User, theo: User
) -> None:
    wrong: list[Exception] = []

    def change() -> None:
        with own_connection("web", wrong, threading.Barrier(1)):
            changes = {"email": "robert@school.test", "leaving_on": DAY}
            change_person(by=theo, person_id=bob.pk, changes=changes)

    with transaction.atomic():
        held(dana, person=bob)
        (thread,) = run(change)
        until(somebody_waits_for_us)
    thread.join(PATIENCE)
    assert wrong == []
    bob.refresh_from_db()
    assert (bob.email, bob.leaving_on) == ("robert@school.test", DAY)
    assert HoldPerson.objects.filter(person=bob).exists()
