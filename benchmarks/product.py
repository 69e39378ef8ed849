"""The product as a browser meets it: a generated school, served, and a member of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from benchmarks.live.school import folder
from benchmarks.live.servers import serving

CHROMIUM: Final = "/usr/bin/chromium"
#: A secondary school: one channel that all write in, and some more.
_SHAPE: Final = ("--channels", "4", "--people", "120", "--members", "60", "--months", "12")
PHONE: Final = {"width": 390, "height": 844}  # CSS pixels


@dataclass(frozen=True, kw_only=True)
class Product:
    """Where it is served, and whom it lets in."""

    url: str
    email: str
    password: str
    channels: tuple[str, ...]

    def signed_in(self, browser: Browser, **options: Any) -> BrowserContext:
        """A browser's session of a member; what it loaded on the way is another session's."""
        context = browser.new_context(base_url=self.url)
        enter(context.new_page(), self)
        kept = context.storage_state()
        context.close()
        return browser.new_context(base_url=self.url, storage_state=kept, **options)


def enter(page: Page, served: Product) -> None:
    """Sign in, by the page."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(served.email)
    page.locator("[type=password]").fill(served.password)
    page.locator("form.form [type=submit]").click()
    page.locator('chat-app[data-live="true"]').wait_for(state="attached")


@contextmanager
def product(messages: int) -> Iterator[Product]:
    """Served for the length of the block; nothing of it stays."""
    with folder(None, messages) as place:
        tokens = place.path / "tokens.jsonl"
        said = place.manage(
            "generate", "--messages", str(messages), *_SHAPE, "--tokens", str(tokens)
        )
        person = json.loads(tokens.read_text().splitlines()[0])
        password = said.split("password: ")[1].split()[0]
        with serving(place) as (_, port):
            yield Product(
                url=f"http://127.0.0.1:{port}",
                email=person["email"],
                password=password,
                channels=tuple(person["channels"]),
            )


def chromium(playwright: Playwright, *arguments: str) -> Browser:
    """Debian's; without its sandbox, which does not start as root."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", *arguments]
    )
