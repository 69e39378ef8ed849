"""The language of one's own pages, where there is more than one."""

from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from audit.models import Entry
from tests.cast import client_of
from tests.house.pseudo import CODE, LANGUAGES, pseudo, write_catalogues

pytestmark = pytest.mark.django_db

PAGE, CHOOSE = "/accounts/profile/", "/accounts/language/"


@pytest.fixture
def _two(settings: Settings, tmp_path: Path) -> None:
    write_catalogues(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = LANGUAGES


def _page(person: User, *, asked: str = "en-GB") -> str:
    answer = client_of(person).get(PAGE, headers={"accept-language": asked})
    assert answer.status_code == 200
    return answer.content.decode()


def test_with_one_language_there_is_nothing_to_choose(alice: User) -> None:
    assert "Language" not in _page(alice)


@pytest.mark.shows("translated")
@pytest.mark.usefixtures("_two")
def test_the_chosen_one_holds_whatever_the_browser_asks_for(alice: User, carol: User) -> None:
    entries = Entry.objects.count()
    assert "Your profile" in _page(alice)
    assert pseudo("Your profile") in _page(alice, asked=CODE)
    assert client_of(alice).post(CHOOSE, {"language": CODE}).status_code == 302
    assert pseudo("Your profile") in _page(alice)
    assert client_of(alice).get(PAGE)["Content-Language"] == CODE
    assert pseudo("Pseudo") not in _page(alice)  # each is called what it calls itself
    assert "Your profile" in _page(carol)
    client_of(alice).post(CHOOSE, {"language": "en-gb"})
    assert "Your profile" in _page(alice, asked=CODE)
    client_of(alice).post(CHOOSE, {"language": ""})
    assert pseudo("Your profile") in _page(alice, asked=CODE)
    assert Entry.objects.count() == entries


@pytest.mark.usefixtures("_two")
def test_a_language_that_there_is_not_is_not_chosen_and_one_that_is_no_more_is_forgotten(
    alice: User, settings: Settings
) -> None:
    answer = client_of(alice).post(CHOOSE, {"language": "xx"}, follow=True)
    assert "choose one of the languages" in answer.content.decode()
    client_of(alice).post(CHOOSE, {"language": CODE})
    settings.LANGUAGES = [*LANGUAGES[:1], ("fr", "French")]
    assert "Your profile" in _page(alice)


def test_undo_is_kept_for_the_person_and_nobody_else(alice: User, carol: User) -> None:
    entries = Entry.objects.count()
    assert client_of(alice).put("/accounts/undo-send/").status_code == 204
    alice.refresh_from_db()
    carol.refresh_from_db()
    assert (alice.undo_send, carol.undo_send) == (True, False)
    assert client_of(alice).delete("/accounts/undo-send/").status_code == 204
    alice.refresh_from_db()
    assert not alice.undo_send
    assert Entry.objects.count() == entries
