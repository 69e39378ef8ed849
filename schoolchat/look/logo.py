"""The school's logo: a PNG or WebP picture, known by its bytes. Pure.

An SVG is a document that may hold scripts, and is refused.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 256 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class LogoRefused(ValueError):
    """The docstring of a refusal is the sentence that is said."""


@dataclass(frozen=True, kw_only=True)
class Logo:
    """A picture and what it is served as."""

    data: bytes
    media_type: str


def read_logo(path: Path) -> Logo:
    """Raises LogoRefused with a sentence."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise LogoRefused(f"The logo cannot be read: {error.strerror}.") from error
    if len(data) > MOST_BYTES:
        raise LogoRefused(f"The logo has more than {MOST_BYTES // 1024} kB.")
    if data.startswith(_PNG):
        return Logo(data=data, media_type="image/png")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Logo(data=data, media_type="image/webp")
    raise LogoRefused("The logo is neither PNG nor WebP.")
