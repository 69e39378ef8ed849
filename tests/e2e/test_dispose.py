"""Workflow 4D, clicked through by the people it names; and a hold that nobody notices by it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import create_channel
from retention.models import Certificate, Disposal, Hold, Policy
from retention.workers.destroying import carry_out_approved
from retention.workers.proposing import propose_tonight
from tests.e2e.conftest import Open
from tests.e2e.held_scene import Scene, held_in, scene
from tests.e2e.sight import Sight, unlike
from tests.e2e.window import PHONE, Window
from tests.retention.conftest import PAST
from tests.retention.scenes import REASON, let_days_pass, past_channel
from tests.scenes import channel_of, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

WHY = "It has been looked at, and this is the reason."


@contextmanager
def _at(then: datetime) -> Iterator[None]:
    with patch("messaging.ingest.store.now", lambda: then):
        yield


def _of_class(owner: User, name: str, record_class: str) -> None:
    """A channel of the past whose kind of record somebody has to clear."""
    Policy.objects.create(
        record_class=record_class, version=90, name=name, months=12, action="dispose"
    )
    channel = create_channel(by=owner, kind="private", name=name, record_class=record_class)
    with _at(PAST):
        say(owner, channel, "Of long ago")


def _disposal(page: Page, record_class: str) -> Disposal:
    disposal = Disposal.objects.get(record_class=record_class)
    page.goto("/records/")
    page.get_by_role("link", name=f"Disposal {disposal.number}", exact=True).click()
    return disposal


def _same(sights: list[Sight], kept: Scene, free: Scene) -> None:
    """Nobody who sees both channels can tell which of them is held by anything that they see."""
    for sight in sights:
        held, other = sight.from_outside(kept.channel, free.channel)
        assert held == other
        if "rail__item unread" in held:
            for one in (kept, free):
                sight.reads(one.channel)
        assert unlike(sight.everything(kept), sight.everything(free)) == {}
        sight.waits()


def _same_frames(sight: Sight, kept: Scene, free: Scene) -> None:
    """What a window that stood open was told meanwhile."""
    assert sight.hears_of(kept.channel) == sight.hears_of(free.channel)


def _places_a_hold(window: Window, person: User, channel: Channel) -> None:
    page = window.page
    page.goto("/records/holds/")
    page.get_by_role("link", name="Place a hold").first.click()
    page.get_by_label("Kind of hold").select_option("safeguarding")
    page.get_by_label(person.display_name).check()
    page.get_by_label(channel.name).check()
    page.get_by_label("Reason").fill(REASON)
    assert window.violations() == []
    page.get_by_role("button", name="Place the hold").click()
    expect(page.get_by_text("The hold is in force.")).to_be_visible()
    expect(page.get_by_role("button", name="Release the hold")).to_have_count(0)
    assert window.violations() == []


def _releases_the_hold(window: Window) -> None:
    page = window.page
    page.goto("/records/holds/")
    page.get_by_role("link", name=f"Hold {Hold.objects.get().number}", exact=True).click()
    page.get_by_label("Reason").fill(WHY)
    assert window.violations() == []
    page.get_by_role("button", name="Release the hold").click()
    expect(page.get_by_text("The hold is released.")).to_be_visible()


def _objects(window: Window, channel: Channel) -> None:
    page = window.page
    page.goto(f"/channels/{channel.pk}/members/")
    page.get_by_role("link", name="See what is due soon").click()
    page.get_by_label("Why should it be kept?").fill("The play is given again next summer.")
    page.get_by_role("button", name="Object to this part").click()
    expect(page.get_by_text("Alice Adeyemi has objected")).to_be_visible()
    assert window.violations() == []


def _decides_and_puts_forward(window: Window) -> Disposal:
    page, disposal = window.page, _disposal(window.page, "routine")
    expect(page.get_by_text("Somebody has to decide about an objection.")).to_be_visible()
    assert window.violations() == []
    page.get_by_role("link", name=re.compile("Decide")).click()
    page.get_by_label("Take it out: it is kept for now").check()
    page.get_by_label("Reason").fill(WHY)
    assert window.violations() == []
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("An owner has objected", exact=True)).to_be_visible()
    page.get_by_role("button", name="Put it forward in my name").click()
    expect(page.get_by_text("Put forward by Hari Hussain")).to_be_visible()
    return disposal


def _clears(window: Window, record_class: str, said: str) -> None:
    _disposal(window.page, record_class)
    window.page.get_by_role("button", name="Nothing of it is needed").click()
    expect(window.page.get_by_text(said)).to_be_visible()


def _stops(window: Window, record_class: str) -> None:
    _disposal(window.page, record_class)
    window.page.get_by_label("Reason").fill(REASON)
    window.page.get_by_role("button", name="Stop the disposal").click()
    expect(window.page.get_by_text("Stopped by Priya Patel")).to_be_visible()


def _approves(window: Window, disposal: Disposal) -> None:
    page = window.page
    _disposal(page, disposal.record_class)
    expect(page.get_by_role("button", name="Approve the disposal")).to_have_count(0)
    let_days_pass(disposal, 25)
    page.reload()
    page.get_by_label("Type the number").fill(str(disposal.number))
    assert window.violations() == []
    page.get_by_role("button", name="Approve the disposal").click()
    expect(page.get_by_text("It may be stopped until")).to_be_visible()
    assert window.violations() == []


def _carried_out(disposal: Disposal, as_role: Any) -> Certificate:
    let_days_pass(disposal, 14)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    return certificate


def test_a_disposal_is_taken_through_its_steps_by_those_whom_they_name(
    open_window: Open, as_role: Any, alice: User, bob: User, dana: User, hari: User,
    priya: User, helen: User,
) -> None:  # fmt: skip
    kept, free = (scene(_at, bob, alice, name=name) for name in ("Beech club", "Birch club"))
    play = past_channel(_at, alice, name="School play")
    _of_class(alice, "Candidates", "recruitment")
    _of_class(alice, "Playground", "accidents")
    safeguarding, second = open_window(dana), open_window(helen)
    common = channel_of(bob, alice, name="Staff room")
    sights = [Sight(open_window(person), elsewhere=common) for person in (bob, alice)]
    _places_a_hold(safeguarding, bob, kept.channel)
    with as_role("worker"):
        propose_tonight()
    for sight in sights:
        sight.waits()
    _same(sights[:1], kept, free)

    _objects(open_window(alice, viewport=PHONE), play)
    proposer = open_window(hari)
    disposal = _decides_and_puts_forward(proposer)
    _clears(proposer, "recruitment", "Personnel cleared by Hari Hussain")
    _clears(safeguarding, "accidents", "Safeguarding cleared by Dana Doyle")
    _stops(open_window(priya), "recruitment")
    _approves(second, disposal)
    certificate = _carried_out(disposal, as_role)
    for sight in sights:  # what they still had open was told of it
        _same_frames(sight, kept, free)
    second.page.reload()
    second.page.get_by_role("link", name=f"Certificate {certificate.number}").click()
    expect(second.page.get_by_role("heading", level=1)).to_be_visible()
    assert held_in(kept), "the hold kept something"
    assert not held_in(free)
    _same(sights, kept, free)
    expect(sights[0].window.message("The kiln is broken again")).to_have_count(0)

    _releases_the_hold(second)
    _same(sights[:1], kept, free)
    for address in ("/records/calendar/", "/records/steps/", "/records/disposals/", "/records/"):
        second.page.goto(address)
        assert second.violations() == []
