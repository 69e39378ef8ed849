"""The pictures in the documentation: of every page, every part of the chat and every door, each on
a desk and a phone, in light and dark."""

import pytest
from django.test import Client
from screenshots.conversation import PARTS
from screenshots.gallery import PICTURES, SIZES
from screenshots.photographer import shape_of_route

from accounts.doors import DOORS
from tests.cast import client_of
from tests.house.addresses import Address, addresses
from tests.house.world import World, make_world

FILES = sorted(PICTURES.glob("*.webp"))
NAMES = {path.name.partition(".")[0] for path in FILES}
KINDS = {f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")}
MOST_BYTES = 12_000_000
#: Pages of which there is no picture, each with the reason.
NOT_SHOWN: dict[str, str] = {
    "accounts-2fa-authenticate": "for who has enrolled an app; the demonstration enrols nobody",
    "accounts-2fa-totp-deactivate": "for who has enrolled an app",
    "accounts-2fa-recovery-codes": "for who has enrolled an app, and it would show the codes",
    "accounts-2fa-recovery-codes-generate": "for who has enrolled an app",
    "manage-health": "a demonstration is not backed up",
    "records-backups": "the same, for those who answer for the record",
    "records-certificates-one": "written by the nightly run",
    "records-channels-one-date": "of a channel whose rule counts from a date of its own",
    "records-copies": "a demonstration is not backed up",
    "records-copies-one-lost": "the same",
    "records-disposals-one-objections-one": "asked for by whoever owns a channel in a disposal",
    "records-replays": "after a restore alone",
}
_WHO = ("alice", "dana", "helen", "priya", "theo", "hari", "gwen")


@pytest.fixture
def world(db: None, movable_keyring: object) -> World:
    return make_world()


@pytest.mark.shows("screenshots")
def test_every_page_has_its_picture(world: World) -> None:
    clients = [Client(), *(client_of(world.people[name]) for name in _WHO)]
    pages = {shape_of_route(one.route) for one in addresses(world) if _is_page(one, clients)}
    assert sorted(pages - NAMES - NOT_SHOWN.keys()) == []
    assert sorted(NOT_SHOWN.keys() & NAMES) == [], "an exception of which there is a picture"


def _is_page(address: Address, clients: list[Client]) -> bool:
    """Whether somebody who opens it is answered with a page."""
    return any(_answers_page(client, address.path) for client in clients)


def _answers_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and html and b"<html" in answer.content


@pytest.mark.shows("screenshots")
def test_every_part_of_the_chat_and_every_door_is_shown() -> None:
    assert set(PARTS) - NAMES == set()
    behind = [door.prefix for door in DOORS]
    shown = [prefix for prefix in behind if any(_is_behind(name, prefix) for name in NAMES)]
    assert shown == behind


def _is_behind(name: str, prefix: str) -> bool:
    return f"/{name.replace('-', '/')}/".startswith(prefix)


def test_each_is_taken_on_a_desk_and_a_phone_in_light_and_dark() -> None:
    only_on_a_phone = {"chat-list"}  # on a desk it stands beside the conversation
    wanted = {f"{name}.{kind}.webp" for name in NAMES - only_on_a_phone for kind in KINDS}
    assert wanted - {path.name for path in FILES} == set()


def test_they_are_small_and_stand_in_the_gallery() -> None:
    assert sum(path.stat().st_size for path in FILES) <= MOST_BYTES
    gallery = (PICTURES / "README.md").read_text()
    assert [path.name for path in FILES if f"({path.name})" not in gallery] == []
