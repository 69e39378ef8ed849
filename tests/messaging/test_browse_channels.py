"""`/channels/`: which channels there are, what each is for, and who is in it."""

from typing import Any

import pytest

from accounts.models import User
from messaging.services.channels import archive_channel, create_channel
from tests.cast import client_of
from tests.scenes import channel_of


def _names(answer: Any, which: str) -> list[str]:
    assert answer.status_code == 200
    return [channel.name for channel in answer.context[which]]


@pytest.fixture
def choir(alice: User, bob: User) -> None:
    create_channel(by=alice, kind="open", name="Choir", purpose="Songs and coaches", members=[bob])


@pytest.mark.usefixtures("choir")
def test_an_open_channel_says_what_it_is_for_and_who_runs_it(carol: User) -> None:
    answer = client_of(carol).get("/channels/")

    assert _names(answer, "joinable") == ["Choir"]
    page = answer.content.decode()
    assert "Songs and coaches" in page
    assert "2 members" in page
    assert "run by Alice" in page


def test_a_private_channel_is_shown_to_its_members_only(
    alice: User, bob: User, carol: User, theo: User
) -> None:
    channel_of(alice, bob, name="Year 5")

    assert _names(client_of(bob).get("/channels/"), "mine") == ["Year 5"]
    for outsider in (carol, theo):
        assert "Year 5" not in client_of(outsider).get("/channels/").content.decode()


@pytest.mark.usefixtures("choir")
@pytest.mark.parametrize(
    ("words", "found"),
    [("choir", ["Choir"]), ("COACHES song", ["Choir"]), ("alice", ["Choir"]), ("maths", [])],
)
def test_it_is_narrowed_by_name_purpose_and_owner(
    words: str, found: list[str], carol: User
) -> None:
    answer = client_of(carol).get("/channels/", {"q": words})

    assert _names(answer, "joinable") == found
    assert ("Show all" in answer.content.decode()) == (not found)


def test_an_archived_channel_is_no_longer_to_be_joined(alice: User, carol: User) -> None:
    channel = create_channel(by=alice, kind="open", name="Old", purpose="", members=[])
    archive_channel(by=alice, channel_id=channel.id)

    assert _names(client_of(carol).get("/channels/"), "joinable") == []
    page = client_of(alice).get("/channels/")
    assert _names(page, "mine") == ["Old"]
    assert "Archived" in page.content.decode()
