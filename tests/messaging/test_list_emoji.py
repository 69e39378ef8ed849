"""The one list of emoji, for the server and for the pages."""

import hashlib
import re
import runpy
import unicodedata

import orjson
import pytest
from django.conf import settings

from messaging.emoji import code_points, listed

FOLDER = settings.BASE_DIR / "static" / "vendor" / "emoji"
DATA = orjson.loads((FOLDER / "emoji.json").read_bytes())
SCRIPT = settings.BASE_DIR / "docs" / "vendor_emoji.py"


def test_each_emoji_has_a_name_a_group_and_shortcodes_that_can_be_typed() -> None:
    assert len(DATA["emoji"]) > 1_800
    for emoji, name, shortcodes, group, toned in DATA["emoji"]:
        assert emoji
        assert name
        assert 0 <= group < len(DATA["groups"])
        assert all(re.fullmatch(r"[a-z0-9_+\-]+", code) for code in shortcodes), shortcodes
        assert not toned or DATA["tones"][0] in toned
    assert len({row[0] for row in DATA["emoji"]}) == len(DATA["emoji"])


def test_no_shortcode_means_two_emoji_and_most_have_one() -> None:
    codes = [code for row in DATA["emoji"] for code in row[2]]
    assert len(set(codes)) == len(codes) > 1_800
    by_code = {code: row[0] for row in DATA["emoji"] for code in row[2]}
    assert (by_code["tada"], by_code["+1"], by_code["thumbsup"]) == ("🎉", "👍", "👍")


@pytest.mark.parametrize(
    "emoji", ["👍", "👍🏿", "❤️", "🧑🏽‍🏫", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇬🇧", "#️⃣", "🙏🏻", "🕵🏾‍♂️"]
)
def test_what_people_type_is_in_it(emoji: str) -> None:
    assert listed(emoji) == emoji
    assert all(unicodedata.category(character) != "Ll" for character in emoji)


def test_code_points_are_lower_case_hex() -> None:
    assert code_points("👍🏽") == "1f44d-1f3fd"
    assert all(len(code_points(row[0])) <= 64 for row in DATA["emoji"])


def test_no_emoji_is_longer_than_its_column() -> None:
    assert max(len(row[4] or row[0]) for row in DATA["emoji"]) <= 40


def test_the_file_is_of_the_version_that_the_script_names_and_small_enough_to_load() -> None:
    script = runpy.run_path(str(SCRIPT))
    assert DATA["package"] == f"{script['PACKAGE']} {script['VERSION']}"
    assert (FOLDER / "emoji.json").stat().st_size < 200_000
    assert "MIT License" in (FOLDER / "LICENSE").read_text()
    assert len(script["SHA256"]) == len(hashlib.sha256(b"").hexdigest())
