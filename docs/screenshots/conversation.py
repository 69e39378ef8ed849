"""The conversation, in all its parts."""

import re
import sys
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Error, Page

from screenshots.photographer import SETTLING_MS, Photographer

#: The conversation, and how the part is opened from there.
type Part = tuple[str, Callable[[Page], None]]
STAFFROOM: Final = "Staffroom"
TRIP: Final = "Trips and events"


def open_channel(page: Page, size: str, name: str) -> None:
    """As somebody chooses it in the list."""
    page.locator("chat-app[data-live=true]").wait_for()
    if size == "phone" and page.locator("chat-app[data-screen=list]").count() == 0:
        page.get_by_role("button", name="Back to the channels").tap()
    page.locator("chat-rail").get_by_role("link", name=re.compile(rf"\b{name}\b")).first.click()
    page.locator("chat-log .message").first.wait_for()
    page.wait_for_timeout(SETTLING_MS)


def _row(page: Page) -> None:
    page.locator("chat-log .message:not([data-kind=system])").last.focus()


def _key(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


def _on_row(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        _row(page)
        _key(*keys)(page)

    return press


def _click(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _typed(words: str) -> Callable[[Page], None]:
    return lambda page: page.locator("#write").press_sequentially(words)


def _menu(name: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        page.get_by_role("button", name="More about this conversation").click()
        page.get_by_role("menuitem", name=name).click()

    return choose


def _thread(page: Page) -> None:
    page.locator("chat-log .message__replies").last.click()


def _pins(page: Page) -> None:
    if not page.locator("chat-pins button").is_visible():
        _on_row("p")(page)
    page.locator("chat-pins button").click()
    page.locator(".toast").first.wait_for(state="hidden")


def _emoji(page: Page) -> None:
    page.locator("chat-composer emoji-button button").click()
    page.locator(".emoji__cell").first.wait_for()


def _viewer(page: Page) -> None:
    page.locator("chat-log .picture").last.click()
    page.locator(".pswp__img:not(.pswp__img--placeholder)").first.wait_for()
    page.wait_for_timeout(5 * SETTLING_MS)


def _recorder(page: Page) -> None:
    page.locator("chat-composer").get_by_role("button", name="Attach").click()
    page.get_by_role("menuitem", name="Voice note").click()
    page.get_by_role("group", name="Voice note").get_by_text("0:02").wait_for()


def _later(page: Page) -> None:
    _typed("Good luck to Oak for the dress run!")(page)
    page.get_by_role("button", name="Send later").click()
    page.locator("send-later [data-time=choose]").click()


def _offline(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#write").fill("Running two minutes late with Beech: please start without us.")
    page.locator("[data-send]").click()
    page.locator("chat-log .message--pending").wait_for()
    page.locator("chat-connection:not([hidden])").wait_for()


def _signed_out(page: Page) -> None:
    """What somebody sees whose session has ended meanwhile."""
    page.evaluate("""async () => {
      const words = { "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)?.[1]
        ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" };
      await fetch("/accounts/logout/", { method: "POST", headers: words });
    }""")
    page.locator("[data-ended]:not([hidden])").wait_for()


_UPN: Final = "Nasreen, is H801200001001 still on the register for Birch?"

#: By the name of the picture.
PARTS: Final[dict[str, Part]] = {
    "chat": (STAFFROOM, lambda _page: None),
    "chat-message-menu": (STAFFROOM, _on_row("Enter")),
    "chat-channel-menu": (STAFFROOM, _click("[aria-label='More about this conversation']")),
    "chat-account-menu": (STAFFROOM, _click("chat-rail app-menu [data-opens]")),
    "chat-thread": (STAFFROOM, _thread),
    "chat-readers": (STAFFROOM, _click("[data-readers]")),
    "chat-pins": (STAFFROOM, _pins),
    "chat-emoji": (STAFFROOM, _emoji),
    "chat-mention": (STAFFROOM, _typed("@")),
    "chat-forward": (STAFFROOM, _on_row("f")),
    "chat-switcher": (STAFFROOM, _key("Control+k")),
    "chat-date": (STAFFROOM, _key("Control+g")),
    "chat-keys": (STAFFROOM, _key("Control+/")),
    "chat-nudge": (STAFFROOM, _typed(_UPN)),
    "chat-send-later": (STAFFROOM, _later),
    "chat-files": (TRIP, _menu("Files")),
    "chat-photo": (TRIP, lambda page: page.wait_for_timeout(5 * SETTLING_MS)),
    "chat-viewer": (TRIP, _viewer),
    "chat-voice": (TRIP, _recorder),
    "chat-draft": ("KS2 team", lambda _page: None),
    "chat-not-sent": (STAFFROOM, _offline),
}
#: Whoever has their session ended for it.
_LEAVES: Final = "jo.tranter"
_TYPED: Final = {"chat-mention", "chat-nudge", "chat-send-later"}


def take_parts(photographer: Photographer, size: str) -> None:
    """Each part of it, as Alice opens it, and what is left when a session ends."""
    with photographer.page_of("alice.whitcombe", size) as page:
        page.goto("/")
        page.locator("chat-app[data-live=true]").wait_for()
        if size == "phone":
            photographer.shoot(page, size, "chat-list")
        for name, part in PARTS.items():
            if name.startswith(photographer.only):
                _take(photographer, page, size, name, part)
    if "chat-ended".startswith(photographer.only):
        with photographer.page_of(_LEAVES, size) as page:
            photographer.forget(_LEAVES)
            _take(photographer, page, size, "chat-ended", (STAFFROOM, _signed_out))


def _take(photographer: Photographer, page: Page, size: str, name: str, part: Part) -> None:
    channel, opens = part
    try:
        page.goto("/")
        open_channel(page, size, channel)
        if name == "chat-account-menu" and size == "phone":
            page.get_by_role("button", name="Back to the channels").tap()
        opens(page)
        photographer.shoot(page, size, name)
        if name in _TYPED:  # lest it be a draft in all that follow
            page.keyboard.press("Escape")
            page.locator("#write").fill("")
            page.wait_for_timeout(1_500)
        if name == "chat-not-sent":
            page.locator("chat-log .message--pending").last.focus()
            page.context.set_offline(False)
            page.wait_for_timeout(1_500)
    except Error as error:
        page.context.set_offline(False)
        sys.stderr.write(f"{name} on a {size}: {str(error).splitlines()[0]}\n")
