"""Two members of staff in two browsers: what one does, the other sees at once."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import expect

from accounts.models import User
from audit.models import Entry
from messaging.models import Channel, MessageVersion
from messaging.vault.bodies import Body
from messaging.vault.versions import open_versions
from tests.e2e.conftest import PASSWORD, Open
from tests.e2e.window import Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice)
    window.look_at(channel)
    return window


@pytest.fixture
def b(open_window: Open, channel: Channel, bob: User) -> Window:
    window = open_window(bob)
    window.look_at(channel)
    return window


def _bodies() -> list[Body]:
    return open_versions(
        list(
            MessageVersion.objects.filter(message__kind="text")
            .select_related("message", "key")
            .order_by("id")
        )
    )


def test_they_sign_in_write_and_see_each_others_answers(
    open_window: Open,
    channel: Channel,
    alice: User,
    bob: User,
    with_password: Callable[[User], User],
) -> None:
    a, b = open_window(), open_window()
    a.sign_in(with_password(alice), PASSWORD)
    b.sign_in(with_password(bob), PASSWORD)
    a.write("Is the hall free at **2**?")
    b.sees("Is the hall free at 2?")
    b.write("It is, until three.")
    answered = a.sees("It is, until three.")
    expect(answered.locator("[data-part=author]")).to_have_text("Bob Brennan")
    expect(b.message("Is the hall free").locator("strong")).to_have_text("2")
    _is_sealed_and_logged(alice, bob)


def _is_sealed_and_logged(alice: User, bob: User) -> None:
    said = ["Is the hall free at **2**?", "It is, until three."]
    assert [body.text for body in _bodies()] == said
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(sealed, '') FROM messaging_messageversion")
        (kept,) = cursor.fetchone()
    assert b"hall" not in bytes(kept)
    posted = Entry.objects.filter(action="message.posted").order_by("id")
    assert [entry.actor for entry in posted] == [alice.id, bob.id]
    assert all(entry.facts["message_commitment"] for entry in posted)
    assert "hall" not in str([entry.facts for entry in posted])


@pytest.mark.shows("edit")
def test_an_edit_is_seen_and_the_earlier_words_are_kept_sealed(a: Window, b: Window) -> None:
    a.write("Staff meeting at 3")
    b.sees("Staff meeting at 3")
    a.sees("Staff meeting at 3")
    a.choose("Staff meeting at 3", "Edit")
    expect(a.composer).to_have_value("Staff meeting at 3")
    a.write("Staff meeting at 4")
    changed = b.sees("Staff meeting at 4")
    expect(changed.locator("[data-part=note]")).to_have_text("Edited")
    expect(b.message("Staff meeting at 3")).to_have_count(0)
    assert [body.text for body in _bodies()] == ["Staff meeting at 3", "Staff meeting at 4"]


@pytest.mark.shows("delete")
def test_a_deleted_message_is_gone_from_both_and_stays_in_the_record(a: Window, b: Window) -> None:
    a.write("Sent to the wrong channel")
    b.sees("Sent to the wrong channel")
    a.sees("Sent to the wrong channel")
    a.choose("Sent to the wrong channel", "Delete")
    a.page.get_by_role("button", name="Delete message").click()
    shown = "[data-part=gone]:not([hidden])"
    expect(b.log.locator(shown)).to_have_text("This message was deleted by its author.")
    expect(a.log.locator(shown)).to_have_text("You deleted this message.")
    assert "wrong channel" not in b.log.inner_html()
    assert [body.text for body in _bodies()] == ["Sent to the wrong channel"]
    assert Entry.objects.filter(action="message.deleted").count() == 1


@pytest.mark.shows("reply")
def test_a_reply_quotes_what_it_answers_and_leads_to_it(a: Window, b: Window) -> None:
    a.write("Who has the projector?")
    b.sees("Who has the projector?")
    b.choose("Who has the projector?", "Reply")
    b.write("It is in room 4")
    quote = a.sees("It is in room 4").locator(".message__quote")
    expect(quote).to_contain_text("Who has the projector?")
    expect(quote).to_contain_text("Alice Adeyemi")
    quote.click()
    expect(a.message("Who has the projector?").filter(has_not=quote)).to_be_focused()


@pytest.mark.shows("offline")
def test_after_a_cut_both_ends_catch_up_with_each_message_once(a: Window, b: Window) -> None:
    a.write("Before the cut")
    b.sees("Before the cut")
    b.cut()
    expect(b.page.get_by_text("You are offline.")).to_be_visible()
    a.write("While Bob was away")
    b.write("Written without a network")
    a.sees("While Bob was away")
    expect(b.log.locator(".message--pending")).to_have_count(1)
    b.mend()
    b.sees("While Bob was away")
    b.sees("Written without a network")
    a.sees("Written without a network")
    expect(b.page.locator("chat-connection")).to_be_hidden()
    expect(b.log.locator(".message--pending")).to_have_count(0)
    assert [body.text for body in _bodies()] == [
        "Before the cut",
        "While Bob was away",
        "Written without a network",
    ]


@pytest.mark.shows("unread")
def test_unread_messages_are_counted_and_one_jumps_to_the_first(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Choir")
    b = open_window(bob)
    b.look_at(other)
    for number in range(1, 31):
        say(alice, channel, f"Line {number:02}\n\nwith a second paragraph")
    waiting = b.channel_link("Year 5")
    expect(waiting).to_have_accessible_name(
        re.compile(r"^Year 5\s*, Private channel\s*, 30 unread$")
    )
    waiting.click()
    line = b.log.locator('[data-key="new"]')
    expect(line).to_be_in_viewport()
    expect(b.sees("Line 01")).to_be_in_viewport()
    b.page.locator('[data-jump="latest"]').click()
    expect(b.message("Line 30")).to_be_in_viewport()
    expect(waiting).to_have_accessible_name(re.compile(r"^Year 5\s*, Private channel$"))


def test_a_deactivated_person_has_nothing_left_on_the_screen(
    a: Window, b: Window, bob: User, theo: User
) -> None:
    from accounts.services.people import deactivate_person

    a.write("A word that must go")
    b.sees("A word that must go")
    deactivate_person(by=theo, person_id=bob.id)
    expect(b.page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    assert "A word that must go" not in b.page.content()
