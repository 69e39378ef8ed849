"""A file from a person runs no script in the school's pages, even one that should never have come.

What comes in is checked; here that check is taken away, and the files are as bad as can be. What is
left must do: how they are handed out.
"""

from unittest.mock import patch

import pytest
from playwright.sync_api import Error, expect

from accounts.models import User
from messaging.files import checking
from messaging.files.kinds import Family, Kind
from messaging.models import Channel, Message
from tests.e2e.conftest import Open
from tests.e2e.window import Window
from tests.scenes import channel_of, say
from tests.uploads import ids, uploaded

pytestmark = pytest.mark.django_db(transaction=True)

#: Leaves a mark wherever it runs.
_SCRIPT = "window.pwned = true; window.top.pwned = true"
_PAGE = f"<!doctype html><title>Owned</title><body>Owned<script>{_SCRIPT}</script>"
_DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{_SCRIPT}</script></svg>'
BAD = {
    "page.html": ("text/html", _PAGE),
    "page.txt": ("text/plain", _PAGE),
    "drawing.svg": ("image/svg+xml", _DRAWING),
    "run.js": ("text/javascript", _SCRIPT),
    "photo.jpg": ("image/jpeg", _PAGE),
    "voice.webm": ("audio/webm", _PAGE),
}


def as_bad_as_can_be(by: User, channel: Channel, name: str) -> Message:
    """A message with a file that nobody looked into."""
    type_, said = BAD[name]
    kind = Kind(type=type_, extension=name.rpartition(".")[2], family=Family.TEXT)
    with patch.object(checking, "kind_of", return_value=kind):
        upload = uploaded(by, channel, said.encode(), name)
    return say(by, channel, name, uploads=ids(upload))


def address_of(message: Message) -> str:
    return f"/messages/files/{message.id}/{message.attachments.get().file_id}/"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def pwned(window: Window) -> bool:
    return bool(window.page.evaluate("window.pwned === true"))


@pytest.mark.shows("file-sandbox")
def test_a_file_from_a_person_runs_no_script_in_the_schools_origin(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    places = {name: address_of(as_bad_as_can_be(alice, channel, name)) for name in BAD}
    window = open_window(bob)
    window.look_at(channel)
    for name, place in places.items():
        _opened_by_itself(window, place)
        assert not pwned(window), name
    window.page.goto("/")
    window.wait_until_live()
    _put_into_the_page(window, list(places.values()))
    assert not pwned(window)
    window.context.close()
    window.complaints.clear()  # the browser said that it refused them


def _opened_by_itself(window: Window, place: str) -> None:
    """By its address: it is saved, or shown as what it says it is, and never as a page of ours."""
    try:
        window.page.goto(place)
    except Error as error:
        assert "Download is starting" in str(error) or "net::ERR" in str(error)  # noqa: PT017
        return
    assert window.page.title() != "Owned"
    expect(window.page.get_by_text("Owned", exact=True)).to_have_count(0)


_EVERY_WAY = """async (places) => {
  const all = [];
  for (const place of places) {
    for (const [tag, name] of [["script", "src"], ["iframe", "src"], ["embed", "src"],
        ["object", "data"], ["img", "src"], ["link", "href"]]) {
      const element = document.createElement(tag);
      element.setAttribute(name, place);
      if (tag === "link") element.rel = "stylesheet";
      all.push(new Promise((done) => {
        element.addEventListener("load", done);
        element.addEventListener("error", done);
        setTimeout(done, 1500);
      }));
      document.body.append(element);
    }
    all.push(import(place).catch(() => null));
    all.push(navigator.serviceWorker?.register(place).catch(() => null));
  }
  await Promise.all(all);
}"""


def _put_into_the_page(window: Window, places: list[str]) -> None:
    """As somebody would who had found a way to put an element, though no script, into our page."""
    window.page.evaluate(_EVERY_WAY, places)
