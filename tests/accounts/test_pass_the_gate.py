"""The four doors: signed in, the right role, and a second factor."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from accounts.models import Provenance, User
from accounts.queries import provenance
from tests.accounts.scenes import Cast, code_of, enrol, found, sign_in, sign_in_with_factor

type AsRole = Callable[[str], AbstractContextManager[None]]

DOORS = {
    "/safeguarding/": "dana",
    "/records/": "helen",
    "/audit/": "gwen",
    "/manage/": "theo",
}


@pytest.mark.parametrize("door", DOORS)
def test_a_stranger_is_led_to_sign_in(cast: Cast, door: str) -> None:
    answer = Client().get(door)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("door", DOORS)
def test_carol_finds_nothing_there(cast: Cast, door: str) -> None:
    client = sign_in_with_factor(cast.carol)
    assert client.get(door).status_code == 404
    assert client.post(door).status_code == 404


@pytest.mark.parametrize("door", ["/safeguarding/", "/records/", "/audit/"])
def test_theo_finds_nothing_where_content_is(cast: Cast, door: str) -> None:
    assert sign_in_with_factor(cast.theo).get(door).status_code == 404


@pytest.mark.parametrize(("door", "who"), DOORS.items())
def test_without_an_app_one_is_led_to_enrol_it(cast: Cast, door: str, who: str) -> None:
    answer = sign_in(getattr(cast, who)).get(door, follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/second-factor/?next=")
    assert "needs a second factor" in answer.content.decode()


@pytest.mark.parametrize(("door", "who"), DOORS.items())
def test_with_password_and_code_the_door_opens(cast: Cast, door: str, who: str) -> None:
    assert sign_in_with_factor(getattr(cast, who)).get(door).status_code == 200


def test_an_app_enrolled_in_this_session_is_asked_for_its_code(cast: Cast) -> None:
    client = sign_in(cast.theo)
    secret = enrol(cast.theo)
    answer = client.get("/manage/?q=a")
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fmanage%2F%3Fq%3Da"
    back = client.post(answer["Location"], {"code": code_of(secret)})
    assert back["Location"] == "/manage/?q=a"
    assert client.get("/manage/?q=a").status_code == 200


def test_taking_the_app_away_closes_the_door(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    client = sign_in_with_factor(cast.theo)
    Authenticator.objects.filter(user=cast.theo).delete()
    assert client.get("/manage/").status_code == 302


def test_a_part_of_a_page_leads_the_whole_page(cast: Cast) -> None:
    answer = sign_in(cast.theo).get("/manage/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/accounts/second-factor/")


@pytest.mark.parametrize("kind", [Provenance.Kind.DEMO, Provenance.Kind.GENERATED])
def test_invented_people_need_no_second_factor_and_the_page_says_so(
    db: None, as_role: AsRole, kind: Provenance.Kind
) -> None:
    with as_role("owner"):
        cast = found(kind)
    answer = sign_in(cast.theo).get("/manage/")
    assert answer.status_code == 200
    assert "no second factor is asked for" in answer.content.decode()
    assert sign_in(cast.carol).get("/manage/").status_code == 404


def test_a_database_that_has_not_been_named_is_treated_as_a_school(theo: User) -> None:
    assert provenance() is None
    client = Client()
    client.force_login(theo)
    assert client.get("/manage/").status_code == 302


def test_the_menu_has_only_what_opens(cast: Cast) -> None:
    hers = ["/safeguarding/", "/records/", "/audit/"]
    for who, doors in {"carol": [], "dana": hers, "theo": ["/manage/"]}.items():
        page = sign_in(getattr(cast, who)).get("/accounts/profile/")
        urls = [item["url"] for item in page.context["nav"]]
        assert [url for url in urls if url in DOORS] == doors
