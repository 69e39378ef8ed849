"""Welsh words in all their forms: gwers, wers, ngwers, gwersi, wersi. Pure but for the list.

There is no Welsh among Snowball's stems, and endings cut by rule would not do: a Welsh word changes
at its beginning, by the word before it, and many plurals are words of their own (plentyn, plant).
So a search for one form looks for the others too, by the list that README.md describes.

Forms that are English words as well are found for another form, but stand for none: who looks for
'man' does not mean 'fan'.
"""

import lzma
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "forms.txt.xz"
_KEPT: Final = 4_096


@lru_cache(maxsize=_KEPT)
def kin(form: str) -> frozenset[str]:
    """The other forms of a folded Welsh word; none for any other word."""
    if not (form.isascii() and form.isalpha()):
        return frozenset()
    lines, wanted, found, at = _lines(), f" {form} ".encode(), set[str](), 0
    while (at := lines.find(wanted, at)) >= 0:
        start, end = lines.rfind(b"\n", 0, at) + 1, lines.index(b"\n", at)
        if at < lines.index(b"|", start):
            found.update(lines[start:end].decode().replace("|", " ").split())
        at = end
    return frozenset(found - {form})


@cache
def _lines() -> bytes:
    """The list, 1.2 MB: a line a word, its Welsh forms, a bar, and those that are English too."""
    return lzma.decompress(_FILE.read_bytes())
