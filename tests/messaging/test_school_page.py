"""`/manage/school/`: what holds for everybody, seen and changed by those who may."""

import pytest

from accounts.models import User
from audit.models import Entry
from messaging.models import SchoolSettings
from tests.cast import client_of

pytestmark = pytest.mark.django_db

PAGE = "/manage/school/"


def test_an_administrator_sees_and_changes_the_settings(theo: User) -> None:
    client = client_of(theo)
    assert PAGE in client.get("/manage/").text
    assert client.get(PAGE).text.count('value="off"') >= 3
    answer = client.post(PAGE, {"presence": "direct", "typing": "off", "receipts": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    kept = SchoolSettings.objects.get()
    assert (kept.presence, kept.typing, kept.receipts) == ("direct", "off", "on")
    assert Entry.objects.filter(action="setting.changed").count() == 1
    assert "Saved." in client.get(PAGE).text


def test_what_is_no_choice_is_refused(theo: User) -> None:
    answer = client_of(theo).post(PAGE, {"presence": "always", "typing": "off", "receipts": "on"})
    assert answer.status_code == 200
    assert not SchoolSettings.objects.exists()


def test_others_find_no_such_page(alice: User, dana: User, priya: User) -> None:
    for person in (alice, dana, priya):
        assert client_of(person).get(PAGE).status_code == 404
        assert client_of(person).post(PAGE, {"presence": "on"}).status_code == 404
