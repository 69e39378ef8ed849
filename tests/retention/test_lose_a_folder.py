"""A folder of copies of the keyring that is lost for ever: two people say so, and nothing waits for
it any more."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from retention.certificates.pdf import pdf_of
from retention.copies import forget_looks, note_copies_ended, note_look, overdue_copies
from retention.exceptions import (
    AlreadyProposed,
    BadDay,
    LostAlready,
    NeedsAnother,
    NotAllowed,
    NotFound,
    NotOpen,
    SeenSince,
)
from retention.models import Certificate
from retention.queries.losses import losses_in_force
from retention.services.losses import agree_to_loss, propose_loss, withdraw_loss
from retention.workers.certifying import certify_beyond_use
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, approved, past_channel
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


@pytest.fixture
def lost() -> UUID:
    return _looked_into("/mnt/old/keys")


@pytest.fixture
def certificate(at: Clock, lost: UUID, alice: User, hari: User, helen: User) -> Certificate:
    """Of long ago, as far as copies go: they were to end by now."""
    past_channel(at, alice)
    approved(hari, helen)
    with acting_as("disposer"):
        (found,) = carry_out_approved()
    with acting_as("owner"):
        Certificate.objects.update(issued_at=now() - timedelta(days=40))
    found.refresh_from_db()
    return found


def test_certificates_wait_no_more_for_what_two_people_declare_lost(
    certificate: Certificate, lost: UUID, hari: User, helen: User
) -> None:
    _ended_elsewhere()
    assert (_superseded(), overdue_copies()) == ([], 1)
    page = client_of(helen).get("/manage/health/").content.decode()
    assert "/mnt/old/keys" in page
    assert "/mnt/new/keys" not in page
    loss = propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)
    assert (_superseded(), overdue_copies()) == ([], 1), "one person said so"
    agree_to_loss(by=helen, number=loss.number)
    (later,) = _superseded()
    (declared,) = later.document["copies_declared"]
    assert overdue_copies() == 0
    assert declared["place"] == str(lost)
    assert declared["lost_on"] == now().date().isoformat()
    assert [declared[who]["by"] for who in ("declared", "agreed")] == [str(hari.pk), str(helen.pk)]
    assert "Of 1 folder with such copies it was not seen" in later.document["remains"]
    assert certificate.document["copies_declared"] == []
    page = client_of(helen).get(f"/records/certificates/{later.number}/").content.decode()
    assert f"Declared by {hari.display_name} and {helen.display_name}" in page
    assert pdf_of(later.signed).startswith(b"%PDF")


def test_a_folder_that_a_backup_looks_into_again_is_not_lost(
    certificate: Certificate, lost: UUID, hari: User, helen: User
) -> None:
    loss = propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)
    agree_to_loss(by=helen, number=loss.number)
    _ended_elsewhere()
    _look(lost, "/mnt/old/keys")
    assert (_superseded(), overdue_copies()) == ([], 1)


def test_each_act_is_one_entry_without_a_word(lost: UUID, hari: User, helen: User) -> None:
    for end in (withdraw_loss, agree_to_loss):
        loss = propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)
        end(by=helen, number=loss.number)
    acts = ["loss.proposed", "loss.withdrawn", "loss.proposed", "loss.agreed"]
    entries = Entry.objects.filter(action__startswith="loss.").order_by("id")
    assert [one.action for one in entries] == acts
    assert {one.subject for one in entries} == {lost}
    assert entries.filter(action=Action.LOSS_AGREED).get().facts["lost_on"] == str(now().date())


def test_it_takes_two_and_a_day_by_which_nobody_saw_it(
    lost: UUID, alice: User, hari: User, helen: User, theo: User, priya: User
) -> None:
    today = now().date()
    for day, refused in (
        (today + timedelta(days=1), BadDay),
        (today - timedelta(days=1), SeenSince),
    ):
        with pytest.raises(refused):
            propose_loss(by=hari, place=lost, on=day, reason=REASON)
    loss = propose_loss(by=helen, place=lost, on=today, reason=REASON)
    with pytest.raises(AlreadyProposed):
        propose_loss(by=hari, place=lost, on=today, reason=REASON)
    with pytest.raises(NeedsAnother):
        agree_to_loss(by=helen, number=loss.number)
    with pytest.raises(NotAllowed):
        agree_to_loss(by=priya, number=loss.number)
    for outsider in (alice, theo):
        with pytest.raises(NotFound):
            agree_to_loss(by=outsider, number=loss.number)
    withdraw_loss(by=helen, number=loss.number)
    loss = propose_loss(by=hari, place=lost, on=today, reason=REASON)
    agree_to_loss(by=helen, number=loss.number)
    with pytest.raises(NotOpen):
        agree_to_loss(by=helen, number=loss.number)


def test_nobody_agrees_to_what_a_backup_has_seen_meanwhile(
    lost: UUID, hari: User, helen: User
) -> None:
    loss = propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)
    _look(lost, "/mnt/old/keys")
    with pytest.raises(SeenSince):
        agree_to_loss(by=helen, number=loss.number)


def test_nobody_declares_twice_what_is_lost_already(lost: UUID, hari: User, helen: User) -> None:
    loss = propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)
    agree_to_loss(by=helen, number=loss.number)
    with pytest.raises(LostAlready):
        propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)


def test_what_a_backup_has_found_again_stays_found_after_a_restore(
    lost: UUID, hari: User, helen: User
) -> None:
    loss = propose_loss(by=hari, place=lost, on=now().date(), reason=REASON)
    agree_to_loss(by=helen, number=loss.number)
    assert losses_in_force().exists()
    _look(lost, "/mnt/old/keys")
    with acting_as("owner"):
        forget_looks()
    assert not losses_in_force().exists()


def test_two_people_do_it_by_the_pages(lost: UUID, hari: User, helen: User, theo: User) -> None:
    page = f"/records/copies/{lost}/lost/"
    said = {"on": now().date().isoformat(), "reason": REASON}
    asked = client_of(hari).post(page, said, follow=True).content.decode()
    assert "It counts when an approver has agreed" in asked
    assert "Agree that it is lost" not in asked
    shown = client_of(helen).get(page).content.decode()
    assert REASON in shown
    number = int(shown.split("/records/copies/losses/")[1].split("/")[0])
    agreed = client_of(helen).post(f"/records/copies/losses/{number}/agree/", follow=True)
    assert "Declared lost" in agreed.content.decode()
    assert "/mnt/old/keys" in agreed.content.decode()
    assert client_of(theo).get("/records/copies/").status_code == 404
    assert 'href="/records/copies/"' in client_of(helen).get("/records/backups/").content.decode()
    assert 'href="/records/copies/"' not in client_of(theo).get("/manage/health/").content.decode()


def _looked_into(folder: str) -> UUID:
    place = uuid4()
    _look(place, folder)
    return place


def _look(place: UUID, folder: str) -> None:
    with acting_as("backup"):
        note_look(place, folder=folder, mark="", times={now() - timedelta(days=50)})


def _ended_elsewhere() -> None:
    """In the folder that is used now old copies were seen to end."""
    place = _looked_into("/mnt/new/keys")
    with acting_as("backup"):
        note_copies_ended(place, before=now() - timedelta(days=35))


def _superseded() -> list[Certificate]:
    with acting_as("disposer"):
        return certify_beyond_use()
