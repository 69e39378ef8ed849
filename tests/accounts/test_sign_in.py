"""Signing in, with and without a second factor, and failing to."""

from django.conf import settings
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from structlog.testing import capture_logs

from accounts.models import User
from tests.accounts.scenes import (
    PASSWORD,
    Cast,
    code_of,
    enrol,
    entries_of,
    sign_in,
    sign_in_with_factor,
)


def test_signing_in_is_one_entry(cast: Cast) -> None:
    entries = entries_of(lambda: sign_in(cast.alice))
    assert [(one.action, one.actor, one.facts) for one in entries] == [
        ("session.started", cast.alice.pk, {"method": "password"})
    ]


def test_signing_in_with_a_code_is_entered_as_such(cast: Cast) -> None:
    secret = enrol(cast.dana)
    client = sign_in(cast.dana)
    assert client.get("/accounts/profile/").status_code == 302
    entries = entries_of(
        lambda: client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    )
    assert [one.facts for one in entries] == [{"method": "mfa"}]
    assert client.get("/accounts/profile/").status_code == 200


def test_the_address_may_be_typed_in_capitals(cast: Cast) -> None:
    answer = Client().post("/accounts/login/", {"login": "ALICE@School.Test", "password": PASSWORD})
    assert answer.status_code == 302


def test_a_wrong_password_goes_to_the_security_log_without_what_was_typed(cast: Cast) -> None:
    with capture_logs() as lines:
        answer = Client().post(
            "/accounts/login/", {"login": cast.alice.email, "password": "wrong horse"}
        )
    assert answer.status_code == 200
    assert [line["event"] for line in lines] == ["sign_in_failed"]
    assert lines[0]["person"] == str(cast.alice.pk)
    assert "wrong horse" not in str(lines)
    assert "alice" not in str(lines)


def test_guessing_is_slowed_down(cast: Cast) -> None:
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"login": cast.alice.email, "password": "wrong horse"})
    answer = client.post("/accounts/login/", {"login": cast.alice.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "Too many" in answer.content.decode()


def test_a_closed_account_does_not_open(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    client = sign_in(cast.bob)
    assert "_auth_user_id" not in client.session


def test_passwords_are_hashed_with_argon2_where_it_is_not_a_test() -> None:
    from schoolchat import settings as real

    assert real.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert settings.AUTH_USER_MODEL == "accounts.User"


def test_a_wrong_code_goes_to_the_security_log(cast: Cast) -> None:
    enrol(cast.dana)
    client = sign_in(cast.dana)
    with capture_logs() as lines:
        answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert answer.status_code == 200
    assert [(line["event"], line["person"]) for line in lines] == [
        ("second_factor_failed", str(cast.dana.pk))
    ]


def test_the_secret_of_the_app_is_not_in_the_clear(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    secret = enrol(cast.dana)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored


def test_an_app_is_enrolled_by_the_pages(cast: Cast) -> None:
    client = sign_in(cast.dana)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "<svg" in page.content.decode()
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/2fa/recovery-codes/generate/").status_code == 200
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200


def test_a_recovery_code_signs_in_once(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    enrol(cast.dana)
    codes = Authenticator.objects.get(user=cast.dana, type="recovery_codes").wrap()
    code = codes.get_unused_codes()[0]
    for expected in (302, 200):
        answer = sign_in(cast.dana).post("/accounts/2fa/authenticate/", {"code": code})
        assert answer.status_code == expected


def test_new_recovery_codes_are_one_entry(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in_with_factor(cast.dana)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def renew() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/2fa/recovery-codes/generate/")

    entries = entries_of(renew)
    assert [(one.action, one.subject, one.facts) for one in entries] == [
        ("second_factor.added", cast.dana.pk, {"method": "recovery_codes"})
    ]


def test_a_demonstration_lists_its_accounts(demo: Cast) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "dana@school.test" in page
    assert "Designated safeguarding lead" in page
    assert PASSWORD not in page


def test_a_school_does_not_list_its_accounts(cast: Cast) -> None:
    assert "dana@school.test" not in Client().get("/accounts/login/").content.decode()


def test_the_pages_of_ones_account_open(cast: Cast) -> None:
    client = sign_in_with_factor(cast.dana)
    for path in ("profile/", "sessions/", "password/change/", "2fa/", "logout/", "second-factor/"):
        assert client.get(f"/accounts/{path}").status_code == 200, path
