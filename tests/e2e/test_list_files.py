"""The files of a conversation, beside it: each leads to its message."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.e2e.conftest import Open
from tests.e2e.files import attach, document, is_drawn, picture, ready
from tests.e2e.talking import side
from tests.e2e.window import DESK, PHONE
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.shows("channel-files", on="both", people=2)
def test_the_files_of_a_channel_are_listed_and_lead_to_their_messages(
    open_window: Open, alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob, name="Year 5")
    a = open_window(alice)
    a.look_at(channel)
    attach(a, picture(), document())
    ready(a, "hall.png", "Duty rota.pdf")
    a.write("Two to keep")
    a.sees("Two to keep")
    for number in range(80):
        say(bob, channel, f"Line {number:02}")
    for options in ({"viewport": DESK}, {"viewport": PHONE}):
        b = open_window(bob, **options)
        b.look_at(channel)
        b.page.get_by_role("button", name="More about this conversation").click()
        b.page.get_by_role("menuitem", name="Files").click()
        listed = side(b).get_by_role("listitem")
        expect(listed).to_have_count(2)
        is_drawn(listed.first.locator("img"))
        expect(listed.last).to_contain_text("Alice Adeyemi")
        assert b.violations() == []
        listed.last.get_by_role("button", name="Show Duty rota.pdf in the conversation").click()
        expect(b.message("Two to keep")).to_be_focused()
