"""What comes over the wire before a channel can be read: in a browser that has never seen the chat,
and when one goes from channel to channel."""

import json
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from accounts.models import User
from audit.clock import now
from messaging.own_words import OwnWords
from messaging.services.channels import remove_member
from messaging.services.kept_drafts import keep_draft
from messaging.services.pins import pin
from tests.e2e.conftest import Open
from tests.e2e.window import PHONE
from tests.scenes import channel_of, say, settle

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT_BYTES = 150_000
MESSAGES = 60  # what a first page holds
AT_LENGTH = "Could somebody who is free in the second period look after Year 5 in the hall? " * 2


def _listen(session: CDPSession) -> tuple[list[int], list[dict[str, Any]]]:
    """The sizes of what arrives, and the questions that the page asks by the websocket."""
    sizes: list[int] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda one: sizes.append(int(one["encodedDataLength"])))
    session.on(
        "Network.webSocketFrameReceived",
        lambda one: sizes.append(len(one["response"]["payloadData"].encode())),
    )
    asked: list[dict[str, Any]] = []
    session.on("Network.webSocketFrameSent", lambda one: asked.append(one["response"]))
    return sizes, asked


@pytest.mark.shows("first-load")
def test_a_first_load_is_small_and_asks_once_for_the_messages(
    open_window: Open, alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob, name="Year 5")
    for number in range(MESSAGES):
        say((alice, bob)[number % 2], channel, f"{number}: {AT_LENGTH}")
    a = open_window(alice, viewport=PHONE)
    sizes, asked = _listen(a.context.new_cdp_session(a.page))
    a.look_at(channel)
    a.sees(f"{MESSAGES - 1}: ")
    expect(a.page.locator("[data-readers-text]")).to_contain_text("2 members.")
    a.page.wait_for_load_state("networkidle")
    assert 40_000 < sum(sizes) < LIMIT_BYTES
    assert len(sizes) < 30, "what a page needs at once comes as one"
    assert sum('"type":"fetch"' in one["payloadData"] for one in asked) == 1


def _asked(session: CDPSession) -> list[str]:
    """Whatever the page asks the server for from now on, but for what its cache holds; `read` and
    `ping` ask for nothing."""
    asked: list[str] = []
    kept: set[str] = set()

    def answered(one: dict[str, Any]) -> None:
        if not (one["response"]["fromDiskCache"] or one["requestId"] in kept):
            asked.append(one["response"]["url"])

    def sent(one: dict[str, Any]) -> None:
        kind = json.loads(one["response"]["payloadData"])["type"]
        if kind not in {"read", "ping"}:
            asked.append(kind)

    session.send("Network.enable")
    session.on("Network.requestServedFromCache", lambda one: kept.add(one["requestId"]))
    session.on("Network.responseReceived", answered)
    session.on("Network.webSocketFrameSent", sent)
    return asked


@pytest.mark.shows("open-channel")
def test_opening_a_channel_is_one_request_however_often(
    open_window: Open, alice: User, bob: User, dana: User
) -> None:
    settle(presence="on", typing="on", receipts="on")
    here = channel_of(alice, bob, name="Year 5")
    there = channel_of(alice, bob, name="Staff room")
    question = say(bob, there, "Who brings the kiln?")
    for number in range(MESSAGES):
        say(bob, there, f"{number}: {AT_LENGTH}")
    pin(by=bob, message_id=question.id, on=True)
    say(alice, there, "Not me", reply_to=question.id)
    words = OwnWords(text="Written on the phone", reply_to=question.id)
    keep_draft(person=alice, channel_id=there.id, words=words, written_at=now())
    a = open_window(alice)
    a.look_at(here)
    expect(a.page.locator("chat-app[data-keeps]")).to_be_attached()
    expect(a.page.locator("[data-readers-text]")).to_contain_text("Dana Doyle may search it")
    a.page.wait_for_load_state("networkidle")
    asked = _asked(a.page.context.new_cdp_session(a.page))

    a.channel_link("Staff room").click()
    quote = a.sees("Not me").locator(".message__quote")
    expect(quote).to_contain_text("Who brings the kiln?")
    expect(a.composer).to_have_value("Written on the phone")
    expect(a.page.locator("[data-strip]")).to_contain_text("Who brings the kiln?")
    expect(a.page.locator("[data-readers-text]")).to_contain_text("2 members.")
    expect(a.page.locator("[data-pins]")).to_be_visible()
    a.page.wait_for_load_state("networkidle")
    assert asked == ["fetch"], "cold"

    asked.clear()
    remove_member(by=alice, channel_id=here.id, person=bob)
    a.page.wait_for_load_state("networkidle")
    assert asked == []
    keep_draft(person=alice, channel_id=here.id, words=OwnWords(text="At home"), written_at=now())
    a.channel_link("Year 5").click()
    expect(a.page.locator("[data-readers-text]")).to_contain_text("Only you.")
    expect(a.composer).to_have_value("At home")
    a.page.wait_for_load_state("networkidle")
    assert asked == ["fetch"], "warm"
