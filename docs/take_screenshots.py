#!/usr/bin/env python
"""Takes a picture of every page: phone and desk, light and dark, into docs/images/pages/.

    .venv/bin/python docs/take_screenshots.py                         a demonstration of its own
    .venv/bin/python docs/take_screenshots.py --address http://127.0.0.1:8000 --password …
    .venv/bin/python docs/take_screenshots.py --only chat             those whose name begins so

The machine needs Chromium with its languages, lest dates be written as in America, and emoji in
colour: `apt install chromium chromium-l10n fonts-noto-color-emoji`. It takes a quarter of an hour.

A demonstration is started in a folder that is thrown away, unless one that runs is named. Each of
its people is signed in; from what they see first every link is followed, and of the pages of one
kind (holds, people, entries …) the first is taken. The conversation is opened in all its parts.
The pictures are WebP without loss but for the shades at the edges of letters; README.md beside them
is the gallery.
"""

import argparse
import os
import sys
from typing import Final

from playwright.sync_api import sync_playwright
from screenshots.conversation import take_parts
from screenshots.demonstration import demonstration
from screenshots.gallery import PICTURES, SIZES, page
from screenshots.photographer import Photographer, shape
from screenshots.places import take_places
from screenshots.preparing import prepare

CHROMIUM: Final = "/usr/bin/chromium"
#: Who is signed in, and where their walk begins. The first who meets a kind of page shows it.
WALKS: Final = {
    "alice.whitcombe": (
        "/channels/",
        "/search/?q=assembly+in%3Astaffroom+from%3Adana",
        "/accounts/profile/",
        "/messages/saved/",
        "/messages/later/",
        "/channels/{Trips and events}/members/",
        "/channels/{Trips and events}/settings/",
        "/channels/{Trips and events}/readers/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/accounts/inactive/",
        "/accounts/second-factor/",
        "/accounts/2fa/reauthenticate/",
    ),
    "dana.mistry": ("/safeguarding/",),
    "priya.raman": ("/records/", "/records/searches/", "/records/corrections/"),
    "helen.adeyemi": ("/audit/", "/records/"),
    "gwen.llewellyn": ("/audit/",),
    "theo.brandt": ("/manage/", "/audit/"),
}


def _doors(photographer: Photographer) -> None:
    for size in SIZES:
        with photographer.page_of("", size) as page:
            for path in ("/accounts/login/", "/accessibility/", "/nothing/"):
                page.goto(path)
                photographer.shoot(page, size, "not-found" if path == "/nothing/" else shape(path))


def take(address: str, password: str, only: str) -> list[str]:
    """The pictures anew; the names of what was taken."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for path in PICTURES.glob(f"{only}*.webp"):
        path.unlink()
    with sync_playwright() as playwright:
        arguments = [
            "--lang=en-GB",
            "--use-fake-device-for-media-stream",  # a microphone that hears a tone
            "--use-fake-ui-for-media-stream",  # and is allowed
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, env={**os.environ, "LANGUAGE": "en_GB"}
        )
        photographer = Photographer(browser, address, password, only)
        _doors(photographer)
        prepare(photographer)
        for size in SIZES:
            take_parts(photographer, size)
        take_places(photographer)
        for person, starts in WALKS.items():
            if not any(shape(start).startswith(only.partition("-")[0]) for start in starts):
                continue
            photographer.walk(person, starts)
        browser.close()
    (PICTURES / "README.md").write_text(page())
    return photographer.taken


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--only", default="", help="the beginning of a picture's name")
    asked = parser.parse_args()
    if asked.address:
        taken = take(asked.address.rstrip("/"), asked.password, asked.only)
    else:
        with demonstration() as (address, password):
            taken = take(address, password, asked.only)
    size = sum(path.stat().st_size for path in PICTURES.iterdir())
    sys.stdout.write(f"{len(taken)} pages, {size / 1_000_000:.1f} MB\n")


if __name__ == "__main__":
    _main()
