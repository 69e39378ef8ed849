"""Where the pictures stand, and the page that shows which there are."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import ViewportSize

PICTURES: Final = Path(__file__).resolve().parent.parent / "images" / "pages"
SIZES: Final = {
    "desk": ViewportSize(width=1440, height=900),
    "phone": ViewportSize(width=390, height=844),
}
COLOURS: Final = 64


def keep(png: bytes, path: Path) -> None:
    """Few colours, no dithering: text stays sharp and the file small."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.convert("RGB").save(path, "WEBP", lossless=True, method=1)


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
