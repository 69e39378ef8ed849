"""What Alice keeps for herself, at her desk and on her phone."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from audit.clock import now
from messaging.models import Channel, KeptDraft, WaitingText
from tests.e2e.conftest import Open
from tests.e2e.files import attach, document, ready
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Year 5")
    say(bob, channel, "Who brings the kiln?")
    return channel


@pytest.fixture
def other(channel: Channel, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Staff room")


def _desk(open_window: Open, person: User, channel: Channel) -> Window:
    window = open_window(person)
    window.look_at(channel)
    return window


def _phone(open_window: Open, person: User) -> Window:
    window = open_window(person, viewport=PHONE)
    window.page.goto("/")
    window.wait_until_live()
    return window


def _coming_back(window: Window) -> None:
    """She looks at this device again."""
    window.page.evaluate("window.dispatchEvent(new Event('focus'))")


@pytest.mark.shows("draft", on="both")
def test_what_is_half_written_goes_on_on_the_other_device(
    open_window: Open, channel: Channel, other: Channel, alice: User
) -> None:
    desk = _desk(open_window, alice, channel)
    desk.choose("Who brings the kiln?", "Reply")
    with desk.page.expect_response(lambda answer: "/messages/drafts/" in answer.url):
        desk.composer.press_sequentially("I could")
    draft = desk.channel_link("Year 5").get_by_text("Draft")
    expect(draft).to_be_hidden()
    desk.channel_link("Staff room").click()
    expect(draft).to_be_visible()
    expect(desk.composer).to_have_value("")
    assert desk.violations() == []

    phone = _phone(open_window, alice)
    expect(phone.channel_link("Year 5").get_by_text("Draft")).to_be_visible()
    assert phone.violations() == []
    phone.channel_link("Year 5").tap()
    expect(phone.composer).to_have_value("I could")
    expect(phone.page.locator("[data-strip]")).to_contain_text("Who brings the kiln?")
    phone.composer.press_sequentially(", on Friday")
    with phone.page.expect_response(lambda answer: answer.request.method == "PUT"):
        phone.page.get_by_role("button", name="Back to the channels").tap()
    expect(phone.channel_link("Year 5").get_by_text("Draft")).to_be_visible()

    desk.channel_link("Year 5").click()
    expect(desk.composer).to_have_value("I could, on Friday")
    desk.composer.press("Enter")
    expect(desk.sees("I could, on Friday")).to_contain_text("Who brings the kiln?")
    phone.channel_link("Year 5").tap()
    expect(phone.composer).to_have_value("")
    desk.page.reload()
    desk.wait_until_live()
    expect(desk.composer).to_have_value("")


def test_it_is_kept_when_the_page_is_closed_or_the_network_is_gone(
    open_window: Open, channel: Channel, alice: User
) -> None:
    desk = _desk(open_window, alice, channel)
    expect(desk.page.locator("chat-app[data-keeps]")).to_be_attached()
    desk.cut()
    desk.composer.fill("Said in the tunnel")
    desk.mend()
    desk.page.reload()
    desk.wait_until_live()
    expect(desk.composer).to_have_value("Said in the tunnel")
    assert KeptDraft.objects.count() == 1
    phone = _phone(open_window, alice)
    phone.channel_link("Year 5").tap()
    expect(phone.composer).to_have_value("Said in the tunnel")
    with phone.page.expect_response(lambda answer: answer.request.method == "PUT"):
        phone.composer.fill("")
    _coming_back(desk)
    expect(desk.composer).to_have_value("")


#: The next answer about what is kept stays on its way until `release` is called.
_LATE = """() => {
  const real = window.fetch;
  const released = new Promise((release) => { window.release = release; });
  window.fetch = async (path, ...how) => {
    const answer = await real(path, ...how);
    if (!path.endsWith("/own/") || window.answered) return answer;
    window.answered = true;
    await released;
    return answer;
  };
}"""


def test_what_is_refused_or_newer_than_an_answer_stays_in_the_composer(
    open_window: Open, channel: Channel, other: Channel, alice: User
) -> None:
    desk = _desk(open_window, alice, channel)
    expect(desk.page.locator("chat-app[data-keeps]")).to_be_attached()
    too_long = "a" * 20_000
    with desk.page.expect_response(lambda answer: answer.status == 400):
        desk.composer.fill(too_long)
    said = desk.page.get_by_text("This is too long to be kept as a draft. It stays here until")
    expect(said).to_be_visible()
    assert desk.violations() == []
    desk.channel_link("Staff room").click()
    expect(said).to_be_hidden()
    expect(desk.channel_link("Year 5").get_by_text("Draft")).to_be_visible()
    expect(desk.composer).to_have_value("")
    desk.channel_link("Year 5").click()
    with desk.page.expect_response("**/messages/own/"):
        _coming_back(desk)
    desk.page.evaluate("fetch('/messages/own/').then((answer) => answer.json())")
    assert desk.composer.input_value() == too_long
    expect(said).to_be_visible()

    desk.page.evaluate(_LATE)
    _coming_back(desk)
    desk.page.wait_for_function("() => window.answered")
    with desk.page.expect_response(lambda answer: answer.status == 204):
        desk.composer.fill("Newer than the answer")
    expect(said).to_be_hidden()
    with desk.page.expect_response("**/messages/own/"):
        desk.page.evaluate("window.release()")
    desk.page.evaluate("fetch('/messages/own/').then((answer) => answer.json())")
    assert desk.composer.input_value() == "Newer than the answer"
    assert KeptDraft.objects.exclude(sealed=b"").count() == 1
    desk.complaints = [one for one in desk.complaints if "(Bad Request)" not in one]


@pytest.mark.shows("schedule", "scheduled-list", on="both")
def test_a_text_waits_and_is_sent_when_she_likes(
    open_window: Open, channel: Channel, alice: User
) -> None:
    desk = _desk(open_window, alice, channel)
    clock = desk.page.get_by_role("button", name="Send later")
    expect(clock).to_be_hidden()
    attach(desk, document())
    ready(desk, "Duty rota.pdf")
    clock.click()
    desk.page.get_by_role("menuitem", name="Tomorrow 7.40").click()
    expect(desk.page.get_by_text("It will be sent on")).to_be_visible()
    expect(desk.page.locator(".tile")).to_have_count(0)
    desk.page.goto("/messages/later/")
    rota = desk.page.get_by_role("listitem").filter(has_text="Duty rota.pdf").first
    rota.get_by_role("button", name="Send now").click()
    desk.look_at(channel)
    expect(desk.page.locator(".download")).to_contain_text("Duty rota.pdf")
    desk.composer.fill("Assembly is in the hall")
    clock.click()
    expect(desk.page.get_by_role("menuitem", name="Tomorrow 7.40")).to_be_focused()
    assert desk.violations() == []
    desk.page.get_by_role("menuitem", name="Choose a time…").click()
    assert desk.violations() == []
    desk.page.get_by_role("button", name="Send then").click()
    expect(desk.page.get_by_text("It will be sent on")).to_be_visible()
    expect(desk.composer).to_have_value("")
    assert WaitingText.objects.get().due_at > now()

    phone = _phone(open_window, alice)
    waiting = phone.page.get_by_role("link", name="1 text is waiting to be sent")
    phone.channel_link("Year 5").tap()
    phone.composer.fill("And bring the register")
    phone.page.get_by_role("button", name="Send later").tap()
    phone.page.get_by_role("menuitem", name="Tomorrow 7.40").tap()
    phone.page.get_by_role("button", name="Back to the channels").tap()
    phone.page.get_by_role("link", name="2 texts are waiting to be sent").tap()
    phone.page.wait_for_url("**/messages/later/")
    assert phone.violations() == []
    assembly = phone.page.get_by_role("listitem").filter(has_text="Assembly")
    assembly.get_by_role("link", name="Change").tap()
    phone.page.get_by_label("Message").fill("Assembly is in the gym")
    assert phone.violations() == []
    phone.page.get_by_role("button", name="Save").tap()
    expect(phone.page.get_by_text("It waits as you changed it.")).to_be_visible()
    gym = phone.page.get_by_role("listitem").filter(has_text="in the gym")
    gym.get_by_role("button", name="Send now").tap()
    desk.sees("Assembly is in the gym")
    phone.page.get_by_role("button", name="Remove").tap()
    expect(phone.page.get_by_text("Nothing is waiting.")).to_be_visible()
    phone.page.goto("/")
    phone.wait_until_live()
    expect(waiting).to_be_hidden()


@pytest.mark.shows("save", on="both")
def test_a_message_is_saved_here_and_found_there(
    open_window: Open, channel: Channel, alice: User
) -> None:
    desk = _desk(open_window, alice, channel)
    expect(desk.page.locator("chat-app[data-keeps]")).to_be_attached()
    desk.choose("Who brings the kiln?", "Save for later")
    expect(desk.page.get_by_text("Saved for you.")).to_be_visible()
    phone = _phone(open_window, alice)
    phone.page.get_by_role("link", name="Saved messages").tap()
    phone.page.wait_for_url("**/messages/saved/")
    expect(phone.page.get_by_text("Who brings the kiln?")).to_be_visible()
    assert phone.violations() == []
    phone.page.get_by_role("link", name="Open in the conversation").tap()
    phone.wait_until_live()
    expect(phone.message("Who brings the kiln?")).to_be_in_viewport()
    desk.choose("Who brings the kiln?", "Remove from saved")
    expect(desk.page.get_by_text("No longer saved.")).to_be_visible()
    desk.page.goto("/messages/saved/")
    expect(desk.page.get_by_text("Nothing is saved.")).to_be_visible()
