"""Each surface of the conversation, open, on a desk and a phone: axe-core finds nothing."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from messaging.services.corrections import correct_own
from messaging.services.messages import delete_message
from messaging.services.pins import pin
from messaging.services.reactions import react
from tests.e2e.conftest import Open
from tests.e2e.surfaces import SURFACES, close_all
from tests.e2e.window import DESK, PHONE, Window
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    channel = channel_of(alice, bob, dana, name="Year 5")
    question = say(bob, channel, "Who takes the register, @Alice Adeyemi?")
    said = say(alice, channel, "I can, with `code` and @Bob Brennan", reply_to=question.id)
    correct_own(author=alice, message_id=said.id, body="I cannot on Friday")
    react(by=alice, message_id=question.id, emoji="👍", on=True)
    pin(by=alice, message_id=question.id, on=True)
    _quote_all_sorts(channel, alice, bob)
    channel_of(alice, bob, name="Choir")
    return channel


def _quote_all_sorts(channel: Channel, alice: User, bob: User) -> None:
    """Answers to what has no words to be quoted: a file, a picture, signs alone, and to what was
    deleted."""
    files = [uploaded(bob, channel), uploaded(bob, channel, picture(), "hall.png")]
    answered = [say(bob, channel, "", uploads=ids(one)) for one in files]
    answered += [say(bob, channel, "**"), say(bob, channel, "Said too soon")]
    for number, message in enumerate(answered):
        say(alice, channel, f"Answer {number}", reply_to=message.id)
    delete_message(by=bob, message_id=answered[-1].id)


def _enter(window: Window) -> Window:
    window.page.goto("/")
    window.wait_until_live()
    window.channel_link("Year 5").click()
    expect(window.page.locator("chat-pins button")).to_be_visible()
    return window


@pytest.mark.shows("axe", on="both")
def test_no_surface_has_a_barrier(open_window: Open, channel: Channel, alice: User) -> None:
    faults = []
    for screen in (DESK, PHONE):
        a = _enter(open_window(alice, viewport=screen))
        for surface in SURFACES:
            surface(a)
            found = a.violations()
            with a.in_the_dark():
                found += a.violations(["color-contrast"])
            faults += [f"{surface.__name__}: {fault}" for fault in found]
            close_all(a)
    assert faults == [], "\n".join(faults)
