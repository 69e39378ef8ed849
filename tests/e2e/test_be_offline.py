"""Without a connection: what is written is kept on the device, sealed, and goes out once."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from messaging.models import Channel, KeptDraft, Message
from messaging.services.channels import remove_member
from tests.e2e.conftest import Open
from tests.e2e.shelf import (
    another_tab,
    pardon_the_draft,
    pending,
    shelves,
    stored,
    wait_for_shelf,
    with_shelf,
)
from tests.e2e.window import PHONE, Window
from tests.promises import told
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

#: Notes every `send` that leaves a page.
_COUNTED = """
  const send = WebSocket.prototype.send;
  window.sends = 0;
  WebSocket.prototype.send = function (data) {
    if (data.includes('"type":"send"')) window.sends += 1;
    return send.call(this, data);
  };
"""


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(bob, alice, name="Year 5")


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice)
    window.context.add_init_script(_COUNTED)
    return with_shelf(window, channel)


def _sends(page: Page) -> int:
    sent: int = page.evaluate("window.sends")
    return sent


def _bodies_of(window: Window) -> list[str]:
    rows = window.log.locator("article:not([data-kind=system]) [data-part=body]")
    return rows.all_inner_texts()


@pytest.mark.shows("offline", "outbox", on="both", people=2)
def test_what_is_written_offline_survives_the_tab_sealed_and_is_sent_once(
    a: Window, channel: Channel, open_window: Open, bob: User
) -> None:
    b = open_window(bob, viewport=PHONE)
    b.look_at(channel)
    expect(a.page.locator("chat-app[data-keeps]")).to_be_attached()
    with a.page.expect_response(lambda answer: "/messages/drafts/" in answer.url):
        a.composer.fill("Bring **coats** tomorrow")  # kept as a draft
    assert KeptDraft.objects.exclude(sealed=b"").count() == 1
    a.cut()
    expect(a.page.get_by_text("You are offline. What you write is kept")).to_be_visible()
    a.write("Bring **coats** tomorrow")
    a.write("And boots")
    expect(pending(a.page)).to_have_count(2)
    expect(pending(a.page).first).to_contain_text("Not sent yet. Waiting for the connection.")
    expect(a.page.get_by_text("2 messages are waiting, kept on this device")).to_be_visible()
    a.page.get_by_role("button", name="2 messages not sent").click()
    listed = a.page.get_by_role("dialog", name="Not sent").get_by_role("listitem")
    expect(listed).to_have_text([re.compile("Year 5.*coats"), re.compile("Year 5.*boots")])
    a.page.keyboard.press("Escape")
    wait_for_shelf(a.page, 2)
    kept = shelves(a.page)
    assert "coats" not in "".join(kept["entries"])
    assert kept["keys"] == [False], "no script can read the key out"

    warned: list[str] = []

    def warn(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    a.page.on("dialog", warn)
    with a.page.expect_event("close"):
        a.page.close(run_before_unload=True)
    assert warned == [], "it is safe: nobody is asked to stay"
    a.mend()
    with a.context.expect_event("response", lambda answer: answer.request.method == "PUT"):
        again = another_tab(a, channel)
    assert not KeptDraft.objects.exclude(sealed=b"").exists(), "what is sent is no draft"
    expect(again.locator("#write")).to_have_value("")
    b.sees("Bring coats tomorrow")
    b.sees("And boots")
    expect(pending(again)).to_have_count(0)
    expect(again.get_by_role("button", name="messages not sent")).to_be_hidden()
    wait_for_shelf(again, 0)
    assert Message.objects.filter(kind="text").count() == 2
    assert _bodies_of(b) == ["Bring coats tomorrow", "And boots"]


@pytest.mark.says("two-tabs")
@pytest.mark.shows("outbox", "two-tabs", on="both", people=2)
def test_two_tabs_show_it_once_and_one_sends_it_also_when_its_own_is_closed(
    a: Window, open_window: Open, channel: Channel, bob: User
) -> None:
    phone = open_window(bob, viewport=PHONE)
    phone.context.add_init_script(_COUNTED)
    for window in (a, with_shelf(phone, channel)):
        other = another_tab(window, channel)
        window.cut()
        window.write(f"First on the {window.screen}")
        expect(pending(other)).to_have_count(1)
        expect(other.get_by_text(told("two-tabs", count=1))).to_be_visible()
        window.mend()
        for page in (window.page, other):
            expect(stored(page, f"First on the {window.screen}")).to_have_count(1)
            expect(pending(page)).to_have_count(0)
        assert (_sends(window.page), _sends(other)) == (1, 0)

        window.cut()
        window.write(f"Its tab on the {window.screen} is closed")
        expect(pending(other)).to_have_count(1)
        window.page.close()
        window.mend()
        expect(stored(other, f"Its tab on the {window.screen} is closed")).to_have_count(1)
        assert _sends(other) == 1
        wait_for_shelf(other, 0)
    assert Message.objects.filter(kind="text").count() == 4


#: A picture without words that was refused, put on the shelf as a page leaves it.
_REFUSED_PICTURE = """async ([person, channel]) => {
  const { openShelf } = await import("lib/shelf");
  const picture = { id: "p", name: "pond.jpg", type: "image/jpeg", width: 9, height: 9, size: 9 };
  await (await openShelf(person)).put({
    ref: "11111111-1111-4111-8111-111111111111", at: Date.now(), channel, body: "",
    reply_to: null, attachments: [picture], state: "failed", detail: "Refused.", final: true,
  });
}"""


def test_what_is_refused_says_why_and_can_be_copied_tried_again_or_removed(
    a: Window, channel: Channel, alice: User, bob: User
) -> None:
    a.cut()
    a.write("Too late to say this here")
    remove_member(by=bob, channel_id=channel.id, person=alice)
    a.mend()
    waiting = a.page.get_by_role("button", name="1 message not sent")
    waiting.click()
    listed = a.page.get_by_role("dialog", name="Not sent")
    expect(listed).to_contain_text("A channel that you are no longer in")
    expect(listed).to_contain_text("Too late to say this here")
    expect(listed).to_contain_text("Not sent. There is no such channel")
    assert a.violations() == []
    a.page.evaluate(_REFUSED_PICTURE, [str(alice.id), str(channel.id)])
    a.page.reload()
    a.wait_until_live()
    a.page.get_by_role("button", name="2 messages not sent").click()
    rows = listed.get_by_role("listitem")
    picture = rows.filter(has_text="1 picture")
    expect(rows.get_by_role("button", name="Copy text")).to_have_count(1)
    expect(picture.get_by_role("button", name="Copy text")).to_have_count(0)
    picture.get_by_role("button", name="Remove").press("Enter")
    expect(listed.get_by_role("heading", name="Not sent")).to_be_focused()
    a.page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(listed).to_contain_text("Not sent. There is no such channel")
    listed.get_by_role("button", name="Try again").click()
    expect(listed).to_contain_text("Not sent. There is no such channel")
    listed.get_by_role("button", name="Remove").click()
    expect(listed).to_be_hidden()
    expect(waiting).to_be_hidden()
    wait_for_shelf(a.page, 0)
    assert not Message.objects.filter(kind="text").exists()
    pardon_the_draft(a)


@pytest.mark.says("tunnel")
@pytest.mark.shows("tunnel", on="both")
def test_half_an_hour_in_a_tunnel_loses_nothing(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    both = [open_window(alice), open_window(alice, viewport=PHONE)]
    for window in both:
        window.page.clock.install()
        window.look_at(channel)
        window.cut()
        window.write(f"From the tunnel, by {window.screen}")
    say(bob, channel, "Said meanwhile outside")
    for window in both:
        window.page.clock.run_for("30:00")
        expect(window.page.get_by_text(told("tunnel"))).to_be_visible()
        expect(pending(window.page)).to_contain_text("From the tunnel")
        window.mend()
        window.sees(f"From the tunnel, by {window.screen}")
        window.sees("Said meanwhile outside")
    assert Message.objects.filter(kind="text").count() == 3


@pytest.mark.shows("offline", on="desk")
def test_where_nothing_can_be_kept_the_page_says_so_and_asks_before_it_goes(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    channel_of(bob, alice, name="Choir")
    a = open_window(alice)
    a.page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    a.look_at(channel)
    a.cut()
    a.channel_link("Choir").click()  # of which nothing is there yet but what is written
    away = a.page.get_by_text("The messages of this conversation are not on this device yet.")
    expect(away).to_be_visible()
    a.write("Only in this tab")
    expect(away).to_be_visible()
    expect(pending(a.page).get_by_text("Not sent yet. Waiting")).to_be_visible()
    expect(a.page.get_by_text("1 message is waiting in this tab: leave it open")).to_be_visible()
    with a.page.expect_event("dialog") as asked:
        a.page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    a.mend()
    a.sees("Only in this tab")
    expect(away).to_be_hidden()
