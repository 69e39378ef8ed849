"""Signing out: here, on other devices, everywhere; sockets go with their sessions."""

from django.contrib.sessions.models import Session
from django.test import Client

from accounts.bell import session_hash
from accounts.models import User
from tests.accounts.scenes import PASSWORD, Cast, bells_of, entries_of, sign_in


def opens(client: Client) -> bool:
    """Whether a browser is still signed in."""
    return client.get("/accounts/profile/").status_code == 200


def test_signing_out_ends_the_session_and_its_sockets(cast: Cast) -> None:
    client = sign_in(cast.alice)
    key = str(client.session.session_key)
    bells: list[dict[str, list[str]]] = []
    entries = entries_of(lambda: bells.extend(bells_of(lambda: client.post("/accounts/logout/"))))
    assert [one.action for one in entries] == ["session.ended"]
    assert bells == [{"sessions": [session_hash(key)]}]
    assert not Session.objects.filter(session_key=key).exists()
    assert not opens(client)


def test_signing_out_the_others_keeps_this_one(cast: Cast) -> None:
    here, there = sign_in(cast.alice), sign_in(cast.alice)
    key = str(there.session.session_key)
    assert bells_of(lambda: here.post("/accounts/sessions/")) == [{"sessions": [session_hash(key)]}]
    assert opens(here)
    assert not opens(there)


def test_signing_out_everywhere_ends_all_and_bobs_stays(cast: Cast) -> None:
    here, there, bob = sign_in(cast.alice), sign_in(cast.alice), sign_in(cast.bob)
    bells = bells_of(lambda: here.post("/accounts/sessions/end-all/"))
    assert {"people": [str(cast.alice.pk)]} in bells
    assert not opens(here)
    assert not opens(there)
    assert opens(bob)


def test_the_epoch_ends_sessions_that_no_table_lists(cast: Cast) -> None:
    unlisted = Client()
    unlisted.force_login(User.objects.get(pk=cast.alice.pk))
    assert opens(unlisted)
    sign_in(cast.alice).post("/accounts/sessions/end-all/")
    assert not opens(unlisted)


def test_a_changed_password_ends_the_other_devices(cast: Cast) -> None:
    here, there = sign_in(cast.alice), sign_in(cast.alice)
    new = "another long one, quite so"
    entries = entries_of(
        lambda: here.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": new, "password2": new},
        )
    )
    assert [one.action for one in entries] == ["password.changed"]
    assert opens(here)
    assert not opens(there)
