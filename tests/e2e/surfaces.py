"""Each part of the conversation that opens: how it is opened, and how all are closed again."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.talking import focus, press, side
from tests.e2e.window import Window

type Step = Callable[[Window], None]

#: What may lie over the conversation or beside it, and how deep.
_OPEN = "dialog[open], :popover-open, chat-side:not([hidden])"
_MOST_LAYERS = 3


def message_menu(window: Window) -> None:
    focus(window, "Who takes")
    press(window, "Enter")
    window.page.get_by_role("menu", name="What to do with this message").wait_for()


def channel_menu(window: Window) -> None:
    window.page.get_by_role("button", name="More about this conversation").click()
    window.page.get_by_role("menu", name="More about this conversation").wait_for()


def picker(window: Window) -> None:
    window.page.locator("chat-composer emoji-button button").click()
    window.page.get_by_role("gridcell").first.wait_for()


def found(window: Window) -> None:
    picker(window)
    window.page.get_by_label("Find an emoji").fill("heart")


def tones(window: Window) -> None:
    picker(window)
    window.page.get_by_role("button", name="Skin tone").click()


def people(window: Window) -> None:
    window.composer.press_sequentially("@")
    window.page.get_by_role("option").first.wait_for()


def codes(window: Window) -> None:
    window.composer.press_sequentially(":hea")
    window.page.get_by_role("option").first.wait_for()


def thread(window: Window) -> None:
    window.sees("Who takes").get_by_role("button", name="1 reply").click()
    expect(side(window).locator(".message")).to_have_count(2)


def pins(window: Window) -> None:
    window.page.locator("chat-pins button").click()
    side(window).get_by_role("listitem").wait_for()


def forward(window: Window) -> None:
    focus(window, "Who takes")
    press(window, "f")
    window.page.get_by_role("dialog", name="Forward to…").wait_for()


def correct(window: Window) -> None:
    focus(window, "I can, with")
    press(window, "Enter")
    window.page.get_by_role("menuitem", name="Add a correction…").click()
    window.page.get_by_role("dialog", name="Add a correction").wait_for()


def date(window: Window) -> None:
    press(window, "Control+g")
    window.page.get_by_label("Day", exact=True).wait_for()


def keys(window: Window) -> None:
    press(window, "Control+/")
    window.page.get_by_role("dialog", name="Keys").wait_for()


def nothing(window: Window) -> None:
    """The conversation itself, with reactions, a mention, a pin and, if the scene has one, a
    correction, once they are all drawn."""
    asked = window.sees("Who takes")
    expect(asked.locator(".reaction").first).to_be_visible()
    expect(asked.get_by_role("button", name="1 reply")).to_be_visible()
    expect(window.page.locator("chat-pins button")).to_be_visible()
    window.settle()


SURFACES: tuple[Step, ...] = (
    nothing, message_menu, channel_menu, picker, found, tones, people, codes, thread,
    pins, forward, correct, date, keys,
)  # fmt: skip


def close_all(window: Window) -> None:
    """Back to the conversation, without loading the page anew."""
    for _ in range(_MOST_LAYERS):
        if not window.page.locator(_OPEN).count():
            break
        press(window, "Escape")
    expect(window.page.locator(_OPEN)).to_have_count(0)
    window.composer.fill("")
    expect(window.page.get_by_role("listbox")).to_have_count(0)
