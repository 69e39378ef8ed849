"""Two gestures of a thumb: a message to the right is answered, the left edge leads back."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.e2e.conftest import Open
from tests.e2e.talking import hold, side, swipe
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["no-preference", "reduce"])
def phone(request: pytest.FixtureRequest, open_window: Open, alice: User, bob: User) -> Window:
    channel = channel_of(alice, bob, name="Year 5")
    question = say(bob, channel, "Please bring the register")
    say(bob, channel, "And the key", reply_to=question.id)
    window = open_window(alice, viewport=PHONE)
    window.page.emulate_media(reduced_motion=request.param)
    window.page.goto("/")
    window.wait_until_live()
    window.channel_link("Year 5").tap()
    return window


@pytest.mark.shows("swipe", on="phone")
def test_a_message_drawn_far_enough_is_answered(phone: Window) -> None:
    row = phone.sees("And the key")
    strip = phone.page.locator("[data-strip]")
    swipe(row, (120, 300), 40)
    expect(strip).to_be_hidden()
    swipe(row, (120, 300), 90)
    expect(strip).to_contain_text("Replying to Bob Brennan")
    expect(row).not_to_have_class(re.compile("swiped"))


@pytest.mark.shows("swipe", on="phone")
def test_the_left_edge_leads_back_to_the_list(phone: Window) -> None:
    swipe(phone.sees("And the key"), (8, 300), 90)
    expect(phone.channel_link("Year 5")).to_be_visible()
    expect(phone.composer).to_be_hidden()


def test_the_left_edge_leads_out_of_a_thread(phone: Window) -> None:
    hold(phone, "Please bring the register")
    phone.page.get_by_role("menuitem", name="Show replies").tap()
    thread = side(phone).get_by_role("log", name="Replies")
    expect(thread.locator(".message")).to_have_count(2)
    swipe(thread, (8, 300), 90)
    expect(side(phone)).to_be_hidden()
    expect(phone.sees("Please bring the register")).to_be_visible()
