"""Every kind of page in light and dark: axe-core finds nothing, nothing comes from elsewhere, and
the content security policy is kept (the windows of the tests see to the last two)."""

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from tests.cast import client_of
from tests.e2e.conftest import Open
from tests.e2e.window import DESK, PHONE, Window
from tests.house.addresses import Address, addresses
from tests.house.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)

#: Who may see the pages under each address, and which of the forms is what people meet first.
SEEN_BY = {
    "/safeguarding/": "dana",
    "/records/": "priya",
    "/audit/": "gwen",
    "/manage/": "theo",
    "/accounts/": "alice",
    "/channels/": "alice",
    "/messages/": "alice",
    "/search/": "bob",
}


@pytest.fixture
def world(transactional_db: None, movable_keyring: object) -> World:
    return make_world()


def _faults(window: Window) -> list[str]:
    """In the dark a page is the same but for its colours."""
    faults = window.violations()
    with window.in_the_dark():
        faults += window.violations(["color-contrast"])
    return [f"{window.page.url}: {fault}" for fault in faults]


def _pages(world: World, prefix: str, client: Client) -> list[Address]:
    """Those that can be looked at: what only takes a form answers GET with 405, files are saved by
    a browser and not shown, and a part of a page is looked at within it."""
    here = [one for one in addresses(world) if one.path.startswith(prefix)]
    return [one for one in here if _is_page(client.get(one.path))]


def _is_page(answer: HttpResponseBase) -> bool:
    is_html = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    return is_html and isinstance(answer, HttpResponse) and b"</html>" in answer.content


@pytest.mark.shows("axe", on="desk", people=6)
def test_pages_have_no_barrier(open_window: Open, world: World) -> None:
    faults = []
    for prefix, name in SEEN_BY.items():
        person = world.people[name]
        client, window = client_of(person), open_window(person)
        found = _pages(world, prefix, client)
        assert found, prefix
        for address in found:
            window.page.goto(f"{address.path}?q=lat*")
            faults += _faults(window)
    assert faults == []


@pytest.mark.shows("axe", on="both")
def test_the_chat_has_no_barrier(open_window: Open, world: World) -> None:
    faults = []
    for viewport in (DESK, PHONE):
        window = open_window(world.alice, viewport=viewport)
        window.page.goto("/")
        window.wait_until_live()
        faults += _faults(window)
        window.channel_link(world.channel.name).click()
        window.sees("escaped during assembly")
        faults += _faults(window)
        window.page.locator("[data-readers]").click()
        window.page.get_by_role("heading", name="Who can read this").wait_for()
        faults += _faults(window)
    assert faults == []


def test_a_stranger_meets_no_barrier(open_window: Open, world: World) -> None:
    window = open_window()
    window.page.goto("/")
    assert "/accounts/login/" in window.page.url
    faults = _faults(window)
    window.page.goto(f"/accounts/invitation/{world.invited.secret}/")
    assert faults + _faults(window) == []
