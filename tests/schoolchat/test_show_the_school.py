"""The school's name, colour and logo on its pages, and contrast that no colour can spoil."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.checks import run_checks
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from schoolchat.look import colours
from schoolchat.look.colours import LEGIBLE, Accents, NoColour, accents, contrast, grey
from schoolchat.look.logo import MOST_BYTES
from schoolchat.look.setting import look
from tests.cast import client_of

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc`\x00\x00\x00\x02\x00\x01\xe2!\xbc3\x00\x00\x00\x00IEND"
    b"\xaeB`\x82"
)
RAW = (Path(project.BASE_DIR) / "static/css/tokens/colours.css").read_text()
type Show = Callable[..., None]


@pytest.fixture
def show(settings: Settings) -> Show:
    """The school says something of its look."""

    def change(**said: object) -> None:
        settings.LOOK = replace(look(), **said)  # type: ignore[arg-type]

    return change


def _legible(found: Accents) -> bool:
    day, night = colours.LIGHT_GREYS, colours.DARK_GREYS
    dark_ground = grey(*colours.NIGHT)
    pairs = [
        *((found.light, ground) for ground in (colours.WHITE, found.light_wash)),
        *((found.light, grey(*ground)) for ground in day),
        (colours.WHITE, found.light_strong),
        *((found.dark, ground) for ground in (dark_ground, found.dark_wash)),
        *((found.dark, grey(*ground)) for ground in night),
        (dark_ground, found.dark_strong),
    ]
    return all(contrast(one, other) >= LEGIBLE for one, other in pairs)


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_legible_by_day_and_by_night(number: int) -> None:
    assert _legible(accents(f"#{number:06x}"))


@pytest.mark.parametrize("number", range(0, 0xFFF, 37))
def test_so_do_colours_from_all_over_the_wheel(number: int) -> None:
    assert _legible(accents(f"#{number:03x}"))


def test_a_colour_that_is_legible_stays_as_the_school_wrote_it() -> None:
    assert accents("#7a1f2b").light == "#7a1f2b"
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    found = re.findall(r"--grey-\d+: oklch\(([\d.]+)% ([\d.]+) (\d+)\)", RAW)
    raw = {(float(one) / 100, float(two), int(three)) for one, two, three in found}
    wanted = {*colours.LIGHT_GREYS, *colours.DARK_GREYS, colours.NIGHT}
    assert {(round(one, 4), two, three) for one, two, three in wanted} <= {
        (round(one, 4), two, three) for one, two, three in raw
    }


@pytest.mark.parametrize("word", ["red", "#12", "#12345", "0f6270", "#0f6270;}", ""])
def test_what_is_no_colour_is_refused(word: str) -> None:
    with pytest.raises(NoColour):
        accents(word)


def _ids() -> set[str | None]:
    return {found.id for found in run_checks() if (found.id or "").startswith("schoolchat.E01")}


def test_a_check_names_what_cannot_be_shown(show: Show, tmp_path: Path) -> None:
    assert _ids() == set()
    show(colour="crimson", logo=tmp_path / "none.png")
    assert _ids() == {"schoolchat.E010", "schoolchat.E011"}
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PIXEL + bytes(MOST_BYTES)):
        picture = tmp_path / "logo.png"
        picture.write_bytes(content)
        show(logo=picture)
        assert _ids() == {"schoolchat.E011"}


@pytest.mark.shows("school-look")
def test_a_stranger_sees_whose_door_it_is(db: None, show: Show, tmp_path: Path) -> None:
    picture = tmp_path / "logo"
    picture.write_bytes(PIXEL)
    show(name="Hazel Lane <Primary>", colour="#7a1f2b", logo=picture)
    page = Client().get("/accounts/login/").content.decode()
    assert "Sign in – SchoolChat – Hazel Lane &lt;Primary&gt;</title>" in page
    (styles,) = re.findall(r'href="(/look/colours.css\?v=\w+)"', page)
    (logo,) = re.findall(r'src="(/look/logo\?v=\w+)"', page)
    answer = Client().get(styles)
    assert "--accent: light-dark(#7a1f2b, #" in answer.content.decode()
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    answer = Client().get(logo)
    assert (answer.content, answer["Content-Type"]) == (PIXEL, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]


def test_the_chat_bears_the_name(alice: User, show: Show) -> None:
    show(name="Hazel Lane Primary")
    page = client_of(alice).get("/").content.decode()
    assert "<span>Hazel Lane Primary</span>" in page


def test_without_a_look_there_is_no_address_of_one(db: None, show: Show) -> None:
    show(colour="crimson")
    page = Client().get("/accounts/login/").content.decode()
    assert "/look/" not in page
    assert [Client().get(path).status_code for path in ("/look/colours.css", "/look/logo")] == [
        404,
        404,
    ]
