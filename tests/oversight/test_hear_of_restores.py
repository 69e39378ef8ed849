"""A restore that was declared is an alert, and nobody who sees a check of the log misses it."""

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import User
from audit.clock import now
from audit.restores import declare_restore
from audit.signing import sign_checkpoint
from oversight.models import Alert, AlertKind
from oversight.services.alerts import acknowledge_alert
from oversight.services.verifications import ask_verification
from oversight.workers.watching import watch
from tests.cast import client_of
from tests.oversight.logs import text_of
from tests.oversight.outside import signed
from tests.oversight.verifications import PAGE, WRONG, work
from tests.roles import acting_as


def _declared() -> UUID:
    """A restore is declared over a log under a signed head; the entry that says so."""
    signed(3)
    with acting_as("owner"):
        return declare_restore().uid


def _look(after: timedelta = timedelta()) -> list[UUID | None]:
    with acting_as("worker"):
        watch(now() + after, look_again=0)
    told = Alert.objects.filter(kind=AlertKind.LOG_RESTORED).order_by("number")
    return list(told.values_list("about", flat=True))


def test_each_restore_is_one_alert_about_the_entry_that_declares_it(helen: User) -> None:
    first = _declared()
    assert _look() == [first]
    assert _look() == [first]
    acknowledge_alert(by=helen, uid=Alert.objects.get(about=first).uid)
    assert _look() == [first]
    second = _declared()
    assert _look() == [first, second]


@pytest.mark.django_db
def test_one_of_long_ago_is_no_news() -> None:
    _declared()
    assert _look(timedelta(days=2, minutes=1)) == []


@pytest.mark.django_db
def test_where_nothing_was_restored_there_is_no_alert() -> None:
    signed(3)
    assert _look() == []


def test_who_reads_the_log_is_led_to_the_entry_and_who_approves_to_the_checks(
    priya: User, helen: User, gwen: User
) -> None:
    _declared()
    _look()
    places = {
        priya: "/audit/?action=log.restored",
        helen: PAGE,
        gwen: "/audit/?action=log.restored",
    }
    for person, place in places.items():
        page = text_of(client_of(person).get("/audit/alerts/"))
        assert "A restore of the database was declared" in page
        assert f'<a href="{place}">Where to look' in page


def test_a_check_tells_everybody_who_sees_it_of_the_restore(
    gwen: User, dana: User, hari: User, helen: User
) -> None:
    _declared()
    with acting_as("sealer"):
        sign_checkpoint()
    one = ask_verification(by=gwen)
    work()
    for person in (gwen, dana, hari, helen):
        page = text_of(client_of(person).get(f"{PAGE}{one.number}/"))
        assert "Nothing is wrong." in page
        assert "A restore was declared at leaf 3: a backup of 3 entries was put back" in page


def test_what_is_wrong_stays_with_those_who_read_all_of_the_log(
    gwen: User, priya: User, dana: User, helen: User
) -> None:
    one = ask_verification(by=gwen)
    work(WRONG)
    for person, reads in ((gwen, True), (priya, True), (dana, False), (helen, False)):
        page = text_of(client_of(person).get(f"{PAGE}{one.number}/"))
        assert "2 things are wrong" in page
        assert ("Entry 5 was changed." in page) is reads
        assert ("see what it is." in page) is not reads
        assert "A restore was declared." in page
