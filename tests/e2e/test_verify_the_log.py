"""A governor has the log verified in a browser and watches it, with JavaScript and without."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.signing import sign_checkpoint
from oversight.verification import Report, verify
from oversight.workers.verifying import verify_waiting
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

Open = Callable[..., Window]


def test_the_governor_clicks_verify_and_sees_the_result(
    open_window: Open, alice: User, bob: User, gwen: User, as_role: Any
) -> None:
    say(alice, channel_of(alice, bob), "Coach at nine")
    with as_role("sealer"):
        sign_checkpoint()
    window = open_window(gwen)
    page = window.page
    status = page.locator("[role=status]", has_text=".")

    def watched(**how: Any) -> Report:
        """The real one, and on the way the page is looked at."""
        how["progress"]("log", 1_200, 4_000)
        expect(page.get_by_text("1,200 of 4,000")).to_be_visible()
        expect(status).to_have_text("Reading every entry of the log and the tree over them.")
        assert window.violations() == []
        report = verify(**{**how, "progress": lambda *_: None})
        how["progress"]("content", 1, 1)
        expect(status).to_have_text("Holding messages against what the log says of them.")
        return report

    page.goto("/audit/")
    page.get_by_role("button", name="Verify the log").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Waiting for its turn", exact=True)).to_be_visible()
    assert window.violations() == []
    with as_role("worker"):
        verify_waiting(watched)

    expect(page.get_by_text("Nothing is wrong.", exact=True)).to_be_visible()
    expect(status).to_have_text("Verified: nothing is wrong.")
    assert window.violations() == []
    assert Entry.objects.get(action=Action.LOG_VERIFIED).actor == gwen.id
    page.get_by_role("link", name="Verifications", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Nothing is wrong")).to_have_count(1)


def test_it_works_without_javascript_and_on_a_phone(
    open_window: Open, gwen: User, as_role: Any
) -> None:
    page = open_window(gwen, java_script_enabled=False, viewport=PHONE).page
    page.goto("/audit/verifications/")
    page.get_by_role("button", name="Verify the log").click()
    expect(page.get_by_role("link", name="See how far it is now")).to_be_visible()
    with as_role("worker"):
        verify_waiting()
    page.get_by_role("link", name="See how far it is now").click()
    expect(page.get_by_text("Nothing is wrong.", exact=True)).to_be_visible()


def test_files_are_saved_from_the_pages(
    open_window: Open, alice: User, gwen: User, as_role: Any
) -> None:
    channel_of(alice)
    with as_role("sealer"):
        sign_checkpoint()
    page = open_window(gwen).page
    entry = Entry.objects.earliest("id")
    for address, link, ending in (
        ("/audit/", "CSV", ".csv"),
        ("/audit/", "JSON lines", ".jsonl"),
        ("/accounts/activity/", "CSV", ".csv"),
        (f"/audit/entries/{entry.id}/", "Download the proof of this entry", ".tlog-proof"),
        ("/audit/verifications/", "CSV", ".csv"),
        ("/audit/how-to-check/", "Download the script", "verify_log.py"),
    ):
        page.goto(address)
        with page.expect_download() as waiting:
            page.get_by_role("link", name=link, exact=True).click()
        assert waiting.value.suggested_filename.endswith(ending)
        assert waiting.value.path().stat().st_size > 0
