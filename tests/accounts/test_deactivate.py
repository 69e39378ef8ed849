"""Closing an account, and opening it again."""

from datetime import date, timedelta

import pytest

from accounts.authentication import person_from_scope
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.queries import has_role, roles_of
from accounts.roles import Role
from accounts.services.people import deactivate_leavers, deactivate_person, reactivate_person
from accounts.services.tokens import create_token
from audit.sealed import open_record
from tests.accounts.scenes import (
    Cast,
    bells_of,
    entries_of,
    fact,
    record_of,
    sign_in,
    sign_in_with_factor,
)


def is_open(person: User) -> bool:
    """Whether an account is open in the database."""
    return User.objects.get(pk=person.pk).is_active


def test_sessions_tokens_and_roles_end_and_sockets_are_told_last(cast: Cast) -> None:
    client = sign_in(cast.dana)
    create_token(by=cast.dana, person=cast.dana, name="script")
    bells: list[dict[str, list[str]]] = []

    def act() -> None:
        bells.extend(
            bells_of(lambda: deactivate_person(by=cast.theo, person_id=cast.dana.pk, reason="left"))
        )

    (entry,) = entries_of(act)
    assert entry.action == "person.deactivated"
    assert [fact(entry, name) for name in ("sessions", "tokens", "roles")] == [1, 1, 1]
    assert open_record(record_of(entry)) == {"reason": "left"}
    assert bells == [{"people": [str(cast.dana.pk)]}]
    assert client.get("/accounts/profile/").status_code == 302
    cast.dana.refresh_from_db()
    assert roles_of(cast.dana) == []


def test_her_cookie_and_token_open_no_socket(cast: Cast) -> None:
    client = sign_in(cast.dana)
    cookie = f"sessionid={client.session.session_key}".encode()
    token = create_token(by=cast.dana, person=cast.dana, name="script").secret
    by_cookie = {"headers": [(b"cookie", cookie)]}
    by_token = {"headers": [(b"authorization", f"Bearer {token}".encode())]}
    for scope in (by_cookie, by_token):
        signed = person_from_scope(scope)
        assert signed is not None
        assert signed.person == cast.dana.pk
    deactivate_person(by=cast.theo, person_id=cast.dana.pk)
    assert person_from_scope(by_cookie) is None
    assert person_from_scope(by_token) is None


def test_opened_again_she_is_ordinary_staff_and_old_sessions_stay_ended(cast: Cast) -> None:
    client = sign_in(cast.dana)
    deactivate_person(by=cast.theo, person_id=cast.dana.pk)
    again = reactivate_person(by=cast.theo, person_id=cast.dana.pk, reason="back")
    assert roles_of(again) == [Role.STAFF]
    assert not has_role(again, Role.DSL)
    assert client.get("/accounts/profile/").status_code == 302
    sign_in(again)


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        deactivate_person(by=cast.theo, person_id=cast.theo.pk)


@pytest.mark.parametrize("who", ["carol", "dana", "helen", "priya"])
def test_only_an_administrator_closes_accounts(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        deactivate_person(by=getattr(cast, who), person_id=cast.bob.pk)


def test_the_page_wants_a_reason(cast: Cast) -> None:
    client = sign_in_with_factor(cast.theo)
    url = f"/manage/people/{cast.bob.pk}/"
    client.post(f"{url}deactivate/", {"reason": ""})
    assert is_open(cast.bob)
    client.post(f"{url}deactivate/", {"reason": "left the school"})
    assert not is_open(cast.bob)
    assert "Closed" in client.get(url).content.decode()
    client.post(f"{url}reactivate/", {"reason": "came back"})
    assert is_open(cast.bob)


def test_a_leavers_account_closes_on_the_day_after_their_leaving_date(
    alice: User, bob: User
) -> None:
    day = date(2026, 12, 18)
    User.objects.filter(pk=alice.pk).update(leaving_on=day)
    assert deactivate_leavers(today=day) == 0
    assert deactivate_leavers(today=day + timedelta(days=1)) == 1
    assert deactivate_leavers(today=day + timedelta(days=1)) == 0
    assert set(User.objects.filter(is_active=False)) == {alice}
