"""A picture comes out with its colours and without its past, and a crafted one harms nobody."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from messaging.files import apart, developing
from messaging.files.pictures import made_anew
from messaging.files.refusals import PictureRefused, PictureTooLarge
from tests.messaging.files import samples

DATA = Path(__file__).parents[2] / "data" / "files"
_GPS = 0x8825


def with_a_past() -> bytes:
    """As a phone writes it: lying on its side, with place, owner, comment and a small copy."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    exif[0x0110] = "Phone of Alice"
    exif.get_ifd(_GPS).update({1: "N", 2: (51.0, 30.0, 26.0)})
    image = Image.new("RGB", (40, 20), "white")
    image.paste("red", (0, 0, 20, 20))
    into = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Phone of Alice</x:xmpmeta>"
    comment = b"<script>alert('Phone of Alice')</script>"
    image.save(into, "JPEG", exif=exif, xmp=xmp, comment=comment, quality=95)
    return into.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_photo_loses_place_owner_and_comment_and_stands_upright() -> None:
    sent = with_a_past()
    assert b"Phone of Alice" in sent
    assert opened(sent).getexif().get_ifd(_GPS)
    picture = made_anew(sent)
    assert (picture.type, picture.width, picture.height) == ("image/jpeg", 20, 40)
    for made in (picture.data, picture.thumbnail):
        image = opened(made)
        assert image.size == (20, 40)
        assert not image.getexif()
        assert not image.info.keys() & {"exif", "xmp", "comment", "icc_profile", "photoshop"}
        assert not any(mark in made for mark in (b"Phone", b"script", b"Exif", b"xmpmeta"))
    above, below = opened(picture.data).getpixel((10, 5)), opened(picture.data).getpixel((10, 35))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[1] < 60  # red
    assert below[1] > 200  # white


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_kinds_stay_what_they_are(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Phone of Alice"
    sent = samples.picture(kind) if kind == "GIF" else samples.picture(kind, exif=exif)
    picture = made_anew(sent)
    assert picture.type == f"image/{kind.lower()}"
    assert b"Phone" not in picture.data
    assert opened(picture.data).size == (40, 30)


def test_an_iphones_picture_becomes_a_jpeg() -> None:
    sent = (DATA / "phone.heic").read_bytes()
    assert b"Phone of Alice" in sent
    picture = made_anew(sent)
    assert (picture.type, picture.width, picture.height) == ("image/jpeg", 64, 48)
    assert opened(picture.data).format == "JPEG"
    assert b"Phone" not in picture.data


def test_what_is_see_through_stays_so() -> None:
    into = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(into, "PNG")
    made = opened(made_anew(into.getvalue()).data)
    assert made.mode == "RGBA"
    assert made.getchannel("A").getextrema() == (0, 0)


def test_colours_of_another_space_are_turned_into_ours_and_the_profile_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    into = io.BytesIO()
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(into, "JPEG", icc_profile=profile)
    made = opened(made_anew(into.getvalue()).data)
    assert made.mode == "RGB"
    assert "icc_profile" not in made.info


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_moving_picture_moves_on(kind: str) -> None:
    made = opened(made_anew(moving(kind, 3)).data)
    assert getattr(made, "n_frames", 1) == 3
    made.seek(1)
    made.load()
    assert made.info["duration"] == 120


def test_one_with_too_many_frames_stands_still() -> None:
    made = opened(made_anew(moving("GIF", developing.MOST_FRAMES + 1)).data)
    assert getattr(made, "n_frames", 1) == 1


def moving(kind: str, frames: int) -> bytes:
    images = [Image.new("L", (9, 9), at * 97 % 251) for at in range(frames)]
    into = io.BytesIO()
    images[0].save(into, kind, save_all=True, append_images=images[1:], duration=120, loop=0)
    return into.getvalue()


def test_the_thumbnail_is_small_and_a_few_characters_stand_for_it_until_then() -> None:
    picture = made_anew(samples.picture(size=(2000, 1000)))
    assert opened(picture.thumbnail).size == (640, 320)
    assert opened(picture.thumbnail).format == "WEBP"
    assert 6 < len(picture.blur) < 40
    assert made_anew(samples.picture(size=(30, 4000))).height == 4000


@pytest.mark.parametrize(
    "hung_on", [samples.archive({"a.class": b"x"}), b"<html><script>1</script>"]
)
@pytest.mark.shows("polyglot")
def test_what_hangs_behind_a_picture_is_left_there(hung_on: bytes) -> None:
    for kind in ("JPEG", "PNG", "GIF"):
        made = made_anew(samples.picture(kind) + hung_on).data
        assert hung_on not in made
        assert not zipfile.is_zipfile(io.BytesIO(made))
        assert opened(made).size == (40, 30)


def png_that_says(width: int, height: int) -> bytes:
    """A few hundred bytes that would unpack to as many pixels as they say."""

    def chunk(name: bytes, said: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(name + said))
        return struct.pack(">I", len(said)) + name + said + end

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.shows("bomb")
def test_a_bomb_of_more_than_forty_megapixels_is_refused_by_its_head() -> None:
    bomb = png_that_says(8001, 5000)
    assert len(bomb) < 200
    with pytest.raises(PictureTooLarge, match="40 megapixels"):
        made_anew(bomb)
    with pytest.raises(PictureTooLarge):
        made_anew(png_that_says(100_000, 100_000))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"\xff\xd8\xff\xe0 and nothing more",
        samples.picture("PNG")[:60],
        png_that_says(8000, 5000),
        png_that_says(0, 0),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
)
def test_what_cannot_be_decoded_is_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused):
        made_anew(data)


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_PATIENCE_SECONDS", 0.001)
    with pytest.raises(PictureRefused):
        made_anew(samples.picture())
