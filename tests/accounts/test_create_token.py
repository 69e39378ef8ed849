"""API tokens: who makes them, what they open, and how they end."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.authentication import Signed, no_longer_allowed, person_from_scope
from accounts.errors import NotAllowed, NotWaiting
from accounts.models import ApiToken
from accounts.services.tokens import confirm_token, create_token, revoke_token
from audit.clock import now
from tests.accounts.scenes import PASSWORD, Cast, bells_of, entries_of, sign_in


def signed(secret: str) -> Signed | None:
    """Who a socket with this token is."""
    return person_from_scope({"headers": [(b"Authorization", f"Bearer {secret}".encode())]})


def get(path: str, secret: str) -> int:
    """The status of a page asked for with this token."""
    return Client().get(path, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_ones_own_token_opens_the_chat_at_once(cast: Cast) -> None:
    made = create_token(by=cast.alice, person=cast.alice, name="script")
    who = signed(made.secret)
    assert who is not None
    assert (who.person, who.name, who.token, who.session) == (
        cast.alice.pk,
        "Alice",
        made.token.pk,
        None,
    )


def test_only_its_hash_is_stored(cast: Cast) -> None:
    made = create_token(by=cast.alice, person=cast.alice, name="script")
    assert made.secret not in str(ApiToken.objects.values_list())


def test_the_command_only_asks_in_a_school(cast: Cast) -> None:
    out = StringIO()
    call_command("create_token", "alice@school.test", json=True, stdout=out, stderr=StringIO())
    made = json.loads(out.getvalue())
    assert not made["confirmed"]
    assert signed(made["token"]) is None
    token = ApiToken.objects.get()
    with pytest.raises(NotWaiting):
        confirm_token(by=cast.bob, token_id=token.pk)
    page = sign_in(cast.alice)
    assert "Waits for you" in page.get("/accounts/profile/").content.decode()
    page.post(f"/accounts/tokens/{token.pk}/confirm/")
    assert signed(made["token"]) is not None


def test_the_command_gives_at_once_in_a_demonstration(demo: Cast) -> None:
    out = StringIO()
    call_command("create_token", "alice@school.test", stdout=out)
    assert signed(out.getvalue().strip()) is not None


def test_the_command_refuses_an_unknown_address(cast: Cast) -> None:
    with pytest.raises(CommandError):
        call_command("create_token", "nobody@school.test")


def test_nobody_makes_a_token_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        create_token(by=cast.theo, person=cast.alice, name="script")


@pytest.mark.parametrize(
    "path", ["/safeguarding/", "/records/", "/audit/", "/manage/", "/accounts/profile/"]
)
def test_a_token_never_opens_these(cast: Cast, path: str) -> None:
    for person in (cast.dana, cast.theo, cast.helen):
        assert get(path, create_token(by=person, person=person, name="x").secret) == 403


def test_a_wrong_token_is_401_even_with_a_good_cookie(cast: Cast) -> None:
    client = sign_in(cast.alice)
    answer = client.get("/", headers={"Authorization": "Bearer schoolchat_wrong"})
    assert answer.status_code == 401
    cookie = f"sessionid={client.session.session_key}".encode()
    scope = {"headers": [(b"cookie", cookie), (b"authorization", b"Bearer schoolchat_wrong")]}
    assert person_from_scope(scope) is None


def test_a_revoked_token_ends_with_its_sockets(cast: Cast) -> None:
    made = create_token(by=cast.alice, person=cast.alice, name="script")
    who = signed(made.secret)
    assert who is not None
    assert no_longer_allowed([who]) == []
    bells = bells_of(lambda: revoke_token(by=cast.alice, token_id=made.token.pk))
    assert bells == [{"tokens": [str(made.token.pk)]}]
    assert signed(made.secret) is None
    assert no_longer_allowed([who]) == [who]


def test_a_token_ends_by_itself(cast: Cast) -> None:
    made = create_token(by=cast.alice, person=cast.alice, name="script")
    ApiToken.objects.update(expires_at=now() - timedelta(seconds=1))
    assert signed(made.secret) is None


def test_making_one_on_the_page_asks_for_the_password_again(cast: Cast) -> None:
    client = sign_in(cast.alice)
    assert client.post("/accounts/tokens/new/", {"name": "script"}).status_code == 302
    assert not ApiToken.objects.exists()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    entries = entries_of(lambda: client.post("/accounts/tokens/new/", {"name": "script"}))
    assert [one.action for one in entries] == ["token.created"]
