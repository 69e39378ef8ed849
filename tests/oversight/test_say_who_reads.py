"""Who can read a channel: derived from the roles that people hold, shown to its members only."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role
from messaging.models import Channel
from messaging.services.channels import create_channel, open_direct
from tests.cast import client_of
from tests.scenes import channel_of


def _panel(person: User, channel: Channel) -> str:
    answer: Any = client_of(person).get(
        f"/channels/{channel.id}/readers/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.usefixtures("alice", "helen", "theo", "hari")
def test_it_names_the_members_and_who_really_holds_authority(
    year_5: Channel, bob: User, dana: User
) -> None:
    page = _panel(bob, year_5)

    for name in (
        "Alice Adeyemi",
        "Bob Brennan",
        "Designated safeguarding lead: may search it for safeguarding",
    ):
        assert name in page
    assert "2 members. Dana Doyle may search it with a recorded reason. Kept for 1 year." in page
    assert "Hari Hussain" in page
    assert "Helen Hart may approve it" in page
    assert "Theo Thomas" in page
    assert "Carol Chu" not in page


def test_it_changes_with_the_roles(year_5: Channel, bob: User, dana: User, deputy: User) -> None:
    assert "Dana Doyle or Sam Shah may search it" in _panel(bob, year_5)
    deputy.groups.remove(Group.objects.get(name=Role.DEPUTY_DSL))
    assert "Sam Shah" not in _panel(bob, year_5)
    dana.is_active = False
    dana.save(update_fields=["is_active"])
    page = _panel(bob, year_5)
    assert "Dana Doyle" not in page
    assert "nobody at present" in page


def test_a_direct_message_has_it_too(alice: User, bob: User, dana: User) -> None:
    page = _panel(alice, open_direct(by=alice, people=[bob]))

    assert "2 members. Dana Doyle may search it" in page


def test_an_open_channel_says_that_all_staff_can_join(alice: User, dana: User) -> None:
    channel = create_channel(by=alice, kind="open", name="Staff room")

    page = _panel(alice, channel)

    assert "All staff can join; 1 is in it." in page
    assert "Any member of staff" in page


def test_the_authority_of_a_subject_does_not_reach_the_channel(
    alice: User, bob: User, dana: User, deputy: User
) -> None:
    page = _panel(alice, channel_of(alice, bob, about=[dana]))

    assert "Dana Doyle" not in page
    assert "Sam Shah may search it" in page
    assert "Nobody whom this channel is about" in page


@pytest.mark.parametrize("name", ["carol", "theo", "dana", "gwen"])
def test_who_is_not_in_the_channel_learns_nothing(
    name: str, year_5: Channel, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(name))

    assert client.get(f"/channels/{year_5.id}/readers/").status_code == 404


def test_it_is_also_a_page(year_5: Channel, alice: User) -> None:
    answer = client_of(alice).get(f"/channels/{year_5.id}/readers/")

    assert "<h1>Who can read this conversation?</h1>" in answer.content.decode()
