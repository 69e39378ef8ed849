"""Everything that somebody gets to see of a channel, byte for byte but for ids, times and its name.

What of it is the same for two channels gives away nothing of what sets them apart.
"""

import difflib
import json
import re
from typing import Any, Final
from urllib.parse import quote, quote_plus

from playwright.sync_api import WebSocket, expect

from messaging.models import Channel
from messaging.queries import rail_for
from tests.e2e.held_scene import Scene
from tests.e2e.talking import side
from tests.e2e.window import Window
from tests.faults.product import until

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
#: What differs from one answer to the next, a channel's colour, which follows from its id,
#: whether a picture has come already, and how far a page that was left had time to say it is read.
_CHANCE: Final = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+|(?<=nonce=")[^"]+|hue-\d+'
    '| picture--there|(?<="read": )\\d+'
)
#: Frames that tell of persons, and of what they themselves have read meanwhile.
_MOODS: Final = {"pong", "presence", "read", "typing"}

_FETCH: Final = """(asked) => Promise.all(asked.map(async ([address, headers]) => {
  const answer = await fetch(address, { headers });
  return `${answer.status} ${await answer.text()}`;
}))"""
#: Of a page, the rows in which a name stands.
_ROWS: Final = """async ([addresses, name]) => {
  const pages = await Promise.all(addresses.map(async (each) => (await fetch(each)).text()));
  return pages.flatMap((page) =>
    [...new DOMParser().parseFromString(page, "text/html").querySelectorAll("#main li")]
      .filter((row) => row.textContent.includes(name)).map((row) => row.outerHTML));
}"""


class Sight:
    """A person's window, and what their websocket brings from now on."""

    def __init__(self, window: Window, *, elsewhere: Channel) -> None:
        """`elsewhere` is opened where a channel is to be seen from outside."""
        self.window = window
        self._elsewhere = elsewhere
        self._frames: list[dict[str, Any]] = []
        self._sent: list[str] = []
        self._socket: WebSocket | None = None
        window.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        # (Playwright marks the function, which a method of a list cannot bear.)
        socket.on("framereceived", lambda frame: self._frames.append(json.loads(frame)))
        socket.on("framesent", lambda frame: self._sent.append(str(frame)))
        self._socket = socket

    def from_outside(self, *channels: Channel) -> list[str]:
        """The rows of channels in the rail, with their counts, and none but the third open."""
        self.window.look_at(self._elsewhere)
        rows = [(self.window.channel_link(channel.name), channel) for channel in channels]
        return [_plain(str(row.evaluate("each => each.outerHTML")), one) for row, one in rows]

    def reads(self, channel: Channel) -> None:
        """Look at a channel until the server knows that all of it is read, and says so from now
        on to every page that is loaded."""
        self._sent.clear()
        self.window.look_at(channel)
        self.window.log.locator("article").last.focus()
        expect(self.window.channel_link(channel.name)).not_to_have_class(re.compile("unread"))
        if not any(map(_tells_of_reading, self._sent)):
            assert self._socket
            self._socket.wait_for_event("framesent", predicate=_tells_of_reading)
        until(lambda: self._unread_in(channel) == 0)

    def _unread_in(self, channel: Channel) -> int:
        assert self.window.person
        return next(one.unread for one in rail_for(self.window.person) if one.id == channel.pk)

    def everything(self, scene: Scene) -> dict[str, str]:
        """By view, what it shows of a channel; of its messages some may be gone."""
        self._frames.clear()
        channel, pages = scene.channel, _addresses(scene)
        shown = dict(zip(pages, self._answers(list(pages.values())), strict=True))
        shown |= self._looked_at(channel)
        for name, message in scene.messages.items():
            self.window.look_at(channel, message)
            expect(self.window.log.locator("article").last).to_be_visible()
            shown[f"by the address of {name}"] = self.window.log.inner_html()
        told = {name: _plain(text, channel) for name, text in shown.items()}
        # The same page is loaded again and again, and is told the same each time.
        frames = "\n".join(sorted(set(self.frames_of(channel))))
        return {**told, "list of channels": self._listed(channel), "frames": frames}

    def frames_of(self, channel: Channel) -> list[str]:
        """What the websocket brought of a channel since it was last asked for, in its order."""
        found = [part for frame in self._frames for part in _of(channel, frame)]
        return [_plain(json.dumps(one, sort_keys=True), channel) for one in found]

    def hears_of(self, channel: Channel) -> list[str]:
        """The same, once there is something."""
        if not self.frames_of(channel):
            assert self._socket
            of_it = str(channel.pk)
            self._socket.wait_for_event("framereceived", predicate=lambda said: of_it in str(said))
        return self.frames_of(channel)

    def waits(self) -> None:
        """Leave the chat open, in the third channel, and hear of the others from now on."""
        self.window.look_at(self._elsewhere)
        self._frames.clear()

    def _answers(self, addresses: list[str]) -> list[str]:
        # Of a search what it found; its form names the chosen channel among all.
        by_part = {"HX-Request": "true"}
        asked = [(one, by_part if one.startswith("/search/?") else {}) for one in addresses]
        told: list[str] = self.window.page.evaluate(_FETCH, asked)
        if any(one.startswith("404") for one in told):
            self.window.complaints.clear()  # the browser's own line about it
        return told

    def _listed(self, channel: Channel) -> str:
        """Only what is said of this channel where all are said."""
        asked = [["/channels/", "/messages/saved/"], channel.name]
        rows = self.window.page.evaluate(_ROWS, asked)
        assert rows
        return "\n".join(_plain(row, channel) for row in rows)

    def _looked_at(self, channel: Channel) -> dict[str, str]:
        """The conversation, its row in the rail, and what opens beside it."""
        window = self.window
        window.look_at(channel)
        expect(window.log.locator("article").last).to_be_visible()
        row = window.channel_link(channel.name).evaluate("each => each.outerHTML")
        shown = {"title": window.page.title(), "log": window.log.inner_html(), "row": row}
        shown["head"] = window.page.locator("[data-conversation] header").first.inner_html()
        return shown | {"pinned": _pinned(window), "files beside it": _files(window)}


