"""A browser that has never seen the chat: what comes over the wire before it can be read."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession

from accounts.models import User
from tests.e2e.conftest import Open
from tests.e2e.window import PHONE
from tests.scenes import channel_of, say

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
    a.page.wait_for_load_state("networkidle")
    assert 40_000 < sum(sizes) < LIMIT_BYTES
    assert len(sizes) < 30, "what a page needs at once comes as one"
    assert sum('"type":"fetch"' in one["payloadData"] for one in asked) == 1
