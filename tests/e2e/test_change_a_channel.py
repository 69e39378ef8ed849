"""An owner changes what a channel is called, and everybody's open page says so."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.window import DESK, PHONE
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_new_name_is_in_every_rail_at_once(
    open_window: Open, channel: Channel, alice: User, bob: User, viewport: dict[str, int]
) -> None:
    b = open_window(bob)
    b.look_at(channel)
    a = open_window(alice, viewport=viewport)
    a.page.goto(f"/channels/{channel.id}/members/")
    a.page.get_by_role("link", name="Change the settings").click()
    a.page.get_by_label("Name", exact=True).fill("Year 5 and 6")
    a.page.get_by_label("Every member").check()
    assert a.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert a.violations() == []
    a.page.get_by_role("button", name="Save the settings").click()
    expect(a.page.locator("#flashes")).to_contain_text("are saved")

    expect(b.channel_link("Year 5 and 6")).to_be_visible()
    expect(b.page.locator("chat-header [data-title]")).to_have_text("Year 5 and 6")
    b.sees("Alice Adeyemi changed the name of this channel to “Year 5 and 6” and who may mention")
    expect(a.page.get_by_label("Every member")).to_be_checked()


@pytest.mark.shows("errors-in-place", on="both")
def test_what_cannot_be_saved_is_said_where_it_is(
    open_window: Open, channel: Channel, alice: User
) -> None:
    for screen in (DESK, PHONE):
        a = open_window(alice, viewport=screen)
        a.page.goto(f"/channels/{channel.id}/settings/")
        a.page.get_by_label("Name", exact=True).fill(" ")
        a.page.get_by_role("button", name="Save the settings").click()
        expect(a.page.locator(".field--bad")).to_contain_text("Name")
