"""Unsent messages on a device: what the browser holds of them, and the tabs that show them."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from messaging.models import Channel
from tests.e2e.window import Window

#: What the browser holds: the records as text, and whether the keys may leave it.
_SHELVES = """async () => {
  const asked = (request) =>
    new Promise((done) => {
      request.onsuccess = () => done(request.result);
      request.onerror = (event) => { event.preventDefault(); done(null); };
    });
  const opening = indexedDB.open("schoolchat-outbox");
  opening.onupgradeneeded = () => opening.transaction.abort(); // the page makes it, not the test
  const base = await asked(opening);
  if (!base) return { entries: [], keys: [] };
  const read = base.transaction(["entries", "keys"]);
  const entries = await asked(read.objectStore("entries").getAll());
  const keys = await asked(read.objectStore("keys").getAll());
  base.close();
  const words = ({ sealed, ...open }) => JSON.stringify(open) + new TextDecoder().decode(sealed);
  return { entries: entries.map(words), keys: keys.map((key) => key.extractable) };
}"""


def with_shelf(window: Window, channel: Channel) -> Window:
    """Looks at a channel, in a page that keeps what it cannot send."""
    window.look_at(channel)
    expect(window.page.locator("[data-readers-text]")).not_to_have_text("Who can read this")
    wait_for_shelf(window.page, 0)
    return window


def shelves(page: Page) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = page.evaluate(_SHELVES)
    return found


def wait_for_shelf(page: Page, count: int, keys: int = 1) -> None:
    page.wait_for_function(
        f"""async () => {{ const found = await ({_SHELVES})();
          return found.entries.length === {count} && found.keys.length === {keys}; }}"""
    )


def another_tab(window: Window, channel: Channel) -> Page:
    """The same person's same browser."""
    page = window.context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"/?channel={channel.id}")
    expect(page.locator('chat-app[data-live="true"]')).to_be_attached()
    return page


def pending(page: Page) -> Locator:
    return page.locator("chat-log .message--pending")


def stored(page: Page, words: str) -> Locator:
    return page.locator("chat-log .message:not(.message--pending)", has_text=words)


def pardon_the_draft(window: Window) -> None:
    """The draft of a channel that she is no longer in is nobody's: to empty it is refused."""
    window.complaints = [one for one in window.complaints if "(Not Found)" not in one]
