"""The process in which a picture is decoded: bytes in, a line of JSON and bytes out.

It imports nothing of ours but confinement.py, has an empty environment and no descriptor but its
three, and gives up by itself what it does not need before it reads the first byte: it can open no
file and no connection and start nothing. Started by pictures.py; its exit code is 0 also for a
refusal, and another one when the limits or the decoder ended it.
"""

import contextlib
import io
import json
import sys
import warnings
from typing import Any, Final

import blurhash
import pi_heif
from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    ImageSequence,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from messaging.files.confinement import step_back

MOST_PIXELS: Final = 40_000_000
#: Of all frames of a moving picture together; beyond it stands still.
MOST_MOVING_PIXELS: Final = 60_000_000
MOST_FRAMES: Final = 300
THUMBNAIL_PIXELS: Final = 640
BLUR_PIXELS: Final = 32
MEMORY_BYTES: Final = 1536 * 1024 * 1024
PROCESSOR_SECONDS: Final = 15
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_QUALITY: Final = 85
_SAVED: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "JPEG": ("JPEG", {"quality": _QUALITY}),
    "MPO": ("JPEG", {"quality": _QUALITY}),
    "HEIF": ("JPEG", {"quality": _QUALITY}),
    "PNG": ("PNG", {"compress_level": 6}),
    "WEBP": ("WEBP", {"quality": _QUALITY, "method": 2}),
    "GIF": ("GIF", {}),
}
_OPAQUE: Final = ("JPEG",)
#: Pillow imports them when it meets such a picture; by then nothing can be read any more.
_BEFOREHAND: Final = (
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,  # reads what cameras say of a picture
    WebPImagePlugin,
)


class Refused(Exception):
    """Its text is the word that goes into the answer."""


def main() -> None:
    """Read a picture, answer."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    Image.preinit()
    pi_heif.register_heif_opener(thumbnails=False, aux_images=False, depth_images=False)
    step_back(MEMORY_BYTES, PROCESSOR_SECONDS)
    try:
        told, parts = _developed(sys.stdin.buffer.read())
    except Refused as refused:
        told, parts = {"refused": str(refused)}, []
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        told, parts = {"refused": "too_large"}, []
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + b"".join(parts))


def _developed(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        # Only the head has been read so far.
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused("too_large")
        frames = _frames(opened)
        format_ = opened.format or ""
    written = _written(frames, format_)
    first = frames[0][0]
    small = _within(first, THUMBNAIL_PIXELS)
    told = {
        "type": Image.MIME[_SAVED[format_][0]],
        "width": first.width,
        "height": first.height,
        "bytes": len(written),
        "blur": _blur(small),
    }
    return told, [written, _thumbnail(small)]


def _frames(opened: Image.Image) -> list[tuple[Image.Image, int]]:
    """Each frame upright and in sRGB, with the milliseconds it is shown; only the first of what
    does not move or has too many.
    """
    if not _moves(opened):
        opened.load()
        return [(_plain(opened), 0)]
    return [
        (_plain(frame.copy()), int(frame.info.get("duration") or 100))
        for frame in ImageSequence.Iterator(opened)
    ]


def _moves(opened: Image.Image) -> bool:
    count = getattr(opened, "n_frames", 1)
    return (
        opened.format in {"GIF", "WEBP"}
        and 1 < count <= MOST_FRAMES
        and count * opened.width * opened.height <= MOST_MOVING_PIXELS
    )


def _plain(frame: Image.Image) -> Image.Image:
    """The colours alone, in a mode that every format writes. Copied only where they change."""
    profile = frame.info.get("icc_profile")
    transparent = frame.has_transparency_data
    ImageOps.exif_transpose(frame, in_place=True)
    plain = _in_srgb(frame, profile) if profile else frame
    mode = "RGBA" if transparent else "RGB"
    if plain.mode != mode:
        plain = plain.convert(mode)
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """A profile that cannot be read is left out, as a browser does."""
    if image.mode not in {"CMYK", "RGB", "RGBA", "L"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        target = ImageCms.createProfile("sRGB")
        done = ImageCms.profileToProfile(image, source, target, outputMode=mode)
        return done or image
    return image


def _written(frames: list[tuple[Image.Image, int]], format_: str) -> bytes:
    """As the format it came in; a moving one keeps its pace and goes round for ever."""
    saved, options = _SAVED[format_]
    images = [_opaque(image) if saved in _OPAQUE else image for image, _shown in frames]
    moving: dict[str, Any] = {}
    if len(images) > 1:
        shown = [milliseconds for _image, milliseconds in frames]
        moving = {"save_all": True, "append_images": images[1:], "duration": shown, "loop": 0}
        if saved == "GIF":
            moving["disposal"] = 2
    into = io.BytesIO()
    images[0].save(into, saved, **options, **moving)
    return into.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    """On white, as paper."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _thumbnail(small: Image.Image) -> bytes:
    into = io.BytesIO()
    small.save(into, "WEBP", quality=75, method=2)
    return into.getvalue()


def _blur(image: Image.Image) -> str:
    """A BlurHash, more parts along the longer side."""
    small = _opaque(_within(image, BLUR_PIXELS))
    across, down = (4, 3) if small.width >= small.height else (3, 4)
    rows = [[small.getpixel((x, y)) for x in range(small.width)] for y in range(small.height)]
    return str(blurhash.encode(rows, components_x=across, components_y=down))


def _within(image: Image.Image, pixels: int) -> Image.Image:
    """A copy whose longest side has at most so many."""
    part = min(1.0, pixels / max(image.size))
    size = (max(1, round(image.width * part)), max(1, round(image.height * part)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


if __name__ == "__main__":
    main()
