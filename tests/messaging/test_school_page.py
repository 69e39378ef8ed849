"""`/manage/school/`: what holds for everybody, seen and changed by those who may."""

import pytest

from accounts.models import User
from audit.models import Entry
from messaging.models import SchoolSettings
from messaging.school.values import RULES
from tests.cast import client_of

pytestmark = pytest.mark.django_db

PAGE = "/manage/school/"
FORM = {
    "presence": "off",
    "typing": "off",
    "receipts": "off",
    **{f"nudge_{rule}": "nudge" for rule in RULES},
}


def test_an_administrator_sees_and_changes_the_settings(theo: User) -> None:
    client = client_of(theo)
    assert PAGE in client.get("/manage/").text
    assert client.get(PAGE).text.count('value="off"') >= 3
    answer = client.post(PAGE, {**FORM, "presence": "direct", "receipts": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    kept = SchoolSettings.objects.get()
    assert (kept.presence, kept.typing, kept.receipts) == ("direct", "off", "on")
    assert Entry.objects.filter(action="setting.changed").count() == 1
    assert "Saved." in client.get(PAGE).text


def test_what_is_no_choice_is_refused(theo: User) -> None:
    answer = client_of(theo).post(PAGE, {**FORM, "presence": "always"})
    assert answer.status_code == 200
    assert not SchoolSettings.objects.exists()


def test_others_find_no_such_page(alice: User, dana: User, priya: User) -> None:
    for person in (alice, dana, priya):
        assert client_of(person).get(PAGE).status_code == 404
        assert client_of(person).post(PAGE, {"presence": "on"}).status_code == 404


def test_what_is_pointed_out_is_settled_on_the_same_page(theo: User) -> None:
    route = "Ring Dana on extension 12."
    wanted = {**FORM, "nudge_upn": "block", "nudge_phone": "off", "safeguarding_route": route}
    assert client_of(theo).post(PAGE, wanted).status_code == 302
    kept = SchoolSettings.objects.get()
    assert (kept.nudge_upn, kept.nudge_phone, kept.nudge_nhs) == ("block", "off", "nudge")
    entry = Entry.objects.get(action="setting.changed")
    assert entry.facts["fields"] == ["nudge_phone", "nudge_upn", "safeguarding_route"]
    assert route not in str(entry.facts)
