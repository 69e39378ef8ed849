"""WCAG 2.2 where axe cannot look: 400 %, the system's colours, no motion, targets, one stop."""

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from messaging.models import Channel
from messaging.services.corrections import correct_own
from messaging.services.pins import pin
from messaging.services.reactions import react
from tests.e2e.conftest import Open
from tests.e2e.measures import cut_off, moving, too_small
from tests.e2e.surfaces import SURFACES, close_all
from tests.e2e.talking import focus, press
from tests.e2e.window import AT_400, DESK, PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/search/?q=register", "/channels/", "/accounts/profile/", "/accessibility/")
#: Nine groups of emoji in one bar are 39 px wide and 44 high on a narrow phone.
ALLOWED = "data-to="
# How something is told apart without a colour of ours.
_TOLD_BY = """(part) => {
  const style = getComputedStyle(part);
  return [style.outline, style.borderTop, style.borderBottom, style.fontWeight].join(" ");
}"""


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    channel = channel_of(alice, bob, dana, name="Year 5")
    question = say(bob, channel, "Who takes the register, @Alice Adeyemi?")
    said = say(alice, channel, "I can, with `code` and @Bob Brennan", reply_to=question.id)
    correct_own(author=alice, message_id=said.id, body="I cannot on Friday")
    react(by=bob, message_id=question.id, emoji="👍", on=True)
    react(by=alice, message_id=question.id, emoji="🎉", on=True)
    pin(by=alice, message_id=question.id, on=True)
    say(bob, channel, "w" * 300 + "\n\n```\n" + "code " * 60 + "\n```")
    channel_of(
        alice, bob, name="Choir with a name that is longer than any rail is wide, and on it goes"
    )
    return channel


def _enter(open_window: Open, person: User, **options: object) -> Window:
    window = open_window(person, **options)
    window.page.goto("/")
    window.wait_until_live()
    return window


def _on_every_surface(window: Window, measure: object) -> list[str]:
    assert callable(measure)
    faults = []
    for surface in SURFACES:
        surface(window)
        faults += [f"{surface.__name__}: {fault}" for fault in measure(window)]
        close_all(window)
    return sorted(set(faults))


@pytest.mark.shows("zoom", on="desk")
def test_at_400_percent_nothing_is_cut_off(
    open_window: Open, channel: Channel, alice: User
) -> None:
    window = _enter(open_window, alice, viewport=AT_400)
    faults = cut_off(window)
    window.channel_link("Year 5").click()
    faults += _on_every_surface(window, cut_off)
    for path in (*PAGES, f"/channels/{channel.id}/members/", f"/channels/{channel.id}/settings/"):
        window.page.goto(path)
        faults += [f"{path}: {fault}" for fault in cut_off(window)]
    assert "\n".join(faults) == ""


def _small(window: Window) -> list[str]:
    """What is pressed is large enough for a pointer, or a thumb."""
    thumb = window.on_a_phone
    found = too_small(window, least=44 if thumb else 24, spaced=not thumb)
    return [one for one in found if ALLOWED not in one]


def _suits(window: Window) -> list[str]:
    """By the size of what is pressed, and by what moves."""
    return [*_small(window), *moving(window)]


@pytest.mark.shows("targets", "reduced-motion", on="both")
def test_nothing_that_is_pressed_is_too_small_and_nothing_moves(
    open_window: Open, channel: Channel, alice: User
) -> None:
    faults = []
    for screen in (DESK, PHONE):
        window = _enter(open_window, alice, viewport=screen)
        faults += _small(window)
        window.channel_link("Year 5").click()
        faults += _on_every_surface(window, _suits)
        window.page.emulate_media(reduced_motion="no-preference")
        assert moving(window) != [] or not window.on_a_phone
        members = f"/channels/{channel.id}/members/"
        for path in (*PAGES, members, f"/channels/{channel.id}/settings/"):
            window.page.goto(path)
            window.settle()
            faults += [f"{path}: {fault}" for fault in _small(window)]
    assert "\n".join(faults) == ""


def _differ(chosen: Locator, other: Locator) -> bool:
    return bool(chosen.evaluate(_TOLD_BY) != other.evaluate(_TOLD_BY))


@pytest.mark.shows("forced-colours", on="both")
def test_in_the_colours_of_the_system_everything_is_told_apart(
    open_window: Open, channel: Channel, alice: User
) -> None:
    for screen in (DESK, PHONE):
        window = open_window(alice, viewport=screen, forced_colors="active")
        window.look_at(channel)
        _is_told_apart(window)
        if not window.on_a_phone:
            _is_told_apart_beside(window)


def _is_told_apart_beside(window: Window) -> None:
    """In the rail and the switcher."""
    assert _differ(window.channel_link("Year 5"), window.channel_link("Choir"))
    press(window, "Control+k")
    options = window.page.get_by_role("dialog", name="Find a channel").get_by_role("option")
    assert _differ(options.nth(0), options.nth(1))
    close_all(window)


def _is_told_apart(window: Window) -> None:
    page = window.page
    row = window.sees("Who takes")
    reactions = row.locator(".reaction[data-react]")
    mine, theirs = (reactions.filter(has_text=emoji) for emoji in ("🎉", "👍"))
    assert _differ(mine, theirs)
    focus(window, "Who takes")
    press(window, "ArrowDown")
    assert _differ(window.sees("I can, with"), row)
    for button in page.locator("chat-composer button:visible").all():
        edge = "part => getComputedStyle(part).borderTopStyle"
        assert button.evaluate(edge) == "solid", button.evaluate("part => part.outerHTML")
    # A picture is drawn in the colour of its text, so that it never melts into the ground.
    icons = "all => all.map((one) => getComputedStyle(one).stroke === getComputedStyle(one).color)"
    assert set(page.locator("svg.icon:visible").evaluate_all(icons)) == {True}


@pytest.mark.shows("roving", "label-order", on="both")
def test_messages_are_one_stop_for_tab_and_say_author_words_time(
    open_window: Open, channel: Channel, alice: User
) -> None:
    for screen in (DESK, PHONE):
        window = open_window(alice, viewport=screen)
        window.look_at(channel)
        _is_one_stop(window)


def _is_one_stop(window: Window) -> None:
    stops = window.log.locator(".message[tabindex='0']")
    expect(stops).to_have_count(1)
    focus(window, "Who takes")
    expect(stops).to_have_count(1)
    press(window, "ArrowDown")
    expect(window.message("I can, with")).to_be_focused()
    press(window, "Tab")
    # A block of code that scrolls sideways is a stop of its own; no other message is.
    assert not window.page.evaluate("document.activeElement.matches('.message, button')")
    said = window.sees("Who takes").get_attribute("aria-label") or ""
    assert said.startswith("Bob Brennan: Who takes the register, @Alice Adeyemi?, mentions you")
    assert said.endswith(window.sees("Who takes").locator("time").get_attribute("title") or "?")


def test_a_fault_would_be_found(open_window: Open) -> None:
    window = open_window(viewport=AT_400)
    window.page.goto("/accessibility/")
    window.page.evaluate("document.body.style.color = '#ccc'")
    window.page.evaluate("document.querySelector('.foot a').style.minBlockSize = '0'")
    window.page.evaluate("document.querySelector('h1').style.inlineSize = '600px'")
    assert window.violations(["color-contrast"])
    assert len(too_small(window, least=44)) >= 1
    assert cut_off(window) == ["the page is 616 px wide"]
