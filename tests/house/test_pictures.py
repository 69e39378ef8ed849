"""The pictures in the documentation: of every part of the chat and every door, four of each."""

import pytest
from screenshots.conversation import PARTS
from screenshots.gallery import PICTURES, SIZES

from accounts.doors import DOORS

FILES = sorted(PICTURES.glob("*.webp"))
NAMES = {path.name.partition(".")[0] for path in FILES}
KINDS = {f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")}
MOST_BYTES = 8_000_000


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
