"""Each surface of the conversation, open, on a desk and a phone: axe-core finds nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.talking import focus, press, side
from tests.e2e.window import PHONE, WIDE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

#: What may lie over the conversation or beside it, and how deep.
_OPEN = "dialog[open], :popover-open, chat-side:not([hidden])"
MOST_LAYERS = 3

type Step = Callable[[Window], None]


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    channel = channel_of(alice, bob, dana, name="Year 5")
    question = say(bob, channel, "Who takes the register, @Alice Adeyemi?")
    say(alice, channel, "I can, with `code` and @Bob Brennan", reply_to=question.id)
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


def _message_menu(window: Window) -> None:
    focus(window, "Who takes")
    press(window, "Enter")
    window.page.get_by_role("menu", name="What to do with this message").wait_for()


def _channel_menu(window: Window) -> None:
    window.page.get_by_role("button", name="More about this conversation").click()
    window.page.get_by_role("menu", name="More about this conversation").wait_for()


def _picker(window: Window) -> None:
    window.page.locator("chat-composer emoji-button button").click()
    window.page.get_by_role("gridcell").first.wait_for()


def _found(window: Window) -> None:
    _picker(window)
    window.page.get_by_label("Find an emoji").fill("heart")


def _tones(window: Window) -> None:
    _picker(window)
    window.page.get_by_role("button", name="Skin tone").click()


def _people(window: Window) -> None:
    window.composer.press_sequentially("@")
    window.page.get_by_role("option").first.wait_for()


def _codes(window: Window) -> None:
    window.composer.press_sequentially(":hea")
    window.page.get_by_role("option").first.wait_for()


def _thread(window: Window) -> None:
    window.sees("Who takes").get_by_role("button", name="1 reply").click()
    expect(side(window).locator(".message")).to_have_count(2)


def _pins(window: Window) -> None:
    window.page.locator("chat-pins button").click()
    side(window).get_by_role("listitem").wait_for()


def _forward(window: Window) -> None:
    focus(window, "Who takes")
    press(window, "f")
    window.page.get_by_role("dialog", name="Forward to…").wait_for()


def _date(window: Window) -> None:
    press(window, "Control+g")
    window.page.get_by_label("Day", exact=True).wait_for()


def _keys(window: Window) -> None:
    press(window, "Control+/")
    window.page.get_by_role("dialog", name="Keys").wait_for()


def _nothing(window: Window) -> None:
    """The conversation itself, with reactions, a mention and a pin."""


SURFACES: tuple[Step, ...] = (
    _nothing, _message_menu, _channel_menu, _picker, _found, _tones, _people, _codes, _thread,
    _pins, _forward, _date, _keys,
)  # fmt: skip


@pytest.mark.shows("axe")
def test_no_surface_has_a_barrier(a: Window) -> None:
    faults = []
    for surface in SURFACES:
        surface(a)
        found = a.violations()
        with a.in_the_dark():
            found += a.violations(["color-contrast"])
        faults += [f"{surface.__name__}: {fault}" for fault in found]
        _close(a)
    assert faults == []


def _close(window: Window) -> None:
    """Back to the conversation, without loading the page anew."""
    for _ in range(MOST_LAYERS):
        if not window.page.locator(_OPEN).count():
            break
        press(window, "Escape")
    expect(window.page.locator(_OPEN)).to_have_count(0)
    window.composer.fill("")
    expect(window.page.get_by_role("listbox")).to_have_count(0)
