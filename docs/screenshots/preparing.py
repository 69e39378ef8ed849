"""What the people of the demonstration do before the pictures are taken, so that no page is bare.

Each step is done by the pages, as its person would do it, and leaves what it makes where the walk
from page to page finds it.
"""

import re
import sys
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Error, FilePayload, Page

from screenshots.conversation import open_channel
from screenshots.photographer import Photographer
from screenshots.photos import letter, pond

ALICE: Final = "alice.whitcombe"
TRIP: Final = "Trips and events"
_LONG_MS: Final = 60_000
_TOLD: Final = 20  # of what is written, enough to find it again


def prepare(photographer: Photographer) -> None:
    """All of it, once; what fails is said and the rest goes on."""
    for step in (_react, _plan_the_trip, _save, _write_later, _draft, _search, _dispose, _verify):
        try:
            step(photographer)
        except Error as error:
            sys.stderr.write(f"{step.__name__}: {str(error).splitlines()[0]}\n")


def _talking(
    photographer: Photographer, person: str, channel: str, act: Callable[[Page], None]
) -> None:
    with photographer.page_of(person, "desk") as page:
        page.goto("/")
        open_channel(page, "desk", channel)
        act(page)


def say(page: Page, words: str) -> None:
    """Write it and wait until the server has it."""
    page.locator("#write").fill(words)
    page.keyboard.press("Enter")
    row = page.locator("chat-log .message:not(.message--pending)", has_text=words[:_TOLD])
    row.last.wait_for()


def _react(photographer: Photographer) -> None:
    for person, emoji in (("dana.mistry", "👍"), ("bob.ellison", "👍"), ("bob.ellison", "😂")):

        def react(page: Page, emoji: str = emoji) -> None:
            row = page.locator("chat-log .message:not([data-kind=system])").nth(-3)
            row.hover()
            row.locator(f'.message__tools [data-react="{emoji}"]').click()
            row.locator(f'.reaction[data-react="{emoji}"][aria-pressed=true]').wait_for()

        _talking(photographer, person, "Staffroom", react)


def _plan_the_trip(photographer: Photographer) -> None:
    """A photo, a document and a voice note, and what colleagues say to them."""

    def bob(page: Page) -> None:
        say(page, "Went to look at the pond for Thursday. Ducks present, ice absent.")
        _attach(page, "pond.jpg", "image/jpeg", pond())
        say(page, "This is where the groups will stand. Wellies, please, not trainers.")

    def alice(page: Page) -> None:
        say(page, "Beautiful. Beech will want to know what is *in* it. I have 15 nets.")
        page.locator("chat-composer").get_by_role("button", name="Attach").click()
        page.get_by_role("menuitem", name="Voice note").click()
        recorder = page.get_by_role("group", name="Voice note")
        recorder.get_by_text("0:04").wait_for()
        recorder.get_by_role("button", name="Stop").click()
        recorder.get_by_role("button", name="Send voice note").click()
        page.locator("chat-log article:not(.message--pending) voice-note").last.wait_for()

    def fiona(page: Page) -> None:
        _attach(page, "Consent letter, pond visit.pdf", "application/pdf", letter())
        say(page, "Consent letter as sent home. **24 of 28** are back; I will ring the other four.")

    for person, act in (("bob.ellison", bob), ("fiona.gallagher", fiona), (ALICE, alice)):
        _talking(photographer, person, TRIP, act)


def _attach(page: Page, name: str, kind: str, data: bytes) -> None:
    given = FilePayload(name=name, mimeType=kind, buffer=data)
    page.locator("[data-pick]").set_input_files(files=[given])
    page.locator(".tray .tile[data-state=ready]").wait_for(timeout=_LONG_MS)


def _save(photographer: Photographer) -> None:
    def keep(page: Page) -> None:
        for number in (-1, -3, -6):
            page.locator("chat-log .message:not([data-kind=system])").nth(number).focus()
            page.keyboard.press("Enter")
            page.get_by_role("menuitem", name="Save for later").click()

    _talking(photographer, ALICE, "Staffroom", keep)


def _write_later(photographer: Photographer) -> None:
    def wait(page: Page) -> None:
        for words, when in (
            ("Morning all. Science books to me by Thursday, please, a *few* from each table.", 0),
            (
                "The hedgehog house is finished: come and see it at lunch.",
                1,
            ),
        ):
            page.locator("#write").fill(words)
            page.get_by_role("button", name="Send later").click()
            items = page.locator("send-later [role=menuitem][data-time]:visible")
            if when == 0:
                items.first.click()
            else:
                items.last.click()
                page.locator("[data-later-dialog]").get_by_role("button", name="Send then").click()
            page.wait_for_timeout(1_500)

    _talking(photographer, ALICE, "Staffroom", wait)


def _draft(photographer: Photographer) -> None:
    def begin(page: Page) -> None:
        with page.expect_response(lambda answer: "/messages/drafts/" in answer.url):
            page.locator("#write").press_sequentially("Could we swap hall slots on Tuesday? I")

    _talking(photographer, ALICE, "KS2 team", begin)


def _search(photographer: Photographer) -> None:
    with photographer.page_of("dana.mistry", "desk") as page:
        photographer.visit(page, "/safeguarding/searches/new/")
        page.locator("[name=reason]").fill("Third concern about lateness; looking for a pattern.")
        page.locator("[name=words]").fill("register")
        page.get_by_role("button", name="Search and record it").click()
        page.wait_for_url(re.compile(r"/searches/\d+/"))


def _dispose(photographer: Photographer) -> None:
    with photographer.page_of("priya.raman", "desk") as page:
        photographer.visit(page, "/records/disposals/")
        page.get_by_role("button", name="Look for what is due").click()
        page.locator("main table a").first.click()
        path = page.evaluate("location.pathname")
    with photographer.page_of("helen.adeyemi", "desk") as page:
        photographer.visit(page, path)
        page.locator("main form input:not([type=hidden])").first.fill(
            path.strip("/").rpartition("/")[2]
        )
        page.locator("main form .button--danger, main form .button--main").first.click()
        for _ in range(30):
            photographer.visit(page, path)
            if page.locator("a[href*=certificates]").count():
                return
            page.wait_for_timeout(2_000)


def _verify(photographer: Photographer) -> None:
    with photographer.page_of("gwen.llewellyn", "desk") as page:
        photographer.visit(page, "/audit/verifications/")
        page.get_by_role("button", name="Verify the log").click()
        page.wait_for_url(re.compile(r"/verifications/\d+/"))
        page.wait_for_timeout(5_000)
