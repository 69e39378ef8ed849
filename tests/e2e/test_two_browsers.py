"""Two members of staff, at a desk and with a phone: what one does, the other sees at once."""

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
from tests.e2e.window import DESK, PHONE, Window
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
    window = open_window(bob, viewport=PHONE)
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


@pytest.mark.shows("markdown", on="both", people=2)
def test_they_sign_in_write_and_see_each_others_answers(
    open_window: Open,
    channel: Channel,
    alice: User,
    bob: User,
    with_password: Callable[[User], User],
) -> None:
    a, b = open_window(), open_window(viewport=PHONE)
    a.sign_in(with_password(alice), PASSWORD)
    b.sign_in(with_password(bob), PASSWORD)
    b.channel_link("Year 5").tap()
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


@pytest.mark.shows("edit", on="both", people=2)
def test_an_edit_is_seen_and_the_earlier_words_are_kept_sealed(a: Window, b: Window) -> None:
    for window, other, day in ((a, b, "Monday"), (b, a, "Tuesday")):
        window.write(f"{day} at 3")
        other.sees(f"{day} at 3")
        window.sees(f"{day} at 3")
        window.choose(f"{day} at 3", "Edit")
        expect(window.composer).to_have_value(f"{day} at 3")
        window.write(f"{day} at 4")
        changed = other.sees(f"{day} at 4")
        expect(changed.locator("[data-part=note]")).to_have_text("Edited")
        expect(other.message(f"{day} at 3")).to_have_count(0)
    kept = ["Monday at 3", "Monday at 4", "Tuesday at 3", "Tuesday at 4"]
    assert [body.text for body in _bodies()] == kept


@pytest.mark.shows("delete", on="both", people=2)
def test_a_deleted_message_is_gone_from_both_and_stays_in_the_record(a: Window, b: Window) -> None:
    shown = "[data-part=gone]:not([hidden])"
    for window, other, said in ((a, b, "The wrong channel"), (b, a, "The wrong word")):
        window.write(said)
        other.sees(said)
        window.sees(said)
        window.choose(said, "Delete")
        window.page.get_by_role("button", name="Delete message").click()
        expect(other.log.locator(shown).last).to_have_text(
            "This message was deleted by its author."
        )
        expect(window.log.locator(shown).last).to_have_text("You deleted this message.")
        assert said not in other.log.inner_html()
    assert [body.text for body in _bodies()] == ["The wrong channel", "The wrong word"]
    assert Entry.objects.filter(action="message.deleted").count() == 2


@pytest.mark.shows("reply", on="both", people=2)
def test_a_reply_quotes_what_it_answers_and_leads_to_it(a: Window, b: Window) -> None:
    for window, other, name in ((a, b, "Alice Adeyemi"), (b, a, "Bob Brennan")):
        window.write(f"Who has the key? {name}")
        other.sees(f"Who has the key? {name}")
        other.choose(f"Who has the key? {name}", "Reply")
        other.write(f"It is here, {name}")
        quote = window.sees(f"It is here, {name}").locator(".message__quote")
        expect(quote).to_contain_text("Who has the key?")
        expect(quote).to_contain_text(name)
        quote.click()
        expect(window.message("Who has the key?").filter(has_text=name).first).to_be_focused()


@pytest.mark.shows("offline", "outbox", on="both", people=2)
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


@pytest.mark.shows("unread", on="both")
def test_unread_messages_are_counted_and_one_jumps_to_the_first(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Choir")
    for screen in (DESK, PHONE):
        b = open_window(bob, viewport=screen)
        b.look_at(other)
        _to_the_list(b)
        for number in range(1, 31):
            say(alice, channel, f"{screen['width']} {number:02}\n\nwith a second paragraph")
        waiting = b.channel_link("Year 5")
        expect(waiting).to_have_accessible_name(
            re.compile(r"^Year 5\s*, Private channel\s*, 30 unread$")
        )
        waiting.click()
        expect(b.log.locator('[data-key="new"]')).to_be_in_viewport()
        expect(b.sees(f"{screen['width']} 01")).to_be_in_viewport()
        b.page.locator('[data-jump="latest"]').click()
        expect(b.message(f"{screen['width']} 30")).to_be_in_viewport()
        _to_the_list(b)
        expect(waiting).to_have_accessible_name(re.compile(r"^Year 5\s*, Private channel$"))
        b.channel_link("Choir").click()


def _to_the_list(window: Window) -> None:
    """On a desk it is always there."""
    if window.on_a_phone:
        window.page.get_by_role("button", name="Back to the channels").tap()


def test_a_deactivated_person_has_nothing_left_on_the_screen(
    a: Window, b: Window, bob: User, theo: User
) -> None:
    from accounts.services.people import deactivate_person

    a.write("A word that must go")
    b.sees("A word that must go")
    deactivate_person(by=theo, person_id=bob.id)
    expect(b.page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    assert "A word that must go" not in b.page.content()
