"""What was not sent leaves the device: with who signs out or may not be there, and with its day."""

from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, expect

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.clock import now
from messaging.models import Channel, Message
from messaging.services.channels import remove_member
from tests.e2e.conftest import Open
from tests.e2e.shelf import (
    another_tab,
    pardon_the_draft,
    pending,
    stored,
    wait_for_shelf,
    with_shelf,
)
from tests.e2e.window import PHONE, Window
from tests.promises import told
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

#: A device whose clock is two days ahead.
_AHEAD = """
  const Right = Date;
  const ahead = 48 * 3600 * 1000;
  window.Date = class extends Right {
    constructor(...given) { if (given.length) super(...given); else super(Right.now() + ahead); }
    static now() { return Right.now() + ahead; }
  };
"""


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(bob, alice, name="Year 5")


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    return with_shelf(open_window(alice), channel)


def _leave_something_unsent(a: Window) -> None:
    a.cut()
    a.write("Nobody else's business")
    wait_for_shelf(a.page, 1)


@pytest.mark.shows("outbox-wiped", on="desk")
def test_signing_out_asks_and_leaves_nothing_on_the_device(
    a: Window, channel: Channel, alice: User, bob: User
) -> None:
    _leave_something_unsent(a)
    remove_member(by=bob, channel_id=channel.id, person=alice)
    a.mend()
    expect(a.page.get_by_role("button", name="1 message not sent")).to_be_visible()
    asked: list[str] = []
    answers = iter([False, True])

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        (dialog.accept if next(answers) else dialog.dismiss)()

    a.page.on("dialog", answer)
    a.page.get_by_role("button", name="your menu").click()
    for _ in range(2):
        with a.page.expect_event("dialog"):
            a.page.get_by_role("menuitem", name="Sign out").click()
    a.page.wait_for_url("**/accounts/login/**")
    expect(a.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert asked == ["1 message is not sent. Sign out and remove it from this device?"] * 2
    wait_for_shelf(a.page, 0, keys=0)
    pardon_the_draft(a)


@pytest.mark.shows("outbox-wiped", on="both")
def test_a_deactivated_person_leaves_nothing_and_is_told_so(
    a: Window, open_window: Open, channel: Channel, alice: User, theo: User
) -> None:
    both = [a, with_shelf(open_window(alice, viewport=PHONE), channel)]
    for window in both:
        _leave_something_unsent(window)
    deactivate_person(by=theo, person_id=alice.id)
    for window in both:
        window.mend()
        heading = window.page.get_by_role("heading", name="You have been signed out")
        expect(heading).to_be_visible()
        expect(window.page.get_by_text("What you had not sent was not kept.")).to_be_visible()
        assert "Nobody else's business" not in window.page.content()
        wait_for_shelf(window.page, 0, keys=0)
    assert not Message.objects.filter(kind="text").exists()


def test_another_person_at_the_same_browser_finds_nothing(
    a: Window, bob: User, channel: Channel
) -> None:
    _leave_something_unsent(a)
    a.page.close()
    a.mend()
    a.carry_session_of(bob)
    theirs = another_tab(a, channel)
    wait_for_shelf(theirs, 0)
    expect(pending(theirs)).to_have_count(0)
    assert not Message.objects.filter(kind="text").exists()


@pytest.mark.says("wrong-clock")
@pytest.mark.shows("outbox-wiped", "wrong-clock", on="both")
def test_after_a_day_it_is_gone_but_a_wrong_clock_loses_nothing(
    open_window: Open, a: Window, channel: Channel, alice: User
) -> None:
    old = int((now() - timedelta(hours=25)).timestamp() * 1000)
    a.page.evaluate(
        """async ([person, channel, at]) => {
          const { openShelf } = await import("lib/shelf");
          const shelf = await openShelf(person);
          await shelf.put({ ref: "11111111-1111-4111-8111-111111111111", at, channel,
            body: "Yesterday's news", reply_to: null, attachments: [],
            state: "waiting", detail: "", final: false });
        }""",
        [str(alice.id), str(channel.id), old],
    )
    a.page.reload()
    a.wait_until_live()
    expect(
        a.page.get_by_text("could not be sent for 24 hours and has been removed")
    ).to_be_visible()
    wait_for_shelf(a.page, 0)
    a.page.close()

    wrong = a.context.new_page()
    wrong.add_init_script(_AHEAD)
    wrong.goto(f"/?channel={channel.id}")
    expect(wrong.locator('chat-app[data-live="true"]')).to_be_attached()
    wait_for_shelf(wrong, 0)
    expect(wrong.get_by_text(told("wrong-clock"))).to_be_visible()
    a.cut()
    wrong.locator("#write").fill("Written on Thursday, it believes")
    wrong.locator("#write").press("Enter")
    wait_for_shelf(wrong, 1)
    wrong.close()
    a.mend()
    right = another_tab(a, channel)
    expect(stored(right, "Written on Thursday")).to_have_count(1)
    assert Message.objects.filter(kind="text").count() == 1

    phone = open_window(alice, viewport=PHONE)
    phone.context.add_init_script(_AHEAD)
    phone.look_at(channel)
    expect(phone.page.get_by_text(told("wrong-clock"))).to_be_visible()
    sent_at = Message.objects.get(kind="text").sent_at.isoformat()
    shown = phone.sees("Written on Thursday").locator("time")
    assert (shown.get_attribute("datetime") or "")[:16] == sent_at[:16]