def _tells_of_reading(frame: str | bytes) -> bool:
    return bool(json.loads(frame)["type"] == "read")


def unlike(one: dict[str, str], other: dict[str, str]) -> dict[str, list[str]]:
    """By view, the lines in which two differ."""
    return {
        name: list(difflib.unified_diff(one[name].split("\n"), other[name].split("\n"), n=0))
        for name in one
        if one[name] != other[name]
    }


def _pinned(window: Window) -> str:
    button = window.page.locator("chat-pins button")
    if button.is_hidden():
        return "none"
    button.click()
    side(window).get_by_role("listitem").first.wait_for()
    return side(window).inner_html()


def _files(window: Window) -> str:
    with window.page.expect_response(re.compile("/files/")):
        window.page.get_by_role("button", name="More about this conversation").click()
        window.page.get_by_role("menuitem", name="Files").click()
    said = side(window).locator("[data-said]")
    expect(said).not_to_have_text("Loading the files…")  # what came has been read, too
    return side(window).inner_html()


def _addresses(scene: Scene) -> dict[str, str]:
    channel, file = scene.channel, f"/messages/files/{scene.messages['his']}/{scene.file}/"
    base, within = f"/channels/{channel.pk}", quote(f' in:"{channel.name}"')
    searches = {
        f"{kind} of {words}": f"/search/{part}?q={quote(words)}{within}{more}"
        for words in ("marmalade", "from:bob", "heath*")
        for kind, part, more in (
            ("search", "", ""), ("best first", "", "&sort=best"), ("count", "count/", ""),
        )
    }  # fmt: skip
    searches |= {
        f"search for {what}": f"/search/?q=has%3A{what}{within}"
        for what in ("file", "link", "image")
    }
    return searches | {
        "members": f"{base}/members/",
        "files": f"{base}/files/",
        "settings": f"{base}/settings/",
        "keeping": f"{base}/keeping/",
        "a file": file,
        "its thumbnail": f"{file}thumbnail/",
        "own": "/messages/own/",
        "later": "/messages/later/",
    }


def _of(channel: Channel, frame: dict[str, Any]) -> list[dict[str, Any]]:
    """What a frame says of a channel: all of it, or its part of a greeting."""
    if frame["type"] in _MOODS:
        return []
    if frame["type"] == "welcome":
        return [one for one in frame["channels"] if one["id"] == str(channel.pk)]
    return [frame] if str(channel.pk) in json.dumps(frame) else []


def _plain(text: str, channel: Channel) -> str:
    alike = _CHANCE.sub("", _AT.sub("at", _ID.sub("id", text)))
    for name in (quote(channel.name), quote_plus(channel.name), channel.name):
        alike = alike.replace(name, "name")
    return alike
