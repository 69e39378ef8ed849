"""Which emoji there are: those of the vendored list, which the pages' picker shows as well.

Pure but for the file (static/vendor/emoji/README.md says what stands in it).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import orjson
from django.conf import settings

_FILE: Final = settings.BASE_DIR / "static" / "vendor" / "emoji" / "emoji.json"
#: 'As a picture': some keyboards leave it out.
_VARIATION: Final = "\ufe0f"


def listed(text: str) -> str | None:
    """The emoji that a text is, as the list has it, with one of the skin tones where it takes
    them; None for anything else."""
    return _known().get(text.replace(_VARIATION, ""))


def code_points(emoji: str) -> str:
    """Its code points as the log names it: `1f44d-1f3fd`."""
    return "-".join(f"{ord(character):x}" for character in emoji)


@cache
def _known() -> Mapping[str, str]:
    """Every emoji by what it is without variation selectors."""
    return {
        emoji.replace(_VARIATION, ""): emoji for emoji in _all(orjson.loads(_FILE.read_bytes()))
    }


def _all(data: Mapping[str, Any]) -> Iterator[str]:
    lightest, *_ = data["tones"]
    for emoji, _name, _shortcodes, _group, toned in data["emoji"]:
        yield emoji
        if toned:
            yield from (toned.replace(lightest, tone) for tone in data["tones"])
