"""Channels are found by what they are for, and messages by words and filters, on desk and phone."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.services.channels import create_channel
from tests.e2e.conftest import Open
from tests.e2e.measures import fits
from tests.e2e.window import DESK, PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.shows("browse", "empty", on="both", people=2)
def test_a_channel_is_found_by_its_purpose_and_joined(
    open_window: Open, alice: User, bob: User, carol: User, hari: User
) -> None:
    create_channel(by=alice, kind="open", name="Choir", purpose="Songs", members=[bob])
    channel_of(alice, bob, name="Year 5")
    _joins(open_window(carol), members=2)
    _joins(open_window(hari, viewport=PHONE), members=3)


def _joins(window: Window, *, members: int) -> None:
    page = window.page
    page.goto("/channels/")
    choir = page.get_by_role("listitem").filter(has_text="Choir")
    expect(choir).to_contain_text("Songs")
    expect(choir).to_contain_text(f"{members} members")
    expect(choir).to_contain_text("run by Alice Adeyemi")
    expect(page.get_by_text("Year 5")).to_have_count(0)
    expect(page.get_by_text("You are in no channel yet.")).to_be_visible()
    page.get_by_label("Name, purpose or owner").fill("maths")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No open channel that you could join")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(choir).to_contain_text("Songs")
    assert fits(window)
    assert window.violations() == []
    page.get_by_role("button", name="Join Choir").click()
    window.wait_until_live()
    expect(page.get_by_role("heading", name="Choir")).to_be_visible()


@pytest.mark.shows("search-chips", on="both")
def test_a_search_is_narrowed_by_chips_and_widened_again(
    open_window: Open, alice: User, bob: User
) -> None:
    year_5 = channel_of(alice, bob, name="Year 5")
    year_6 = channel_of(alice, bob, name="Year 6")
    say(alice, year_5, "Swimming is at nine")
    say(bob, year_5, "Swimming times: https://pool.example/times")
    say(alice, year_6, "No swimming here")
    for screen in (DESK, PHONE):
        _searches(open_window(bob, viewport=screen))


def _looks_at_examples(window: Window) -> None:
    """By keys alone, from the field down."""
    page = window.page
    shown = page.get_by_text("names spelt otherwise")
    expect(shown).to_be_hidden()
    page.get_by_label("Words").focus()
    for _ in ("the button", "the examples"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(shown).to_be_visible()
    assert fits(window)
    assert window.violations() == []
    page.keyboard.press("Space")
    expect(shown).to_be_hidden()


def _stumbles(window: Window) -> None:
    """Over a sign, which is selected then."""
    page = window.page
    words = page.get_by_label("Words")
    words.fill("🏊 swim*ing")
    page.keyboard.press("Enter")
    expect(page.locator("[data-stumble]")).to_be_visible()
    page.wait_for_load_state()
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert words.evaluate(selected) == "*"
    window.complaints.clear()  # the browser's own line about the answer
    assert window.violations() == []


def _searches(window: Window) -> None:
    page = window.page
    page.goto("/search/")
    _looks_at_examples(window)
    _stumbles(window)
    page.get_by_label("Words").fill('swimming from:alice in:"year 5"')
    page.keyboard.press("Enter")
    hits = page.locator("[data-hit]")
    expect(hits).to_have_count(1)
    expect(hits.locator("mark")).to_have_text("Swimming")
    chips = page.get_by_role("list", name="What is searched")
    expect(chips.get_by_role("link", name=re.compile("By Alice Adeyemi"))).to_be_visible()
    assert window.violations() == []
    chips.get_by_role("link", name=re.compile("In Year 5")).click()
    expect(hits).to_have_count(2)
    expect(page.get_by_label("Words")).to_have_value("swimming from:alice")
    page.get_by_label("Words").fill("swimming")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("With", exact=True).select_option("link")
    page.get_by_role("button", name="Search").click()
    expect(hits).to_have_count(1)
    expect(hits).to_contain_text("pool.example")
    assert fits(window)
    page.get_by_label("Words").fill("~swiming has:link")
    page.keyboard.press("Enter")
    expect(hits.locator("mark")).to_have_text(["Swimming"])
    chips.get_by_role("link", name=re.compile("Like ‘swiming’")).click()
    expect(page.get_by_label("Words")).to_have_value("swiming has:link")
    page.get_by_role("link", name="Look for similar spellings").click()
    expect(page.get_by_label("Words")).to_have_value("~swiming has:link")
    expect(hits).to_have_count(1)
    page.get_by_label("Words").fill("swimming from:me")
    page.keyboard.press("Enter")
    hits.get_by_role("link", name="Open in the conversation").click()
    window.wait_until_live()
    expect(window.sees("Swimming times")).to_be_in_viewport()


@pytest.mark.shows("search-typed", on="both")
def test_results_come_while_one_types_and_the_way_back_leads_to_the_hit(
    open_window: Open, alice: User, bob: User
) -> None:
    year_5 = channel_of(alice, bob, name="Year 5")
    for text in ("Swimming is at nine", "Swimming is off", "Coach at ten"):
        say(alice, year_5, text)
    _types(open_window(bob))
    _types(open_window(bob, viewport=PHONE))


def _types(window: Window) -> None:
    page = window.page
    page.goto("/search/")
    words = page.get_by_label("Words")
    words.press_sequentially("swimming")
    hits = page.locator("[data-hit]")
    expect(hits).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="2 messages found.")).to_be_attached()
    expect(words).to_be_focused()
    expect(hits.first.locator("time")).to_have_text(re.compile(r"^\w{3}, \d+ \w+ \d{4}"))
    assert page.url.endswith("/search/?q=swimming")
    words.press_sequentially(' "at')
    expect(page.locator("#q-error")).to_be_visible()
    words.press_sequentially(' nine"')
    expect(hits).to_have_count(1)
    expect(page.locator("#q-error")).to_be_hidden()
    words.fill("swimming")
    expect(hits).to_have_count(2)
    assert window.violations() == []
    assert fits(window)
    _walks(window)


def _walks(window: Window) -> None:
    page = window.page
    hits = page.locator("[data-hit]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    expect(hits.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    window.wait_until_live()
    expect(window.sees("Swimming is at nine")).to_be_in_viewport()
    page.get_by_role("link", name="Back to the search").click()
    expect(page.get_by_label("Words")).to_have_value("swimming")
    expect(hits.nth(1)).to_be_focused()
    expect(hits.nth(1)).to_be_in_viewport()
