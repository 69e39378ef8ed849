"""`/channels/<id>/keeping/`: owners see what leaves their channel soon, and may object there."""

import re

import pytest

from accounts.models import User
from messaging.models import Channel
from retention.models import Disposal, Objection
from retention.services.disposals import propose_disposals
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, held, past_channel

pytestmark = pytest.mark.django_db


def _page(channel: Channel) -> str:
    return f"/channels/{channel.pk}/keeping/"


def _read(person: User, channel: Channel) -> str:
    """What stands on the page, but for the channel's own id and name and the form's token."""
    answer = client_of(person, second_factor=False).get(_page(channel))
    assert answer.status_code == 200
    text = answer.content.decode().replace(str(channel.pk), "").replace(channel.name, "")
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"', "", text)


def test_owners_alone_see_it(
    at: Clock, alice: User, bob: User, carol: User, theo: User, priya: User
) -> None:
    channel = past_channel(at, alice, bob)
    assert "March 2024" in _read(alice, channel)
    for person in (bob, carol, theo, priya):
        assert client_of(person).get(_page(channel)).status_code == 404


def test_a_hold_changes_nothing_of_what_its_subject_sees(
    at: Clock, alice: User, dana: User, hari: User
) -> None:
    free = past_channel(at, alice, name="Kiln club")
    kept = past_channel(at, alice, name="Heather club")
    held(dana, channel=kept)
    assert _read(alice, kept) == _read(alice, free)
    propose_disposals(by=hari)
    assert _read(alice, kept) == _read(alice, free)
    assert "Object to this part" in _read(alice, kept)


def test_an_owner_objects_on_the_page(at: Clock, alice: User, hari: User, helen: User) -> None:
    channel = past_channel(at, alice)
    propose_disposals(by=hari)
    disposal = Disposal.objects.get()
    browser = client_of(alice, second_factor=False)
    wrong = {"number": disposal.number, "reason": REASON, "wanted_class": "ephemeral"}
    assert b"not one of the available" in browser.post(_page(channel), wrong).content
    short = browser.post(_page(channel), {"number": disposal.number, "reason": "No"})
    assert "at least 20" in short.content.decode()
    answer = browser.post(
        _page(channel),
        {"number": disposal.number, "reason": REASON, "wanted_class": "visits"},
        follow=True,
    )
    assert "has objected" in answer.content.decode()
    objection = Objection.objects.get()
    assert objection.wanted_class == "visits"
    page = f"/records/disposals/{disposal.number}/"
    assert REASON in client_of(helen).get(page).content.decode()
    client_of(helen).post(
        f"{page}objections/{objection.pk}/",
        {"upheld": "no", "reason": "The play was in May, and it is on file."},
    )
    objection.refresh_from_db()
    assert (objection.upheld, objection.decided_by) == (False, helen)
    assert "was not upheld" in _read(alice, channel)
