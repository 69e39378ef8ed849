"""Sensitive roles: asked for by one, granted by another, never to oneself."""

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import (
    NeedsAnother,
    NotAllowed,
    NotToOneself,
    RoleAlreadyOpen,
    RoleNotOpen,
)
from accounts.models import RoleGrant, User
from accounts.queries import has_role, may
from accounts.roles import Role
from accounts.services.roles import end_role, grant_role, refuse_role, request_role
from tests.accounts.scenes import Cast, entries_of, sign_in_with_factor


def fresh(person: User) -> User:
    """Without the permissions that Django keeps on the instance."""
    return User.objects.get(pk=person.pk)


def test_what_one_asks_another_grants(cast: Cast) -> None:
    entries = entries_of(
        lambda: grant_role(
            by=cast.helen,
            grant_id=request_role(
                by=cast.theo, person_id=cast.bob.pk, role=Role.DEPUTY_DSL, reason="cover"
            ).pk,
        )
    )
    assert [(one.action, one.actor, one.subject) for one in entries] == [
        ("role.requested", cast.theo.pk, cast.bob.pk),
        ("role.granted", cast.helen.pk, cast.bob.pk),
    ]
    assert has_role(fresh(cast.bob), Role.DEPUTY_DSL)
    assert may(fresh(cast.bob), "use_safeguarding_desk")


def test_asked_is_not_held(cast: Cast) -> None:
    request_role(by=cast.theo, person_id=cast.bob.pk, role=Role.DSL)
    assert not has_role(fresh(cast.bob), Role.DSL)


def test_who_asked_does_not_grant(cast: Cast) -> None:
    asked = request_role(by=cast.helen, person_id=cast.bob.pk, role=Role.DSL)
    with pytest.raises(NeedsAnother):
        grant_role(by=cast.helen, grant_id=asked.pk)
    grant_role(by=cast.chris, grant_id=asked.pk)


def test_nobody_grants_or_refuses_a_role_of_their_own(cast: Cast) -> None:
    asked = request_role(by=cast.theo, person_id=cast.helen.pk, role=Role.DSL)
    for act in (grant_role, refuse_role):
        with pytest.raises(NotToOneself):
            act(by=cast.helen, grant_id=asked.pk)
    assert not has_role(fresh(cast.helen), Role.DSL)


def test_nobody_asks_for_a_role_of_their_own(cast: Cast) -> None:
    with pytest.raises(NotToOneself):
        request_role(by=cast.theo, person_id=cast.theo.pk, role=Role.DSL)


@pytest.mark.parametrize("who", ["carol", "dana", "hari", "priya", "gwen"])
def test_others_neither_ask_nor_grant(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(NotAllowed):
        request_role(by=person, person_id=cast.bob.pk, role=Role.DSL)
    asked = request_role(by=cast.theo, person_id=cast.bob.pk, role=Role.DSL)
    with pytest.raises(NotAllowed):
        grant_role(by=person, grant_id=asked.pk)


def test_theo_asks_and_does_not_grant(cast: Cast) -> None:
    asked = request_role(by=cast.helen, person_id=cast.bob.pk, role=Role.DSL)
    with pytest.raises(NotAllowed):
        grant_role(by=cast.theo, grant_id=asked.pk)


def test_a_request_is_decided_once(cast: Cast) -> None:
    asked = request_role(by=cast.theo, person_id=cast.bob.pk, role=Role.DSL)
    refuse_role(by=cast.helen, grant_id=asked.pk)
    for act in (grant_role, refuse_role):
        with pytest.raises(RoleNotOpen):
            act(by=cast.chris, grant_id=asked.pk)


def test_a_role_is_asked_for_once_at_a_time(cast: Cast) -> None:
    request_role(by=cast.theo, person_id=cast.bob.pk, role=Role.DSL)
    with pytest.raises(RoleAlreadyOpen):
        request_role(by=cast.helen, person_id=cast.bob.pk, role=Role.DSL)


def test_an_ended_role_opens_nothing_and_may_be_asked_for_again(cast: Cast) -> None:
    held = RoleGrant.objects.get(person=cast.dana)
    with pytest.raises(NotToOneself):
        end_role(by=cast.dana, grant_id=held.pk)
    end_role(by=cast.theo, grant_id=held.pk)
    assert not may(fresh(cast.dana), "use_safeguarding_desk")
    request_role(by=cast.theo, person_id=cast.dana.pk, role=Role.DSL)


def test_staff_is_not_asked_for(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        request_role(by=cast.theo, person_id=cast.bob.pk, role=Role.STAFF)


@pytest.mark.parametrize(
    "people",
    [
        {"requested_by": "helen", "granted_by": "helen"},
        {"requested_by": "theo", "granted_by": "bob"},
        {"requested_by": "bob", "granted_by": "helen"},
        {"granted_by": "helen"},
    ],
)
def test_the_database_refuses_it_too(cast: Cast, people: dict[str, str]) -> None:
    named = {field: getattr(cast, name) for field, name in people.items()}
    at = cast.bob.created_at
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(person=cast.bob, role=Role.DSL, granted_at=at, **named)


def test_the_pages_lead_from_the_request_to_the_role(cast: Cast) -> None:
    theo, helen = sign_in_with_factor(cast.theo), sign_in_with_factor(cast.helen)
    url = f"/manage/people/{cast.bob.pk}/"
    theo.post(f"{url}roles/", {"role": "dsl", "reason": "Dana is away"})
    asked = RoleGrant.objects.get(person=cast.bob)
    assert "Take back" in theo.get("/manage/roles/").content.decode()
    theo.post(f"/manage/roles/{asked.pk}/grant/")
    assert not has_role(fresh(cast.bob), Role.DSL)
    assert ">Grant<" in helen.get("/manage/roles/").content.decode()
    helen.post(f"/manage/roles/{asked.pk}/grant/")
    assert has_role(fresh(cast.bob), Role.DSL)
    assert "granted by Helen" in theo.get(url).content.decode()
    helen.post(f"/manage/roles/{asked.pk}/end/")
    assert not has_role(fresh(cast.bob), Role.DSL)
