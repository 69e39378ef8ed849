"""The conversation, in all its parts."""

import re
import sys
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Error, Page

from screenshots.photographer import SETTLING_MS, Photographer


def _open(page: Page, size: str, name: str) -> None:
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


def _thread(page: Page) -> None:
    page.locator("chat-log .message__replies").last.click()


#: Name of the picture, and how the part is opened from a conversation.
PARTS: Final[dict[str, Callable[[Page], None]]] = {
    "chat": lambda _page: None,
    "chat-message-menu": _on_row("Enter"),
    "chat-channel-menu": _click("[aria-label='More about this conversation']"),
    "chat-account-menu": _click("chat-rail app-menu [data-opens]"),
    "chat-thread": _thread,
    "chat-readers": _click("[data-readers]"),
    "chat-pins": _click("chat-pins button"),
    "chat-emoji": _click("chat-composer emoji-button button"),
    "chat-mention": _typed("@"),
    "chat-forward": _on_row("f"),
    "chat-switcher": _key("Control+k"),
    "chat-date": _key("Control+g"),
    "chat-keys": _key("Control+/"),
}


def enliven(photographer: Photographer) -> None:
    """Colleagues react, as they do."""
    for person, emoji in (("dana.mistry", "👍"), ("bob.ellison", "👍"), ("bob.ellison", "😂")):
        with photographer.page_of(person, "desk") as page:
            page.goto("/")
            _open(page, "desk", "Staffroom")
            row = page.locator("chat-log .message:not([data-kind=system])").nth(-3)
            row.hover()
            row.locator(f'.message__tools [data-react="{emoji}"]').click()
            row.locator(f'.reaction[data-react="{emoji}"][aria-pressed=true]').wait_for()


def take_parts(photographer: Photographer, size: str) -> None:
    """Each part of it, as Alice opens it."""
    with photographer.page_of("alice.whitcombe", size) as page:
        page.goto("/")
        page.locator("chat-app[data-live=true]").wait_for()
        if size == "phone":
            photographer.shoot(page, size, "chat-list")
        for name, opens in PARTS.items():
            if not name.startswith(photographer.only):
                continue
            page.goto("/")
            _open(page, size, "Staffroom")
            try:
                if name == "chat-account-menu" and size == "phone":
                    page.get_by_role("button", name="Back to the channels").tap()
                if name == "chat-pins" and not page.locator("chat-pins button").is_visible():
                    _on_row("p")(page)
                opens(page)
                photographer.shoot(page, size, name)
                if name == "chat-mention":  # lest it be a draft in all that follow
                    page.locator("#write").fill("")
                    page.wait_for_timeout(1_500)
            except Error as error:
                sys.stderr.write(f"{name} on a {size}: {str(error).splitlines()[0]}\n")
