"""A picture that was seen large is closed, and the conversation is as it was."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.files import attach, picture, ready
from tests.e2e.talking import press
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def test_closing_it_draws_nothing_anew_and_gives_the_focus_back(
    open_window: Open, channel: Channel, alice: User
) -> None:
    a = open_window(alice)
    a.look_at(channel)
    attach(a, picture("hall.png", 300, 200))
    ready(a, "hall.png")
    a.write("Here it is")
    row = a.sees("Here it is")
    row.evaluate("(row) => { row.wasHere = true; }")
    for leave in (lambda: press(a, "Escape"), a.page.go_back):
        row.locator(".picture").click()
        expect(a.page.locator(".pswp__caption")).to_contain_text("hall.png")
        with a.page.expect_event("framenavigated"):
            leave()
        expect(a.page.locator(".pswp")).to_have_count(0)
        expect(row.locator(".picture")).to_be_focused()
        assert row.evaluate("(row) => row.wasHere")
