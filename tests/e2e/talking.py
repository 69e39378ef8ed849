"""What is done with the hands in a conversation: reacting, answering, pinning, forwarding."""

from playwright.sync_api import Locator, expect

from tests.e2e.window import Window


def press(window: Window, *keys: str) -> None:
    for key in keys:
        window.page.keyboard.press(key)


def focus(window: Window, words: str) -> Locator:
    """The message with these words has the focus, as the arrow keys would give it."""
    row = window.sees(words)
    row.focus()
    expect(row).to_be_focused()
    return row


def reactions(window: Window, words: str) -> Locator:
    """The reactions under a message."""
    return window.message(words).locator(".reaction[data-react]")


def react(window: Window, words: str, emoji: str) -> None:
    """With one of the six in the tools of the message."""
    row = window.sees(words)
    row.hover()
    row.locator(f'.message__tools [data-react="{emoji}"]').click()


def answer(window: Window, words: str, reply: str) -> None:
    """By the conversation's own composer."""
    window.choose(words, "Reply")
    window.write(reply)
    window.sees(reply)


def side(window: Window) -> Locator:
    return window.page.locator("chat-side")


def hold(window: Window, words: str) -> None:
    """A thumb rests on the message with these words."""
    window.hold(window.sees(words))


def swipe(part: Locator, start: tuple[float, float], far: float) -> None:
    """A thumb draws from a place to the right, in small steps."""

    def touch(name: str, across: float) -> None:
        point = {"identifier": 1, "clientX": start[0] + across, "clientY": start[1]}
        part.dispatch_event(name, {"touches": [point] if name != "touchend" else []})

    touch("touchstart", 0)
    for step in range(1, 9):
        touch("touchmove", far * step / 8)
    touch("touchend", far)
