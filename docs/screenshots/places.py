"""The pages to which no link leads: their addresses are made by an act, and are somebody's own."""

import re
from typing import Final

from screenshots.conversation import open_channel
from screenshots.gallery import SIZES
from screenshots.photographer import Photographer

_LINK: Final = re.compile(r"/accounts/invitation/[\w-]+/")


def take_places(photographer: Photographer) -> None:
    """An invitation as whoever has it opens it, and a message that is passed to the lead."""
    for person, name, path in (
        ("", "accounts-invitation-one", _invitation(photographer)),
        ("alice.whitcombe", "messages-one-concern", _concern(photographer)),
    ):
        for size in SIZES:
            with photographer.page_of(person, size) as page:
                photographer.visit(page, path)
                photographer.shoot(page, size, name)


def _invitation(photographer: Photographer) -> str:
    with photographer.page_of("theo.brandt", "desk") as page:
        photographer.visit(page, "/manage/invite/")
        page.locator("[name=email]").fill("rosie.akhtar@hazel-lane.example")
        page.locator("[name=display_name]").fill("Rosie Akhtar")
        page.locator("main form button[type=submit]").first.click()
        found = page.locator("main", has_text=_LINK)
        found.wait_for()
        link = _LINK.search(page.content())
        return link[0] if link else ""


def _concern(photographer: Photographer) -> str:
    with photographer.page_of("alice.whitcombe", "desk") as page:
        page.goto("/")
        open_channel(page, "desk", "Staffroom")
        row = page.locator("chat-log .message:not([data-kind=system])").last
        return f"/messages/{row.get_attribute('data-id')}/concern/"
