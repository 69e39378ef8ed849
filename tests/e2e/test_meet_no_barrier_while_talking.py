"""Each surface of the conversation, open, on a desk and a phone: axe-core finds nothing."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from messaging.services.corrections import correct_own
from tests.e2e.conftest import Open
from tests.e2e.surfaces import SURFACES, close_all
from tests.e2e.talking import focus, press
from tests.e2e.window import PHONE, WIDE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    channel = channel_of(alice, bob, dana, name="Year 5")
    question = say(bob, channel, "Who takes the register, @Alice Adeyemi?")
    said = say(alice, channel, "I can, with `code` and @Bob Brennan", reply_to=question.id)
    correct_own(author=alice, message_id=said.id, body="I cannot on Friday")
    channel_of(alice, bob, name="Choir")
    return channel


@pytest.fixture(params=["desk", "phone"])
def a(request: pytest.FixtureRequest, open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice, viewport=WIDE if request.param == "desk" else PHONE)
    window.page.goto("/")
    window.wait_until_live()
    window.channel_link("Year 5").click()
    for key in ("+", "p"):
        focus(window, "Who takes")
        press(window, key)
        if key == "+":
            window.page.keyboard.type("thumbs up")
            window.page.get_by_role("gridcell").first.wait_for()
            press(window, "Enter")
    expect(window.page.locator("chat-pins button")).to_be_visible()
    window.page.locator(".toast").wait_for(state="detached")
    return window


@pytest.mark.shows("axe")
def test_no_surface_has_a_barrier(a: Window) -> None:
    faults = []
    for surface in SURFACES:
        surface(a)
        found = a.violations()
        with a.in_the_dark():
            found += a.violations(["color-contrast"])
        faults += [f"{surface.__name__}: {fault}" for fault in found]
        close_all(a)
    assert faults == []
