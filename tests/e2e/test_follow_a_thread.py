"""Replies: gathered beside the conversation, answered there, and the way back after a jump."""

import re

import pytest
from playwright.sync_api import Route, expect

from accounts.models import User
from messaging.models import Channel, Message
from tests.e2e.conftest import Open
from tests.e2e.files import attach, document, is_drawn, picture, ready
from tests.e2e.talking import answer, focus, hold, press, side
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.fixture
def question(channel: Channel, alice: User, bob: User) -> Message:
    """A question with two answers, the second to the first, and something else between them."""
    question = say(alice, channel, "Who takes the register?")
    first = say(bob, channel, "I can on Monday", reply_to=question.id)
    say(bob, channel, "Has anybody seen the projector?")
    say(alice, channel, "Then I do Tuesday", reply_to=first.id)
    return question


def _window(open_window: Open, person: User, channel: Channel) -> Window:
    window = open_window(person)
    window.look_at(channel)
    return window


@pytest.mark.shows("thread", on="desk", people=2)
def test_all_answers_stand_beside_and_are_kept_up_to_date(
    open_window: Open, channel: Channel, question: Message, alice: User, bob: User
) -> None:
    a, b = _window(open_window, alice, channel), _window(open_window, bob, channel)
    a.sees("Who takes the register?").get_by_role("button", name="2 replies").click()
    thread = side(a).get_by_role("log", name="Replies")
    expect(thread.locator(".message")).to_have_count(3)
    expect(thread).not_to_contain_text("projector")
    field = side(a).get_by_label("Reply to this message")
    expect(field).to_be_focused()
    field.fill("And who does Wednesday?")
    field.press("Enter")
    expect(thread.locator(".message:not(.message--pending)")).to_have_count(4)
    there = b.sees("And who does Wednesday?")
    expect(there.locator(".message__quote")).to_contain_text("Who takes the register?")
    answer(b, "And who does Wednesday?", "Me again")
    expect(thread).to_contain_text("Me again")
    expect(a.sees("Who takes the register?")).to_contain_text("4 replies")
    assert Message.objects.get(seq=_newest(channel) - 1).reply_to == question.id


def _newest(channel: Channel) -> int:
    channel.refresh_from_db()
    return channel.head


def test_a_thread_is_found_by_the_menu_of_any_answer_and_shows_what_the_page_never_loaded(
    open_window: Open, channel: Channel, question: Message, alice: User, bob: User
) -> None:
    for number in range(200):  # more than a page loads by itself
        say(alice, channel, f"Line {number:03}")
    say(bob, channel, "Settled, then", reply_to=question.id)
    a = _window(open_window, alice, channel)
    a.sees("Settled, then")
    assert a.message("I can on Monday").count() == 0
    a.choose("Settled, then", "Show replies")
    thread = side(a).get_by_role("log", name="Replies")
    expect(thread.locator(".message")).to_have_count(4)
    expect(thread).to_contain_text("I can on Monday")


def test_the_keyboard_alone_opens_reads_answers_and_closes(
    open_window: Open, channel: Channel, question: Message, alice: User
) -> None:
    a = _window(open_window, alice, channel)
    row = focus(a, "Who takes the register?")
    press(a, "t")
    field = side(a).get_by_label("Reply to this message")
    expect(field).to_be_focused()
    a.page.keyboard.type("By the keys")
    press(a, "Enter")
    expect(side(a).locator(".message", has_text="By the keys")).to_be_visible()
    press(a, "Shift+Tab", "Shift+Tab")  # over the paper clip
    newest = side(a).locator(".message").last
    expect(newest).to_be_focused()
    press(a, "ArrowUp")
    expect(newest).not_to_be_focused()
    press(a, "Escape")
    expect(field).to_be_focused()
    a.page.keyboard.type("Half a sent")
    press(a, "Escape")
    expect(side(a)).to_be_hidden()
    expect(row).to_be_focused()
    press(a, "t")
    expect(field).to_have_value("Half a sent")
    a.page.keyboard.type("ence")
    press(a, "Enter")
    expect(side(a).locator(".message", has_text="Half a sentence")).to_be_visible()
    press(a, "Escape", "t")
    expect(field).to_have_value("")


