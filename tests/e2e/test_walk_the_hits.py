"""The safeguarding lead in a browser: from a reason to a hit, by keys, on pages without faults."""

from collections.abc import Callable

from playwright.sync_api import expect

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from oversight.services.concerns import raise_concern
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded


def test_the_lead_searches_walks_the_hits_by_keys_and_opens_one(
    open_window: Callable[..., Window], alice: User, bob: User, dana: User
) -> None:
    channel = channel_of(alice, bob)
    for number in range(5):
        say(alice, channel, f"Line{number} of the day")
    photo = uploaded(bob, channel, picture(), "pool.png")
    older = say(bob, channel, "Oliver cried about the swimming again", uploads=ids(photo))
    say(alice, channel, "Swimming is off tomorrow")
    window = open_window(dana)
    page = window.page

    page.goto("/safeguarding/searches/new/")
    page.get_by_label("Why do you search?").fill("A parent rang about swimming on Friday.")
    page.get_by_label("Words").fill("swimming")
    assert window.violations() == []
    page.get_by_role("button", name="Search and record it").click()

    expect(page.locator("[data-hit]")).to_have_count(2)
    assert window.violations() == []
    page.keyboard.press("j")
    page.keyboard.press("j")
    hit = page.locator("[data-hit]").nth(1)
    expect(hit).to_be_focused()
    expect(hit.get_by_text("Line1 of the day")).to_have_count(0)
    hit.get_by_role("button", name="Show ten messages before and after").press("Enter")
    expect(hit.get_by_text("Line1 of the day")).to_be_visible()
    expect(hit.get_by_text("Messages shown: 6 before and 1 after.")).to_be_visible()
    expect(hit).to_be_focused()
    assert window.violations() == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="In the conversation")).to_be_visible()
    assert window.violations() == []
    opened = Entry.objects.filter(action=Action.MESSAGE_OPENED)
    assert list(opened.values_list("subject", flat=True)) == [older.id, older.id]
    page.get_by_role("link", name="pool.png").click()
    expect(page.locator("img")).to_have_js_property("naturalWidth", 60)
    window.complaints.clear()  # Chromium styles the page that it makes of a picture, and may not
    assert Entry.objects.get(action=Action.FILE_OPENED).subject == older.id


def test_the_desk_the_log_and_the_panel_have_no_fault_on_a_phone(
    open_window: Callable[..., Window], alice: User, bob: User, dana: User, priya: User
) -> None:
    channel = channel_of(alice, bob)
    message = say(bob, channel, "Oliver cried about the swimming again")
    concern = raise_concern(by=alice, message_id=message.id, note="Third time")
    pages = {
        dana: ["/safeguarding/", f"/safeguarding/concerns/{concern.number}/"],
        priya: ["/audit/", f"/audit/entries/{Entry.objects.latest('id').id}/"],
        bob: [
            f"/messages/{message.id}/concern/",
            f"/channels/{channel.id}/readers/",
            "/search/?q=swimming",
        ],
    }
    for person, addresses in pages.items():
        window = open_window(person, viewport=PHONE)
        for address in addresses:
            window.page.goto(address)
            assert window.violations() == [], address
            wide = window.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], address
