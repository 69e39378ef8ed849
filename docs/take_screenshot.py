#!/usr/bin/env python
"""Takes the README's screenshot of a demonstration that is running.

    SCHOOLCHAT_PASSWORD=… .venv/bin/python docs/take_screenshot.py http://127.0.0.1:8000/ \
        alice.whitcombe@hazel-lane.example

Starts nothing but a browser. The password may be the third argument instead; the fourth names
another channel than the staffroom. Writes docs/images/chat.png: a desk of 1440 × 900, light.
"""

import os
import re
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
DESK: Final = ViewportSize(width=1440, height=900)
PICTURE: Final = Path(__file__).resolve().parent / "images" / "chat.png"
USUAL_CHANNEL: Final = "Staffroom"
SETTLING_MS: Final = 600


def take(address: str, email: str, password: str, channel: str) -> None:
    """Sign in, open the channel, wait until it is live, and write the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(
            viewport=DESK, color_scheme="light", reduced_motion="reduce", locale="en-GB"
        )
        _sign_in(page, address, email, password)
        _open(page, channel)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


def _sign_in(page: Page, address: str, email: str, password: str) -> None:
    page.goto(f"{address.rstrip('/')}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _open(page: Page, channel: str) -> None:
    page.locator("chat-app[data-live=true]").wait_for()
    rail = page.locator("chat-rail")
    rail.get_by_role("link", name=re.compile(rf"\b{re.escape(channel)}\b")).first.click()
    page.locator("chat-log .message").first.wait_for()
    page.wait_for_timeout(SETTLING_MS)


def _main(arguments: list[str]) -> None:
    address, email, *rest = arguments
    password = rest[0] if rest else os.environ["SCHOOLCHAT_PASSWORD"]
    take(address, email, password, rest[1] if len(rest) > 1 else USUAL_CHANNEL)


if __name__ == "__main__":
    _main(sys.argv[1:])
