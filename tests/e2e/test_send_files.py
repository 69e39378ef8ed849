"""Files go along with a message: chosen, photographed, dropped, pasted; seen by somebody else."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.files import (
    PDF,
    asked_for,
    attach,
    carry,
    document,
    is_drawn,
    picture,
    ready,
    row_with,
    strip,
    text,
    tile,
)
from tests.e2e.talking import press
from tests.e2e.window import DESK, PHONE, Window
from tests.promises import told
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)
UPLOADS = re.compile(r"/messages/uploads/")
CHUNK = 5 * 1024 * 1024
#: As soon as a viewer stands there.
_LEAVE_WHILE_IT_OPENS = """(by) => {
  window.left = false;
  const leave = (_, watching) => {
    if (!document.querySelector(".pswp__caption b")) return;
    watching.disconnect();
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    if (by === "history") history.back();
    else document.activeElement.dispatchEvent(escape);
    window.left = true;
  };
  new MutationObserver(leave).observe(document.body, { childList: true, subtree: true });
}"""


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Year 5")
    say(bob, channel, "Has anybody a picture of the hall?")
    return channel


def _window(open_window: Open, person: User, channel: Channel, **options: object) -> Window:
    window = open_window(person, **{"viewport": DESK, **options})
    window.look_at(channel)
    return window


def _viewer_says(window: Window, words: str) -> None:
    expect(window.page.locator(".pswp__caption")).to_contain_text(words)


@pytest.mark.shows("attach", "document", "thumbnail", "viewer", on="desk", people=2)
def test_pictures_and_files_go_along_and_are_seen_large_and_saved(
    open_window: Open, channel: Channel, alice: User, bob: User, tmp_path: Path
) -> None:
    a, b = _window(open_window, alice, channel), _window(open_window, bob, channel)
    attach(a, picture("hall.png", 1200, 800), picture("stage.png", 300, 400), document())
    ready(a, "hall.png", "stage.png", "Duty rota.pdf")
    assert a.violations() == []
    a.write("Here they are")
    expect(a.page.locator(".tile")).to_have_count(0)
    row = b.sees("Here they are")
    expect(row.locator("img")).to_have_count(2)
    is_drawn(row.get_by_alt_text("hall.png"))
    link = row.locator(".download")
    expect(link).to_contain_text(re.compile(r"Duty rota\.pdf\s*PDF, \d+ bytes"))
    with b.page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "Duty rota.pdf"
    saved.value.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == PDF
    # By keys alone: into the row, the picture, the next one, and back to where one was.
    row.focus()
    press(b, "ArrowRight", "Enter")
    _viewer_says(b, "Alice Adeyemi")
    _viewer_says(b, "hall.png")
    press(b, "ArrowRight")
    _viewer_says(b, "stage.png")
    with b.page.expect_download() as saved:
        b.page.get_by_role("link", name="Download", exact=True).click()
    assert saved.value.suggested_filename.startswith("stage")
    press(b, "Escape")
    expect(b.page.locator(".pswp")).to_have_count(0)
    expect(row.locator(".picture").nth(1)).to_be_focused()
    # Whoever changes their mind while it still opens.
    b.page.emulate_media(reduced_motion="no-preference")
    for leave in ("keyboard", "history"):
        b.page.evaluate(_LEAVE_WHILE_IT_OPENS, leave)
        press(b, "Enter")
        b.page.wait_for_function("() => window.left")
        expect(b.page.locator(".pswp")).to_have_count(0)
        expect(row.locator(".picture").nth(1)).to_be_focused()
        b.page.wait_for_function("() => !history.state?.picture")
    assert b.violations() == []
    a.choose("Here they are", "Delete")
    a.page.get_by_role("button", name="Delete message").click()
    expect(b.page.locator(".picture, .download")).to_have_count(0)


@pytest.mark.shows("thumbnail", on="desk", people=2)
def test_a_picture_has_its_place_before_it_comes(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    a, b = _window(open_window, alice, channel), _window(open_window, bob, channel)
    held: list[Route] = []
    b.page.route(re.compile(r"/thumbnail/"), lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks the function)
    attach(a, picture("hall.png", 900, 600))
    ready(a, "hall.png")
    a.composer.press("Enter")
    place = row_with(b, "hall.png").locator(".picture")
    expect(place).to_be_visible()
    before = place.bounding_box()
    colours = "each => [...each.getContext('2d').getImageData(0, 0, 2, 1).data]"
    blurred = place.locator("canvas").evaluate(colours)
    assert blurred[3] == 255
    assert blurred[:3] != [0, 0, 0]
    assert held
    for route in held:
        route.continue_()
    is_drawn(place.locator("img"))
    assert place.bounding_box() == before
    assert before
    assert before["width"] / before["height"] == pytest.approx(1.5, abs=0.02)


@pytest.mark.shows("upload-progress", on="both", people=2)
def test_a_message_waits_for_its_files_and_each_can_be_given_up(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    a = _window(open_window, alice, channel)
    b = _window(open_window, bob, channel, viewport=PHONE)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            held.append(route)
        else:
            route.continue_()

    b.page.route(UPLOADS, hold)
    attach(b, document("Rota.pdf"))
    expect(tile(b, "Rota.pdf").get_by_role("progressbar")).to_be_visible()
    b.page.get_by_role("button", name="Cancel Rota.pdf").tap()
    expect(tile(b, "Rota.pdf")).to_have_count(0)
    held.clear()
    a.page.route(UPLOADS, hold)
    attach(a, picture("hall.png"), document())
    expect(tile(a, "hall.png")).to_contain_text("of")
    expect(tile(a, "hall.png").get_by_role("progressbar")).to_be_visible()
    a.choose("Has anybody a picture of the hall?", "Reply")
    a.write("The hall today")
    strip(a, "Sending when the files are ready")
    expect(a.composer).to_have_value("")
    a.write("And good morning")  # what comes meanwhile is a message of its own
    b.sees("And good morning")
    a.page.get_by_role("button", name="Cancel Duty rota.pdf").click()
    expect(tile(a, "Duty rota.pdf")).to_have_count(0)
    strip(a, "Sending when the picture is ready")
    # It comes back as the answer it was, and not into what is being changed.
    a.choose("And good morning", "Edit")
    a.page.get_by_role("button", name="Don’t send yet").click()
    expect(a.composer).to_have_value("The hall today")
    expect(a.page.locator("[data-strip]")).to_contain_text("Has anybody a picture")
    expect(a.page.locator("[data-send]")).to_be_enabled()
    a.composer.press("Enter")
    strip(a, "Sending when the picture is ready")
    expect(b.message("The hall today")).to_have_count(0)
    for route in held:
        route.continue_()
    is_drawn(b.sees("The hall today").locator("img"))
    expect(b.message("The hall today")).to_contain_text("Has anybody a picture of the hall?")
    expect(b.page.locator(".download")).to_have_count(0)
    expect(a.page.locator(".tray__batch")).to_have_count(0)


def _only_the_first_piece(route: Route) -> None:
    if route.request.headers.get("upload-offset", "0") == "0":
        route.continue_()
    else:
        route.abort("internetdisconnected")


@pytest.mark.says("cut-upload")
@pytest.mark.shows("upload-resume", "cut-upload", on="both", people=2)
def test_an_upload_that_was_cut_off_goes_on_where_it_was(
    open_window: Open, channel: Channel, alice: User, bob: User, tmp_path: Path
) -> None:
    a = _window(open_window, alice, channel)
    b = _window(open_window, bob, channel, viewport=PHONE)
    for window, other, more in ((a, b, CHUNK), (b, a, 0)):
        window.page.route(UPLOADS, _only_the_first_piece)
        attach(window, file := text("register.txt", CHUNK + more + 1000))
        expect(tile(window, "register.txt")).to_contain_text(told("cut-upload"))
        window.write(f"All of {window.screen}")
        strip(window, "Sending when the connection is back")
        window.cut()
        window.page.unroute(UPLOADS)
        asked = asked_for(window)
        window.mend()
        row = other.sees(f"All of {window.screen}")
        pieces = [one.headers["upload-offset"] for one in asked if one.method == "PATCH"]
        assert pieces == ([str(CHUNK), str(2 * CHUNK)] if more else [str(CHUNK)])
        with other.page.expect_download() as saved:
            row.locator(".download").click()
        saved.value.save_as(tmp_path / "saved.txt")
        assert (tmp_path / "saved.txt").read_bytes() == file["buffer"]


@pytest.mark.shows("attach-drop", on="desk")
def test_files_are_dropped_and_pasted(open_window: Open, channel: Channel, alice: User) -> None:
    a = _window(open_window, alice, channel)
    target = a.page.locator(".drop")
    carry(a, "dragenter", picture())
    expect(target).to_be_visible()
    carry(a, "dragleave", picture())
    expect(target).to_be_hidden()
    carry(a, "dragenter", picture("dropped.png"))
    carry(a, "drop", picture("dropped.png"))
    expect(target).to_be_hidden()
    carry(a, "paste", picture("pasted.png"))
    ready(a, "dropped.png", "pasted.png")
    a.composer.press("Enter")
    expect(row_with(a, "dropped.png").locator("img")).to_have_count(2)


def _pinch(window: Window) -> None:
    """Two fingers in the middle of the screen move apart."""
    hands = window.context.new_cdp_session(window.page)
    x, y = PHONE["width"] / 2, PHONE["height"] / 2

    def touch(kind: str, apart: float | None) -> None:
        ends = [] if apart is None else [y - apart, y + apart]
        points = [{"x": x, "y": end, "id": finger} for finger, end in enumerate(ends)]
        hands.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 30)
    for apart in range(40, 200, 20):
        touch("touchMove", apart)
    touch("touchEnd", None)


@pytest.mark.shows("attach", "document", "thumbnail", "viewer", on="both", people=2)
def test_a_thumb_photographs_sends_and_looks(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    b = _window(open_window, bob, channel)
    attach(b, document())
    ready(b, "Duty rota.pdf")
    b.write("The rota")
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    phone.page.get_by_role("button", name="Attach").tap()
    assert phone.violations() == []
    with phone.page.expect_file_chooser() as asked:
        phone.page.get_by_role("menuitem", name="Take a photo").tap()
    assert asked.value.element.get_attribute("capture") == "environment"
    asked.value.set_files([picture("IMG_0001.png", 900, 1600)])
    ready(phone, "IMG_0001.png")
    width = "document.documentElement.scrollWidth <= window.innerWidth"
    assert phone.page.evaluate(width)
    box = phone.page.get_by_role("button", name="Remove IMG_0001.png").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    phone.page.locator("[data-send]").tap()
    image = row_with(phone, "IMG_0001.png").locator("img")
    is_drawn(image)
    is_drawn(row_with(b, "IMG_0001.png").locator("img"))
    assert phone.page.evaluate(width)
    with phone.page.expect_download() as saved:
        phone.sees("The rota").locator(".download").tap()
    assert saved.value.suggested_filename == "Duty rota.pdf"
    image.tap()
    _viewer_says(phone, "IMG_0001.png")
    large = phone.page.locator(".pswp__item[aria-hidden=false] .pswp__img:not([aria-hidden])")
    is_drawn(large)
    before = large.bounding_box()
    _pinch(phone)
    wider = "([each, width]) => each.getBoundingClientRect().width > 1.5 * width"
    assert before
    phone.page.wait_for_function(wider, arg=[large.element_handle(), before["width"]])
    phone.page.go_back()
    expect(phone.page.locator(".pswp")).to_have_count(0)
    expect(phone.composer).to_be_visible()
    expect(image).to_be_in_viewport()
