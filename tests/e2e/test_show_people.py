"""Who is there, who is writing and who has read what, as the school shows it, in two browsers."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.live import presence
from messaging.live.attendance import Pace
from messaging.models import Channel
from messaging.services.channels import open_direct
from tests.e2e.conftest import Open
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "Pace", lambda: Pace(tell=0.05, linger=0.5))


@pytest.fixture
def direct(quick: None, transactional_db: None, alice: User, bob: User) -> Channel:
    return open_direct(by=alice, people=[bob])


def _presence(window: Window, text: str | None) -> None:
    mark = window.page.locator("chat-header [data-presence]")
    if text is None:
        expect(mark).to_be_hidden()
    else:
        expect(mark).to_have_text(text)


@pytest.mark.shows("presence", "typing", "receipts", on="both", people=2)
def test_nothing_is_shown_until_the_school_wants_it_and_then_at_once(
    open_window: Open, direct: Channel, alice: User, bob: User
) -> None:
    a, b = open_window(alice), open_window(bob, viewport=PHONE)
    a.look_at(direct)
    b.look_at(direct)
    a.write("Is the hall free?")
    b.sees("Is the hall free?")
    b.composer.press_sequentially("It")
    _presence(a, None)
    expect(a.page.locator("chat-typing")).to_have_text("")
    expect(a.page.locator(".message__read")).to_have_count(0)

    settle(presence="direct", typing="direct", receipts="direct")
    _presence(a, "Online")
    _presence(b, "Online")
    listed = a.page.get_by_role("link", name=re.compile("^Bob Brennan ?, Online$"))
    expect(listed.locator(".rail__presence")).to_have_attribute("data-presence", "online")
    read = a.message("Is the hall free?").locator(".message__read")
    expect(read).to_have_text("Read by Bob Brennan")
    b.composer.press_sequentially(" is")
    expect(a.page.locator("chat-typing")).to_have_text("Bob Brennan is writing…")
    b.page.locator("[data-send]").click()
    a.sees("It is")
    expect(b.message("It is").locator(".message__read")).to_have_text("Read by Alice Adeyemi")
    a.composer.press_sequentially("Thank")
    expect(b.page.locator("chat-typing")).to_have_text("Alice Adeyemi is writing…")
    a.write("Thank you")
    b.sees("Thank you")
    expect(a.message("Thank you").locator(".message__read")).to_have_text("Read by Bob Brennan")
    expect(read).to_have_count(0)
    a.page.locator("[data-readers]").first.click()
    person = a.page.locator("chat-side .people li", has_text="Bob Brennan")
    expect(person).to_contain_text("Online")
    for window in (a, b):
        assert window.violations() == []
        with window.in_the_dark():
            assert window.violations(["color-contrast"]) == []

    a.page.reload()
    a.wait_until_live()
    expect(a.message("Thank you").locator(".message__read")).to_have_text("Read by Bob Brennan")
    settle(presence="off", typing="off", receipts="off")
    _presence(a, None)
    expect(a.page.locator(".message__read, .rail__presence")).to_have_count(0)


def test_direct_messages_alone_are_not_channels(
    open_window: Open, quick: None, transactional_db: None, alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    settle(presence="direct", typing="direct", receipts="direct")
    a, b = open_window(alice), open_window(bob)
    a.look_at(channel)
    b.look_at(channel)
    a.write("To all of you")
    b.sees("To all of you")
    b.composer.press_sequentially("Yes")
    settle(receipts="on")
    expect(a.message("To all of you").locator(".message__read")).to_have_text(re.compile("Bob"))
    _presence(a, None)
    expect(a.page.locator("chat-typing")).to_have_text("")
