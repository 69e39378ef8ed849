"""Names of files that can be shown and saved anywhere. Pure."""

import unicodedata
from typing import Final

from messaging.files.kinds import KINDS, Kind
from messaging.files.prose import PAGES, PROGRAMS

MOST_CHARS: Final = 120
#: Most file systems take 255 bytes a name; some room for what a system puts before or behind it.
MOST_BYTES: Final = 200
_OTHER: Final = "jpeg jpe jfif heif hif mp4 oga opus weba zip doc xls ppt docm xlsm pptm text"
#: Endings that say what a file is, or pretend to: they go before the true one is put on.
_TELLING: Final = frozenset(KINDS) | PROGRAMS | PAGES | frozenset(_OTHER.split())
_NAMELESS: Final = "file"


def clean_name(name: str, kind: Kind) -> str:
    """`name` as people may see and save it, with the extension that is true to the bytes.

    No slashes, no marks that turn the writing round or cannot be seen, no dots at either end, at
    most 120 characters and 200 bytes.
    """
    stem = _trimmed(_visible(unicodedata.normalize("NFC", name)))
    while (parts := stem.rpartition("."))[1] and parts[2].lower() in _TELLING:
        stem = _trimmed(parts[0])
    ending = f".{kind.extension}"
    return _short(stem or _NAMELESS, len(ending)) + ending


def _visible(name: str) -> str:
    """Slashes become dashes, white space blanks; control, format and unassigned marks go."""
    dashed = ("-" if char in "/\\" else " " if char.isspace() else char for char in name)
    seen = "".join(char for char in dashed if unicodedata.category(char)[0] != "C")
    return " ".join(seen.split())


def _trimmed(stem: str) -> str:
    return stem.strip(" .-_")


def _short(stem: str, taken: int) -> str:
    if len(stem) + taken <= MOST_CHARS and len(stem.encode()) + taken <= MOST_BYTES:
        return stem
    cut = stem[: MOST_CHARS - taken - 1]
    while len(cut.encode()) + taken + len("…".encode()) > MOST_BYTES:
        cut = cut[:-1]
    return f"{_trimmed(cut)}…"
