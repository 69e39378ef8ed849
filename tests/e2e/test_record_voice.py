"""A voice note: recorded in the page, listened to, sent, and played by somebody else."""

import re

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from messaging.models import Channel, Message
from messaging.rendering import messages_json
from tests.e2e.conftest import Open
from tests.e2e.talking import press
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Year 5")
    say(bob, channel, "Are you on your way?")
    return channel


#: The browser asks, and nobody answers before `allow` is called.
_ASK = """() => {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (what) => {
    document.body.dataset.asked = Number(document.body.dataset.asked ?? 0) + 1;
    await new Promise((allowed) => { window.allow = allowed; });
    return ask(what);
  };
}"""

#: iPhones record MP4 and nothing else.
_AS_SAFARI = """() => {
  MediaRecorder.isTypeSupported = (type) => type.startsWith("audio/mp4");
}"""


def _begin(window: Window) -> None:
    window.page.get_by_role("button", name="Attach").click()
    window.page.get_by_role("menuitem", name="Voice note").click()


def _record(window: Window) -> Locator:
    """Until a second of the browser's own tone has been recorded."""
    _begin(window)
    recorder = window.page.get_by_role("group", name="Voice note")
    expect(recorder).to_contain_text("0:01")
    return recorder


def _record_when_allowed(window: Window) -> Locator:
    """Chosen once more while the browser still asks."""
    _begin(window)
    window.page.evaluate("window.allow()")
    recorder = window.page.get_by_role("group", name="Voice note")
    expect(recorder).to_contain_text("0:01")
    return recorder


#: A second of sound may be over before anybody looks: the note remembers that it was playing.
_REMEMBER = """(note) => new MutationObserver(() => {
  if (note.dataset.playing === "true") note.dataset.hasPlayed = "";
}).observe(note, { attributeFilter: ["data-playing"] })"""


def _notes(window: Window) -> Locator:
    return window.log.locator("article:not(.message--pending) voice-note")


@pytest.mark.shows("voice", on="both", people=2)
def test_a_voice_note_is_recorded_heard_sent_and_played(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    a, b = open_window(alice), open_window(bob, viewport=PHONE)
    a.look_at(channel)
    b.look_at(channel)
    _one_speaks(a, b, count=1)
    b.page.evaluate(_AS_SAFARI)
    _one_speaks(b, a, count=2)
    notes = Message.objects.filter(attachments__isnull=False).order_by("id")
    types = [each["attachments"][0]["type"] for each in messages_json(list(notes))]
    assert types == ["audio/webm", "audio/mp4"]


def _one_speaks(a: Window, b: Window, *, count: int) -> None:
    a.message("Are you on your way?").hover()
    recorder = _record(a)
    assert a.violations() == []
    recorder.get_by_role("button", name="Stop").click()
    recorder.locator("voice-note").evaluate(_REMEMBER)
    recorder.get_by_role("button", name="Play the voice note").click()
    expect(recorder.locator("voice-note")).to_have_attribute("data-has-played", "")
    assert a.violations() == []
    recorder.get_by_role("button", name="Send voice note").click()
    expect(recorder).to_have_count(0)
    for window in (a, b):
        expect(_notes(window)).to_have_count(count)
    note = _notes(b).last
    expect(note.locator("[data-time]")).to_have_text(re.compile("0:0[1-9]"))
    expect(note.locator("path").first).to_have_attribute("d", re.compile(r"^(M[^M]*){21,}$"))
    note.evaluate(_REMEMBER)
    b.log.locator("article").filter(has=b.page.locator("voice-note")).last.focus()
    press(b, "ArrowRight", "Enter")
    expect(note).to_have_attribute("data-has-played", "")
    expect(note).to_have_attribute("data-playing", "false")
    press(b, "ArrowRight", "End")
    slider = note.get_by_role("slider")
    expect(slider).to_be_focused()
    expect(slider).not_to_have_attribute("aria-valuenow", "0")
    press(b, "ArrowDown")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    press(b, "ArrowRight", "Enter")
    expect(note.get_by_role("button", name="Speed: 1.5 times")).to_be_focused()
    press(b, "ArrowLeft")
    expect(slider).to_be_focused()
    expect(note.get_by_role("button", name="Speed: 1.5 times")).to_be_visible()
    assert b.violations() == []


def test_a_voice_note_goes_only_where_it_was_begun(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Staff room")
    a = open_window(alice)
    a.look_at(channel)
    a.page.evaluate(_ASK)
    _begin(a)
    asked = a.page.locator("body")
    expect(asked).to_have_attribute("data-asked", "1")
    recorder = _record_when_allowed(a)
    expect(asked).to_have_attribute("data-asked", "1")
    a.channel_link("Staff room").click()
    expect(a.page.get_by_text("Your voice note waits in Year 5.")).to_be_visible()
    expect(recorder).to_have_count(0)
    _begin(a)
    expect(a.page.get_by_text("Send or discard it there first.")).to_be_visible()
    expect(recorder).to_have_count(0)
    a.channel_link("Year 5").click()
    recorder.get_by_role("button", name="Send voice note").click()
    expect(_notes(a)).to_have_count(1)
    assert not Message.objects.filter(channel=other, kind="text").exists()


def test_what_is_discarded_is_gone_and_a_refused_microphone_is_said(
    open_window: Open, channel: Channel, alice: User
) -> None:
    a = open_window(alice)
    a.look_at(channel)
    recorder = _record(a)
    recorder.get_by_role("button", name="Discard").click()
    expect(recorder).to_have_count(0)
    expect(a.composer).to_be_focused()
    a.page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia =
             () => Promise.reject(new DOMException("no", "NotAllowedError")); }"""
    )
    a.page.get_by_role("button", name="Attach").click()
    a.page.get_by_role("menuitem", name="Voice note").click()
    expect(a.page.get_by_text("Your browser did not allow the microphone.")).to_be_visible()
    expect(a.log.locator("voice-note")).to_have_count(0)
