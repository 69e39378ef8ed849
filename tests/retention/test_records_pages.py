"""The pages under /records/: for those who work with records, and for nobody else."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from messaging.services.channels import create_channel, open_direct
from retention.models import Disposal, Export, Hold
from retention.queries.rules import policy_of
from tests.cast import client_of
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, held, past_channel, without_waiting
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

PAGES = (
    "/records/",
    "/records/signing-key.pem",
    "/records/policies/",
    "/records/policies/routine/",
    "/records/channels/",
    "/records/holds/",
    "/records/holds/new/",
    "/records/disposals/",
    "/records/exports/",
    "/records/exports/new/",
)


@pytest.mark.parametrize("address", PAGES)
def test_who_works_with_records_sees_it_and_others_meet_404(
    address: str, carol: User, theo: User, gwen: User, priya: User, helen: User
) -> None:
    for person in (priya, helen):
        assert client_of(person).get(address).status_code == 200
    for person in (carol, theo, gwen):
        assert client_of(person).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_hold_is_placed_and_released_by_a_second_person(
    alice: User, dana: User, helen: User
) -> None:
    fields = {
        "kind": "safeguarding",
        "channels": [channel_of(alice, name="Kiln club").pk, channel_of(alice).pk],
        "people": [alice.pk],
        "since": "2024-03-01",
        "owner": helen.pk,
        "reason": REASON,
        "review_on": "2099-01-01",
    }
    answer = client_of(dana).post("/records/holds/new/", fields, follow=True)
    assert answer.status_code == 200
    hold = Hold.objects.get()
    assert REASON in answer.content.decode()
    assert "in Kiln club, Year 5 from 1 Mar 2024 on" in answer.content.decode()
    assert hold.owner == helen
    page = f"/records/holds/{hold.number}/"
    answer = client_of(dana).post(page, {"reason": REASON}, follow=True)
    assert "somebody else" in answer.content.decode()
    client_of(helen).post(page, {"reason": REASON})
    hold.refresh_from_db()
    assert hold.released_by == helen


def test_the_person_held_sees_nothing_of_it(alice: User, dana: User, hari: User) -> None:
    hold = held(dana, person=hari)
    about_them = held(dana, channel=open_direct(by=alice, people=[hari]))
    page = client_of(hari).get("/records/holds/")
    assert b"Nothing is on hold" in page.content
    for one in (hold, about_them):
        assert client_of(hari).get(f"/records/holds/{one.number}/").status_code == 404


def test_a_batch_of_nothing_but_what_is_held_is_hidden_from_whom_the_hold_is_on(
    at: Clock, alice: User, dana: User, hari: User, priya: User
) -> None:
    held(dana, person=alice)
    held(dana, person=hari)
    past_channel(at, alice)
    answer = client_of(hari).post("/records/disposals/propose/", follow=True)
    assert "Nothing is due" in answer.content.decode()
    disposal = Disposal.objects.get(due=0)
    page = f"/records/disposals/{disposal.number}/"
    assert client_of(hari).get(page).status_code == 404
    assert page not in client_of(hari).get("/records/disposals/").content.decode()
    assert page in client_of(priya).get("/records/disposals/").content.decode()
    assert client_of(priya).get(page).status_code == 200


def test_a_batch_does_not_name_a_channel_that_is_about_its_reader(
    at: Clock, alice: User, bob: User, hari: User, priya: User
) -> None:
    past_channel(at, alice, name="Kiln club")
    about = create_channel(
        by=alice, kind="private", name="Investigation of Hari", members=[bob], about=[hari]
    )
    with at(PAST):
        say(alice, about, "What we found")
    client_of(priya).post("/records/disposals/propose/")
    page = f"/records/disposals/{Disposal.objects.get().number}/"
    shown = client_of(hari).get(page).content.decode()
    assert "Investigation" not in shown
    assert "Kiln club" in shown
    assert "Other channels" in shown
    assert "Investigation of Hari" in client_of(priya).get(page).content.decode()


def test_a_disposal_is_approved_by_typing_its_number(
    at: Clock, alice: User, hari: User, helen: User
) -> None:
    without_waiting()
    past_channel(at, alice)
    client_of(hari).post("/records/disposals/propose/")
    disposal = Disposal.objects.get(record_class="routine")
    page = f"/records/disposals/{disposal.number}/"
    answer = client_of(hari).post(page, {"number": disposal.number}, follow=True)
    assert "somebody else" in answer.content.decode()
    answer = client_of(helen).post(page, {"number": disposal.number + 1})
    assert "not the number" in answer.content.decode()
    client_of(helen).post(page, {"number": disposal.number})
    disposal.refresh_from_db()
    assert disposal.approved_by == helen
    assert client_of(hari).get(page).status_code == 200


def test_the_dpo_may_stop_a_disposal_and_not_approve_it(
    at: Clock, alice: User, hari: User, priya: User
) -> None:
    past_channel(at, alice)
    client_of(hari).post("/records/disposals/propose/")
    disposal = Disposal.objects.get(record_class="routine")
    page = f"/records/disposals/{disposal.number}/"
    client_of(priya).post(page, {"number": disposal.number})
    disposal.refresh_from_db()
    assert disposal.state == Disposal.State.PROPOSED
    client_of(priya).post(f"{page}stop/", {"reason": "The governors are looking into it first."})
    disposal.refresh_from_db()
    assert (disposal.withdrawn_by, disposal.state) == (priya, Disposal.State.STOPPED)


def test_an_export_goes_from_asking_to_its_passphrase(
    alice: User, bob: User, hari: User, helen: User
) -> None:
    open_direct(by=alice, people=[bob])
    fields = {
        "people": f"{alice.display_name}, {bob.email}",
        "since": "2026-01-01",
        "until": "2026-12-31",
        "purpose": "investigation",
        "reason": REASON,
        "recipient": "The investigating officer",
    }
    browser = client_of(hari)
    assert browser.post("/records/exports/new/", fields | {"reason": "short"}).status_code == 200
    unknown = browser.post("/records/exports/new/", fields | {"people": "Nobody Known"})
    assert b"Nobody is called Nobody Known" in unknown.content
    assert not Export.objects.exists()
    browser.post("/records/exports/new/", fields)
    export = Export.objects.get()
    assert export.since == date(2026, 1, 1)
    page = f"/records/exports/{export.number}/"
    assert browser.post(f"{page}approve/", follow=True).status_code == 200
    client_of(helen).post(f"{page}approve/")
    answer = browser.post(f"{page}passphrase/")
    assert b"shown this once" in answer.content
    assert answer.headers["Cache-Control"].count("no-store")
    again = browser.post(f"{page}passphrase/", follow=True)
    assert b"has been shown once already" in again.content
    for person in (alice, bob):
        assert client_of(person).get(page).status_code == 404


def test_an_approver_puts_a_new_version_of_a_rule_in_force(helen: User, priya: User) -> None:
    fields = {
        "name": "Routine conversation",
        "trigger": "message",
        "months": 24,
        "action": "dispose",
        "authority": "Governors' decision of 3 November.",
        "reason": "The governors decided on two years.",
    }
    client_of(priya).post("/records/policies/routine/", fields)
    assert policy_of("routine").months == 12
    client_of(helen).post("/records/policies/routine/", fields)
    assert (policy_of("routine").months, policy_of("routine").version) == (24, 2)


def test_the_second_factor_is_asked_for(helen: User) -> None:
    assert client_of(helen, second_factor=False).get("/records/").status_code == 302
