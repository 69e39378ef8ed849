"""One stylesheet of many: a browser would ask for each, and only after it has read the first."""

import re
from collections.abc import Callable
from typing import Final

_IMPORT: Final = re.compile(r'^@import url\("([\w/.-]+)"\) layer\((\w+)\);$', re.MULTILINE)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def joined(sheet: str, read: Callable[[str], str]) -> str:
    """The sheet with what it imports in its place, in the same layers; without comments."""

    def layer(found: re.Match[str]) -> str:
        return f"@layer {found[2]} {{\n{read(found[1])}}}"

    return _COMMENT.sub("", _IMPORT.sub(layer, sheet))