@pytest.mark.shows("thread", on="phone")
def test_on_a_phone_a_thread_is_a_screen_and_back_leads_out_of_it(
    open_window: Open, channel: Channel, question: Message, alice: User
) -> None:
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    for leave in ("close", "back"):
        hold(phone, "Who takes the register?")
        phone.page.get_by_role("menuitem", name="Show replies").tap()
        expect(side(phone).locator(".message")).to_have_count(3)
        box = side(phone).bounding_box()
        assert box is not None
        assert box["width"] == PHONE["width"]
        field = side(phone).get_by_label("Reply to this message")
        expect(field).to_have_value("" if leave == "close" else "On my way")
        field.fill("On my way")
        if leave == "close":
            side(phone).get_by_role("button", name="Close").tap()
        else:
            phone.page.go_back()
        expect(side(phone)).to_be_hidden()
        expect(phone.sees("Who takes the register?")).to_be_visible()
    phone.page.go_back()
    expect(phone.channel_link("Year 5")).to_be_visible()


@pytest.mark.shows("thread", "attach", on="desk", people=2)
def test_an_answer_brings_files_also_when_the_replies_are_closed_meanwhile(
    open_window: Open, channel: Channel, question: Message, alice: User, bob: User
) -> None:
    a, b = _window(open_window, alice, channel), _window(open_window, bob, channel)
    held: list[Route] = []

    def hold_pieces(route: Route) -> None:
        if route.request.method == "PATCH":
            held.append(route)
        else:
            route.continue_()

    replies = a.sees("Who takes the register?").get_by_role("button", name="2 replies")
    replies.click()
    attach(a, picture("rota.png"), where="chat-thread")
    ready(a, "rota.png")
    assert a.violations() == []
    side(a).get_by_label("Reply to this message").press("Enter")
    row = side(a).locator(".message:not(.message--pending)", has=a.page.get_by_alt_text("rota.png"))
    is_drawn(row.locator("img"))
    a.page.route(re.compile(r"/messages/uploads/"), hold_pieces)
    attach(a, document(), where="chat-thread")
    side(a).get_by_label("Reply to this message").fill("Monday is mine")
    side(a).get_by_label("Reply to this message").press("Enter")
    expect(side(a).locator(".tray__strip")).to_contain_text("Sending when the file is ready")
    side(a).get_by_role("button", name="Close").click()
    expect(a.page.locator("chat-composer .tile")).to_have_count(0)
    a.sees("Who takes the register?").get_by_role("button", name="3 replies").click()
    expect(side(a).locator(".tray__strip")).to_contain_text("Sending when the file is ready")
    side(a).get_by_role("button", name="Close").click()
    for route in held:
        route.continue_()
    there = b.sees("Monday is mine")
    expect(there.locator(".download")).to_contain_text("Duty rota.pdf")
    expect(there.locator(".message__quote")).to_contain_text("Who takes the register?")
    a.sees("Who takes the register?").get_by_role("button", name="4 replies").click()
    expect(side(a).locator(".tile")).to_have_count(0)


def test_after_a_jump_one_comes_back_to_where_one_was(
    open_window: Open, channel: Channel, question: Message, alice: User, bob: User
) -> None:
    for number in range(120):
        say(bob, channel, f"Line {number:03}")
    say(bob, channel, "About the register: done", reply_to=question.id)
    a = _window(open_window, alice, channel)
    a.sees("About the register: done").locator(".message__quote").click()
    expect(a.sees("Who takes the register?")).to_be_focused()
    back = a.page.get_by_role("button", name="Back to where you were")
    back.click()
    expect(a.sees("About the register: done")).to_be_focused()
    expect(a.message("About the register: done")).to_be_in_viewport()
    expect(back).to_be_hidden()
    press(a, "q")
    expect(a.sees("Who takes the register?")).to_be_focused()
    press(a, "b")
    expect(a.sees("About the register: done")).to_be_focused()


def test_answers_can_be_edited_from_the_thread(
    open_window: Open, channel: Channel, question: Message, alice: User
) -> None:
    a = _window(open_window, alice, channel)
    a.sees("Who takes the register?").get_by_role("button", name="2 replies").click()
    row = side(a).locator(".message", has_text="Then I do Tuesday")
    row.focus()
    press(a, "e")
    expect(a.composer).to_have_value("Then I do Tuesday")
    a.write("Then I do Thursday")
    expect(side(a)).to_contain_text("Then I do Thursday")
