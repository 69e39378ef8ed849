"""Who chose to wait five seconds takes a message back before it has left the page."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel, Message
from tests.e2e.conftest import Open
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def _choose_to_wait(window: Window, now: str) -> None:
    window.page.get_by_role("button", name="your menu").click()
    choice = window.page.get_by_role("menuitemcheckbox", name="Wait 5 seconds before sending")
    with window.page.expect_response("**/accounts/undo-send/"):
        choice.click()
    expect(choice).to_have_attribute("aria-checked", now)
    window.page.keyboard.press("Escape")


@pytest.mark.shows("undo-send", on="both", people=2)
def test_a_message_is_taken_back_within_five_seconds_and_otherwise_sent(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    asked = say(bob, channel, "Who takes lunch duty?")
    a, b = open_window(alice), open_window(bob, viewport=PHONE)
    a.page.clock.install()
    a.look_at(channel)
    b.look_at(channel)
    a.write("Sent at once, as nothing was chosen")
    b.sees("Sent at once, as nothing was chosen")
    _choose_to_wait(a, "true")
    assert a.violations() == []
    elsewhere = open_window(alice)
    elsewhere.look_at(channel)
    choice = elsewhere.page.locator("[data-wait-choice]")
    expect(choice).to_have_attribute("aria-checked", "true")

    a.choose("Who takes lunch duty?", "Reply")
    a.write("Not me, ask that idle Dana")
    held = a.log.locator(".message--pending")
    expect(held).to_contain_text("Sending…")
    a.page.clock.run_for(4_000)
    held.get_by_role("button", name="Undo").focus()
    a.page.keyboard.press("Enter")
    expect(held).to_have_count(0)
    expect(a.composer).to_have_value("Not me, ask that idle Dana")
    expect(a.composer).to_be_focused()
    expect(a.page.get_by_text("Replying to Bob Brennan")).to_be_visible()

    a.write("I do")
    expect(held).to_contain_text("I do")
    assert Message.objects.filter(author=alice, kind="text").count() == 1
    a.page.clock.run_for(5_100)
    b.sees("I do")
    expect(held).to_have_count(0)
    assert Message.objects.latest("seq").reply_to == asked.id

    a.write("Written last, and the page is left")
    expect(held).to_have_count(1)
    a.page.goto("/accounts/profile/")
    b.sees("Written last, and the page is left")
    assert not any("idle" in text for text in b.log.locator("article").all_inner_texts())

    a.look_at(channel)
    _choose_to_wait(a, "false")
    a.write("At once again")
    b.sees("At once again")
    _take_back_by_thumb(b)


def _take_back_by_thumb(phone: Window) -> None:
    back = phone.page.get_by_role("button", name="Back to the channels")
    back.tap()
    _choose_to_wait(phone, "true")
    phone.channel_link("Year 5").tap()
    phone.write("Not what I meant")
    phone.log.get_by_role("button", name="Undo").tap()
    expect(phone.composer).to_have_value("Not what I meant")
    assert Message.objects.filter(author=phone.person, kind="text").count() == 1
