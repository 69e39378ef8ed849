"""Inviting somebody, and joining by the link."""

import pytest
from django.test import Client

from accounts.errors import AlreadyHere, InvitationGone, NotAllowed
from accounts.models import Invitation, User
from accounts.queries import roles_of
from accounts.roles import Role
from accounts.services.people import Newcomer, accept_invitation, invite_again, invite_person
from audit.sealed import open_record
from tests.accounts.scenes import (
    PASSWORD,
    Cast,
    entries_of,
    record_of,
    sign_in,
    sign_in_with_factor,
)

NEW = Newcomer(email="New.Person@School.test", display_name="New Person", job_title="Cook")


def test_an_invited_person_joins_as_staff_and_signs_in(cast: Cast) -> None:
    made = invite_person(by=cast.theo, newcomer=NEW)
    assert not made.person.is_active
    page = Client().post(
        f"/accounts/invitation/{made.secret}/", {"password": PASSWORD, "again": PASSWORD}
    )
    assert page.status_code == 302
    person = User.objects.get(email="new.person@school.test")
    assert person.is_active
    assert roles_of(person) == [Role.STAFF]
    sign_in(person)


def test_the_log_has_no_name_and_the_sealed_record_has_it(cast: Cast) -> None:
    entries = entries_of(lambda: invite_person(by=cast.theo, newcomer=NEW))
    assert [one.action for one in entries] == ["person.invited"]
    assert "New" not in str(entries[0].facts)
    assert open_record(record_of(entries[0]))["display_name"] == "New Person"


def test_a_link_works_once(cast: Cast) -> None:
    made = invite_person(by=cast.theo, newcomer=NEW)
    accept_invitation(secret=made.secret, password=PASSWORD)
    with pytest.raises(InvitationGone):
        accept_invitation(secret=made.secret, password="another long password")
    assert Client().get(f"/accounts/invitation/{made.secret}/").status_code == 404


def test_a_link_ends(cast: Cast) -> None:
    made = invite_person(by=cast.theo, newcomer=NEW)
    Invitation.objects.filter(pk=made.invitation.pk).update(expires_at=made.invitation.created_at)
    with pytest.raises(InvitationGone):
        accept_invitation(secret=made.secret, password=PASSWORD)


def test_a_new_link_ends_the_earlier_one(cast: Cast) -> None:
    made = invite_person(by=cast.theo, newcomer=NEW)
    again = invite_again(by=cast.theo, person_id=made.person.pk)
    with pytest.raises(InvitationGone):
        accept_invitation(secret=made.secret, password=PASSWORD)
    assert accept_invitation(secret=again.secret, password=PASSWORD).is_active


def test_a_new_link_for_somebody_who_has_joined_is_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        invite_again(by=cast.theo, person_id=cast.dana.pk)


@pytest.mark.parametrize("who", ["carol", "dana", "helen", "gwen"])
def test_only_an_administrator_invites(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        invite_person(by=getattr(cast, who), newcomer=NEW)


def test_one_address_is_one_person_however_it_is_written(cast: Cast) -> None:
    with pytest.raises(AlreadyHere):
        invite_person(
            by=cast.theo, newcomer=Newcomer(email="ALICE@school.test", display_name="Other")
        )


def test_the_link_is_shown_once_on_the_page(cast: Cast) -> None:
    client = sign_in_with_factor(cast.theo)
    page = client.post("/manage/invite/", {"email": "x@school.test", "display_name": "Xenia"})
    assert "/accounts/invitation/" in page.content.decode()
    again = client.post("/manage/invite/", {"email": "x@school.test", "display_name": "Xenia"})
    assert "already here" in again.content.decode()


@pytest.mark.parametrize("password", ["short", "password1234", "carpenter@school.test"])
def test_a_weak_first_password_is_refused(cast: Cast, password: str) -> None:
    made = invite_person(
        by=cast.theo,
        newcomer=Newcomer(email="carpenter@school.test", display_name="Carpenter"),
    )
    page = Client().post(
        f"/accounts/invitation/{made.secret}/", {"password": password, "again": password}
    )
    assert page.status_code == 200
    assert not User.objects.get(pk=made.person.pk).is_active


def test_nobody_registers(cast: Cast) -> None:
    client = Client()
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"):
        assert client.get(path).status_code == 404
    assert "sign up" not in client.get("/accounts/login/").content.decode().lower()
