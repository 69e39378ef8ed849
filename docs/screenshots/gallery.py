"""Where the pictures stand, and the page that shows which there are."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import ViewportSize

PICTURES: Final = Path(__file__).resolve().parent.parent / "images" / "pages"
SIZES: Final = {
    "desk": ViewportSize(width=1440, height=900),
    "phone": ViewportSize(width=390, height=844),
}
COLOURS: Final = 256
_MOSTLY: Final = 0.93


def keep(png: bytes, path: Path) -> None:
    """Small and sharp: the colours that fill the page stay exactly what they are, and the shades at
    the edges of letters become the nearest of them. A picture that is mostly photo is no drawing.
    """
    picture = Image.open(BytesIO(png)).convert("RGB")
    width, height = picture.size
    counted: list[Any] = picture.getcolors(width * height) or []
    counted.sort(reverse=True)
    if sum(many for many, _ in counted[:COLOURS]) < _MOSTLY * width * height:
        picture.save(path, "WEBP", quality=80, method=4)
        return
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted[:COLOURS] for part in colour])
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    few.convert("RGB").save(path, "WEBP", lossless=True, method=4)


def page() -> str:
    """The gallery, of the pictures that are there."""
    rows = []
    for name in sorted({path.name.partition(".")[0] for path in PICTURES.glob("*.webp")}):
        kinds = [f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")]
        there = [kind for kind in kinds if (PICTURES / f"{name}.{kind}.webp").exists()]
        cells = [f"[{kind}]({name}.{kind}.webp)" if kind in there else "–" for kind in kinds]
        rows.append(f"| {name.replace('-', ' ')} | {' | '.join(cells)} |")
    return "\n".join(
        [
            "# Every page\n",
            "Of the invented school, 1440 × 900 and 390 × 844, in light and dark colours.",
            "Written by `docs/take_screenshots.py`.\n",
            "| page | desk, light | desk, dark | phone, light | phone, dark |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
