"""The chat in a language that nobody speaks: nothing of its own is left in English."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from accounts.models import User
from accounts.services.preferences import choose_language
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.window import PHONE, Window
from tests.house.pseudo import CODE, LANGUAGES, SHOWN, plain_words, pseudo, write_catalogues
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

#: What people wrote, and the names of keys, emoji and days, which the browser knows by itself.
_OWN: Final = (
    "script, style, noscript, person-avatar, code, pre, kbd, time, [data-part=body], "
    "[data-part=time], .emoji__cell, [data-said], .completer__option, [translate=no]"
)
_TEXTS = """([own, shown]) => {
  const found = new Set();
  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE) found.add(node.data.trim());
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches(own)) return;
      for (const name of shown) if (node.hasAttribute(name)) found.add(node.getAttribute(name));
    }
    (node instanceof HTMLTemplateElement ? node.content : node).childNodes.forEach(look);
  };
  look(document.documentElement);
  return [...found];
}"""
_DAYS = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*|\b[A-Z][a-z]{2,8} \d{1,2}|\b[AP]M\b|\bat\b"
)


@pytest.fixture(autouse=True)
def _another_language(settings: Settings, tmp_path: Path) -> None:
    write_catalogues(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = LANGUAGES


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Puffinry")
    channel_of(alice, bob, name="Kiln rota")
    for words in ("The zebrafinch", "An answer to it", "The quokka"):
        say(bob, channel, words)
    return channel


class _Reader:
    """Reads what stands in a window, and remembers what was in English."""

    def __init__(self, window: Window, people: list[User]) -> None:
        self.page = window.page
        self.left: dict[str, str] = {}
        self.known = [
            *(person.display_name for person in people),
            *(person.job_title for person in people),
            "Puffinry",
            "Kiln rota",
            "The zebrafinch",
            "An answer to it",
            "The quokka",
            "created this channel.",
            "Ctrl",
            "Shift",
        ]

    @contextmanager
    def after(self, what: str) -> Iterator[None]:
        yield
        for text in self.page.evaluate(_TEXTS, [_OWN, list(SHOWN)]):
            if plain_words(_DAYS.sub("", self._without_known(text)), []):
                self.left.setdefault(text, what)

    def _without_known(self, text: str) -> str:
        for known in self.known:
            text = text.replace(known, "")
        return text

    def open(self, name: str, shows: str) -> None:
        """One of the header's menu, and what it shows."""
        self.page.evaluate(f"document.querySelector('[data-open={name}]').click()")
        expect(self.page.locator(shows)).to_be_visible()


def _menu(window: Window, words: str, do: str) -> None:
    row = window.page.locator("article", has_text=words).first
    row.focus()
    window.page.keyboard.press("Enter")
    window.page.locator(f"message-menu [data-do={do}]").click()


def _dialogs(window: Window, read: _Reader) -> None:
    page = window.page
    with read.after("keys"):
        read.open("keys", "key-map dialog")
    page.keyboard.press("Escape")
    with read.after("date"):
        read.open("date", "date-jump dialog")
    page.keyboard.press("Escape")
    with read.after("no pins"):
        read.open("pins", "chat-side")
    with read.after("readers"):
        page.locator("[data-readers]").click()
        expect(page.locator(".people").first).to_be_visible()
    page.locator("chat-side [data-close]").first.click()
    with read.after("switcher"):
        page.keyboard.press("Control+k")
        expect(page.locator("quick-switcher [role=option]").first).to_be_visible()
        page.locator("quick-switcher input").fill("zzz")
    page.keyboard.press("Escape")


def _writing(window: Window, read: _Reader) -> None:
    page = window.page
    with read.after("writing"):
        page.locator("#write").fill("x" * 8_010)
    page.locator("#write").fill("")
    with read.after("emoji"):
        page.locator("emoji-button button").first.click()
        expect(page.locator(".emoji__group").first).to_be_visible()
        page.locator("[data-tone-opens]").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#write").fill("My own words")
    page.keyboard.press("Control+Enter")
    read.known.append("My own words")
    expect(page.locator("article:not(.message--pending)", has_text="My own words")).to_be_visible()


