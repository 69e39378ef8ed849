"""A photo to send, painted: of a real school's pond there would be real children beside it."""

import random
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

_SIZE: Final = (1600, 1100)
_SKY, _PALE = (126, 174, 214), (232, 240, 240)
_REEDS: Final = 260
_LETTER_BYTES: Final = 84_000


def pond() -> bytes:
    """A pond under hills on a bright morning, as a JPEG."""
    paint = random.Random(7)  # noqa: S311 (the same picture every time)
    photo = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(photo)
    width, height = _SIZE
    for y in range(height):
        part = min(1.0, y / 520)
        draw.line(
            [(0, y), (width, y)],
            fill=tuple(round(a + (b - a) * part) for a, b in zip(_SKY, _PALE, strict=True)),
        )
    for x, y, reach in ((260, 150, 190), (420, 190, 150), (1150, 120, 230), (1320, 170, 160)):
        draw.ellipse((x - reach, y - 34, x + reach, y + 34), fill=(248, 250, 250))
    for top, colour in ((400, (126, 156, 128)), (470, (96, 136, 92)), (540, (118, 152, 78))):
        bumps = [(x, top + paint.randint(-34, 34)) for x in range(0, width + 200, 200)]
        draw.polygon([(0, height), *bumps, (width, height)], fill=colour)
    draw.ellipse((220, 610, 1460, 1000), fill=(86, 128, 140))
    draw.ellipse((300, 640, 1380, 960), fill=(112, 160, 176))
    draw.ellipse((520, 660, 1180, 780), fill=(176, 208, 220))
    photo = photo.filter(ImageFilter.GaussianBlur(9))
    draw = ImageDraw.Draw(photo)
    for _ in range(_REEDS):
        x, y = paint.choice((paint.randint(120, 420), paint.randint(1180, 1540))), 1010
        y += paint.randint(-60, 80)
        green = (paint.randint(50, 96), paint.randint(96, 140), paint.randint(40, 70))
        draw.line(
            [(x, y), (x + paint.randint(-24, 24), y - paint.randint(120, 330))],
            fill=green,
            width=paint.randint(3, 8),
        )
    for x, y in ((640, 850), (760, 900), (980, 840), (900, 905)):
        draw.ellipse((x, y, x + 90, y + 34), fill=(84, 132, 70))
        draw.ellipse((x + 30, y - 12, x + 58, y + 12), fill=(240, 214, 226))
    out = BytesIO()
    photo.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=88)
    return out.getvalue()


def letter() -> bytes:
    """The smallest PDF that there is, and as much again as a letter has."""
    filling = b"%" + b"." * _LETTER_BYTES + b"\n"
    return (
        b"%PDF-1.4\n" + filling + b"1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
