"""The product as a browser meets it: a generated school, served, and a member of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from benchmarks.live.machine import TREE
from benchmarks.live.school import Failed, Folder, folder

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
        with _served(place) as url:
            yield Product(
                url=url,
                email=person["email"],
                password=password,
                channels=tuple(person["channels"]),
            )


@contextmanager
def _served(place: Folder) -> Iterator[str]:
    started = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=TREE,
        env=place.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(started.stdout.readline, "") if started.stdout else iter(())
        ready = next((line for line in lines if line.startswith("ready ")), None)
        if ready is None:
            raise Failed("serve did not start.")
        yield ready.split()[1].rstrip("/")
    finally:
        started.terminate()
        started.wait(30)


def chromium(playwright: Playwright, *arguments: str) -> Browser:
    """Debian's; without its sandbox, which does not start as root."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", *arguments]
    )