def _acts(window: Window, read: _Reader) -> None:
    page = window.page
    with read.after("answering"):
        _menu(window, "The quokka", "reply")
    read.known.append("Seen it")
    page.locator("#write").fill("Seen it")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article:not(.message--pending)", has_text="Seen it")).to_be_visible()
    with read.after("editing"):
        _menu(window, "My own words", "edit")
    page.keyboard.press("Escape")
    with read.after("pinning"):
        _menu(window, "The quokka", "pin")
        expect(page.locator("chat-pins button")).to_be_visible()
    with read.after("a thread"):
        _menu(window, "Seen it", "thread")
        expect(page.locator("chat-thread")).to_be_visible()
    page.locator("chat-side [data-close]").first.click()
    with read.after("forwarding"):
        _menu(window, "The zebrafinch", "forward")
        expect(page.locator("forward-dialog [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    with read.after("deleting"):
        _menu(window, "My own words", "delete")
        expect(page.locator("confirm-dialog dialog")).to_be_visible()
        page.locator("confirm-dialog [value=yes]").click()
        expect(page.locator("[data-part=gone]:visible")).to_be_visible()
    read.known.append("Not sent yet")
    with read.after("offline"):
        window.cut()
        expect(page.locator("chat-connection")).to_be_visible()
        page.locator("#write").fill("Not sent yet")
        page.keyboard.press("Control+Enter")


@pytest.mark.shows("translated", on="both")
def test_nothing_of_the_chat_is_left_in_english(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    window = open_window(alice, locale="en-XA")
    read = _Reader(window, [alice, bob])
    with read.after("coming in"):
        window.look_at(channel)
        expect(window.page.locator("[data-readers-text]")).to_contain_text(pseudo("Kept for"))
    _dialogs(window, read)
    _writing(window, read)
    _acts(window, read)
    phone = open_window(alice, viewport=PHONE, locale="en-XA")
    phone.look_at(channel)
    expect(phone.page.locator("[data-readers-text]")).to_contain_text(pseudo("Kept for"))
    read.page = phone.page
    with read.after("coming in on a phone"):
        expect(phone.page.locator("article", has_text="The quokka").first).to_be_visible()
    assert not read.left, "\n".join(f"{what}: {text}" for text, what in read.left.items())


@pytest.mark.parametrize("chosen", [False, True])
def test_errors_over_the_socket_are_said_in_the_language_of_the_browser_or_the_chosen_one(
    open_window: Open, channel: Channel, alice: User, chosen: bool
) -> None:
    if chosen:
        choose_language(person=alice, language=CODE)
    window = open_window(alice, locale="en-GB" if chosen else "en-XA")
    window.look_at(channel)
    said = window.page.evaluate(
        """async (channel) => {
          const { client } = document.querySelector("chat-app");
          const asked = client.acts.pin(crypto.randomUUID(), true);
          return asked.then(() => "done", (error) => error.message);
        }"""
    )
    assert said == pseudo("There is no such message in a channel that you can read.")


def test_english_loads_no_catalogue_and_counts_by_itself(
    open_window: Open, channel: Channel, alice: User
) -> None:
    window = open_window(alice)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.look_at(channel)
    assert [url for url in asked if urlsplit(url).path == "/words.js"] == []
    counted = window.page.evaluate(
        """async () => {
          const { gettext, interpolate, ngettext, pgettext } = await import("lib/words");
          const left = (n) => interpolate(ngettext("%(n)s day", "%(n)s days", n), { n }, true);
          const of = interpolate(gettext("%s of %s, 5%%"), [1, 2]);
          return [left(1), left(2), of, pgettext("a", "May")];
        }"""
    )
    assert counted == ["1 day", "2 days", "1 of 2, 5%", "May"]
    assert CODE not in str(window.page.locator("html").get_attribute("lang"))
