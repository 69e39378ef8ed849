"""One person's browser window, and what is done with the hands in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, expect

from accounts.models import User
from messaging.models import Channel
from tests.cast import client_of
from tests.server import Server

DESK = {"width": 1440, "height": 900}  # CSS pixels
PHONE = {"width": 390, "height": 844}
#: A desk of 1280 × 1024 at 400 %, as WCAG 2.2 has it (1.4.10, reflow).
AT_400 = {"width": 320, "height": 256}
LIVE_MS = 10_000
# Colours that are still fading would be judged half-way.
_SETTLED = """async () => {
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
}"""


class Window:
    """A page in a browser context of its own; cookies are shared with no other window."""

    def __init__(self, browser: Browser, server: Server, **options: Any) -> None:
        self.server = server
        self.person: User | None = None
        self.options = {"viewport": DESK, "locale": "en-GB", **options}
        if self.on_a_phone:
            self.options = {"has_touch": True, "is_mobile": True, **self.options}
        self.context = browser.new_context(base_url=server.url, **self.options)
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.set_default_timeout(LIVE_MS)
        self.context.on("request", self._note_request)
        self.page.on("console", self._note_word)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def on_a_phone(self) -> bool:
        return bool(self.options["viewport"] == PHONE)

    @property
    def screen(self) -> str:
        """As tests/features.py calls it."""
        if not self.on_a_phone:
            assert self.options["viewport"] in (DESK, AT_400)
        return "phone" if self.on_a_phone else "desk"

    def _note_request(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in {"data", "blob"} and where.netloc != f"127.0.0.1:{self.server.port}":
            self.foreign.append(request.url)

    def _note_word(self, said: ConsoleMessage) -> None:
        # A cut connection is what some tests are about; a broken rule of the page never is.
        if said.type == "error" and "ERR_INTERNET_DISCONNECTED" not in said.text:
            self.complaints.append(said.text)

    # --- coming in ----------------------------------------------------------------------------

    def carry_session_of(self, person: User) -> None:
        """Signed in with the second factor, without the pages of signing in."""
        self.person = person
        cookie = client_of(person).cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.server.url}]
        )

    def sign_in(self, person: User, password: str) -> None:
        """By the sign-in page, to which the chat leads."""
        self.person = person
        self.page.goto("/")
        self.page.get_by_label("Email").or_(self.page.get_by_label("Work e-mail")).fill(
            person.email
        )
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: urlsplit(url).path == "/")
        self.wait_until_live()

    def look_at(self, channel: Channel, message: object = None) -> None:
        """The conversation of a channel, live."""
        beside = f"&message={message}" if message else ""
        self.page.goto(f"/?channel={channel.id}{beside}")
        self.wait_until_live()

    def wait_until_live(self) -> None:
        expect(self.page.locator('chat-app[data-live="true"]')).to_be_attached(timeout=LIVE_MS)

    # --- what stands there --------------------------------------------------------------------

    @property
    def composer(self) -> Locator:
        return self.page.locator("#write")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    def message(self, words: str) -> Locator:
        """The row with these words, once it is on the server."""
        rows = self.log.locator("article:not(.message--pending)")
        return rows.filter(has=self.page.locator("[data-part=body]", has_text=words))

    def sees(self, words: str) -> Locator:
        """Wait until the message is there, once; the row."""
        expect(self.message(words)).to_have_count(1, timeout=LIVE_MS)
        return self.message(words)

    def channel_link(self, name: str) -> Locator:
        return self.page.locator("chat-rail").get_by_role("link", name=re.compile(re.escape(name)))

    # --- doing --------------------------------------------------------------------------------

    def write(self, words: str) -> None:
        """Type, and send: with Enter, which on a phone makes a new line, or by the button."""
        self.composer.fill(words)
        if self.on_a_phone:
            self.page.locator("[data-send]").tap()
        else:
            self.composer.press("Enter")

    def choose(self, words: str, item: str) -> None:
        """An item of the menu of the message with these words: by the mouse, or by a thumb that
        rests on it."""
        row = self.message(words)
        if self.on_a_phone:
            self.hold(row)
        else:
            row.hover()
            row.get_by_role("button", name="More to do with this message").click()
        self.page.get_by_role("menuitem", name=item).click()

    def hold(self, row: Locator) -> None:
        """A thumb rests on a message."""
        row.scroll_into_view_if_needed()
        box = row.bounding_box()
        assert box
        place = {"clientX": box["x"] + 60, "clientY": box["y"] + 16, "pointerType": "touch"}
        row.dispatch_event("pointerdown", place)

    def cut(self) -> None:
        """The network is gone: what is open breaks, and nothing new opens."""
        self.context.set_offline(True)

    def mend(self) -> None:
        self.context.set_offline(False)

    # --- rules --------------------------------------------------------------------------------

    @contextmanager
    def in_the_dark(self) -> Iterator[None]:
        """What is shown here is in its dark colours."""
        self._colour("dark")
        yield
        self._colour("light")

    def _colour(self, scheme: Literal["dark", "light"]) -> None:
        self.page.emulate_media(color_scheme=scheme)
        self.settle()

    def settle(self) -> None:
        """Wait until what stands there is loaded, painted and has stopped moving."""
        self.page.wait_for_load_state()
        self.page.evaluate(_SETTLED)

    def violations(self, rules: list[str] | None = None) -> list[str]:
        """What axe-core finds on the page as it stands, by all rules or these: place and why."""
        self.page.wait_for_load_state()
        if not self.page.evaluate("'axe' in window"):  # half a megabyte, once a document
            self.page.evaluate(AXE_SCRIPT)
        # Without preload axe writes no styles of its own into the page, which the CSP refuses.
        options = {"preload": False, "resultTypes": ["violations"]}
        asked = {**options, **({"runOnly": rules} if rules else {})}
        found = self.page.evaluate("async (asked) => (await axe.run(asked)).violations", asked)
        return [
            f"{node['target']} {node['html'][:80]}: {node['failureSummary'][-200:]}"
            for rule in found
            for node in rule["nodes"]
        ]
