"""The pages of checkpoints: who sees them, what the sheet says, adding and removing by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from audit.checkpoints import note_of
from oversight.models import Delivery, Publication, Recipient
from oversight.services.publications import add_recipient
from oversight.words import words_of
from tests.cast import client_of
from tests.oversight.outside import MailServer, published, signed
from tests.roles import acting_as

PAGE = "/audit/checkpoints/"
ADDRESS = "chris.cole@governors.example"


@pytest.fixture
def chair(post: MailServer, priya: User) -> Recipient:
    return add_recipient(by=priya, name="Chris Cole", way="email", address=ADDRESS)


@pytest.fixture
def publication(gwen: User) -> Publication:
    return published(gwen)


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def _addresses(publication: Publication, recipient: Recipient) -> list[str]:
    here = f"{PAGE}{publication.uid}/"
    return [
        PAGE,
        here,
        f"{here}checkpoint.txt",
        f"{here}checkpoint.tsr",
        f"{PAGE}recipients/new/",
        f"{PAGE}recipients/{recipient.uid}/remove/",
    ]


@pytest.mark.parametrize("name", ["alice", "carol", "dana", "hari", "theo"])
def test_nobody_else_finds_anything(
    name: str, chair: Recipient, publication: Publication, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(name))
    for address in _addresses(publication, chair):
        assert browser.get(address).status_code == 404
        assert browser.post(address).status_code == 404
    assert Recipient.objects.get().removed_at is None


def test_a_stranger_is_led_to_the_sign_in_page(chair: Recipient, publication: Publication) -> None:
    for address in _addresses(publication, chair):
        assert Client().get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["gwen", "priya", "helen", "chris"])
def test_those_who_have_to_do_with_them_see_what_was_published(
    name: str, chair: Recipient, publication: Publication, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(name))
    page = _text(browser.get(PAGE))
    assert "Chris Cole" in page
    assert str(publication.uid) in page
    assert "entries" in _text(browser.get(f"{PAGE}{publication.uid}/"))


def test_the_auditor_sees_no_address_and_no_way_to_change_the_list(
    chair: Recipient, publication: Publication, gwen: User
) -> None:
    browser = client_of(gwen)
    page = _text(browser.get(PAGE))
    assert ADDRESS not in page
    assert "Remove" not in page
    assert "Add somebody" not in page
    assert browser.get(f"{PAGE}recipients/new/").status_code == 404
    assert browser.post(f"{PAGE}recipients/{chair.uid}/remove/").status_code == 404


def test_the_sheet_has_all_that_is_needed_to_check_it(publication: Publication, gwen: User) -> None:
    checkpoint = publication.checkpoint
    page = _text(client_of(gwen).get(f"{PAGE}{publication.uid}/"))
    words = [f"<li>{word}</li>" for word in words_of(bytes(checkpoint.root))]
    assert "".join(words) in page
    assert bytes(checkpoint.root).hex() in page
    assert note_of(checkpoint).splitlines()[-1] in page
    assert "<svg" in page
    assert "style=" not in page


def test_the_note_is_downloaded_as_it_was_signed(publication: Publication, gwen: User) -> None:
    answer = client_of(gwen).get(f"{PAGE}{publication.uid}/checkpoint.txt")
    assert answer.content.decode() == note_of(publication.checkpoint)
    assert answer["Content-Disposition"].startswith("attachment")


def test_publish_now_leads_to_the_sheet(chair: Recipient, gwen: User) -> None:
    browser = client_of(gwen)
    assert "No checkpoint has been signed yet" in _text(browser.post(PAGE, follow=True))
    signed()
    page = browser.post(PAGE, follow=True)
    made = Publication.objects.get()
    assert page.redirect_chain[-1][0] == f"{PAGE}{made.uid}/"
    assert (made.reason, made.asked_by) == ("asked", gwen)


def _send(browser: Client, **form: str) -> HttpResponse:
    whole = {"name": "Chris Cole", "way": "email", "address": ADDRESS, **form}
    return browser.post(f"{PAGE}recipients/new/", whole, follow=True)  # type: ignore[return-value]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["priya", "helen"])
def test_somebody_is_added_and_removed_by_hand(
    name: str, post: MailServer, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(name))
    page = _text(_send(browser))
    assert ADDRESS in page
    recipient = Recipient.objects.get()
    gone = browser.post(f"{PAGE}recipients/{recipient.uid}/remove/", follow=True)
    assert ADDRESS not in _text(gone)
    assert browser.post(f"{PAGE}recipients/{recipient.uid}/remove/").status_code == 404


def test_without_a_mail_server_the_page_says_what_to_do(settings: Settings, priya: User) -> None:
    settings.MAILERS = {}
    answer = _send(client_of(priya))
    assert answer.status_code == 422
    assert "This server cannot send e-mail yet" in answer.content.decode()
    assert not Recipient.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"address": ""}, "Give the e-mail address"),
        ({"address": "not an address"}, "Enter a valid email address"),
        ({"name": ""}, "This field is required"),
        ({"way": "file"}, "Select a valid choice"),
        ({"way": "webhook"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    form: dict[str, str], sentence: str, post: MailServer, priya: User
) -> None:
    answer = _send(client_of(priya), **form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_ways_that_the_server_names_can_be_chosen(settings: Settings, priya: User) -> None:
    settings.CHECKPOINT_WEBHOOK = "https://trust.example/hook"
    page = _text(_send(client_of(priya), way="webhook", address="ignored@x.example"))
    assert "To the web address outside" in page
    assert Recipient.objects.get().address == ""


def test_what_became_of_each_is_said_in_words(
    chair: Recipient, publication: Publication, priya: User
) -> None:
    browser = client_of(priya)
    delivery = publication.deliveries.get()

    def page_when(**state: Any) -> str:
        with acting_as("worker"):
            Delivery.objects.filter(pk=delivery.pk).update(**state)
        return _text(browser.get(PAGE))

    assert "On its way" in page_when()
    assert "Tried 3 times: it was refused there" in page_when(tries=3, error="refused")
    assert "Given up; tried once: it could not be reached" in page_when(
        tries=1, error="unreachable", state="failed"
    )
    at = datetime(2027, 1, 9, 6, 2, tzinfo=UTC)
    assert "Arrived 9 Jan, 06:02" in page_when(state="delivered", delivered_at=at, error="")


def test_one_who_lacks_theirs_is_seen_at_once(
    chair: Recipient, publication: Publication, gwen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime.now(UTC) + timedelta(hours=27)
    monkeypatch.setattr("oversight.queries.publications.now", lambda: later)
    page = _text(client_of(gwen).get(PAGE))
    assert "1 of 1 has gone without for more than a day" in page
    assert "Nothing yet" in page


def test_the_menu_has_the_log_once(gwen: User, publication: Publication) -> None:
    page = client_of(gwen).get(PAGE)
    inside = [item for item in page.context["nav"] if item["url"].startswith("/audit/")]
    assert [item["label"] for item in inside] == ["Log"]
