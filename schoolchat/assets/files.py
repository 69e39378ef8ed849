"""Every file under `/static/`, as it is sent: its bytes, what they are, and where they stand."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders

from schoolchat.assets import modules, sheets

SHEET: Final = "css/schoolchat.css"
#: Modules that are sent as one, by the page's kind: what each page needs, and what the chat does.
JOINED: Final = {
    "page": ("schoolchat/page",),
    "chat": ("schoolchat/page", "schoolchat/chat"),
}
#: What the chat asks for right after its first paint, as one too. What is in its first file is not
#: in this one again, but is imported from there.
AFTER: Final = {"chat": ("elements/own", "elements/nudge", "lib/keeping")}
JOINED_FILES: Final = {
    **{f"js/joined/{page}.js": page for page in JOINED},
    **{f"js/joined/{page}-after.js": page for page in AFTER},
}
#: Vendored modules by the bare name that ours import them by.
VENDORED: Final = {
    "vendor/photoswipe": "vendor/photoswipe/photoswipe.js",
    "vendor/tus": "vendor/tus/tus.js",
}
_JAVASCRIPT: Final = "text/javascript"
_DENSE: Final = ("image/", "font/", "audio/", "video/", "application/zip")
_GZIP_LEVEL: Final = 9
_BROTLI_QUALITY: Final = 10


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file and its compressed forms, each made when it is first wanted."""

    content: bytes
    kind: str

    @cached_property
    def version(self) -> str:
        """Of this content, and of no other."""
        return hashlib.sha256(self.content).hexdigest()[:12]

    @cached_property
    def forms(self) -> dict[str, bytes]:
        """By coding, the one to prefer first; none for what is dense already."""
        if self.kind.startswith(_DENSE) and self.kind != "image/svg+xml":
            return {}
        return {
            "br": brotli.compress(self.content, quality=_BROTLI_QUALITY),
            "gzip": gzip.compress(self.content, _GZIP_LEVEL, mtime=0),
        }


@cache
def asset(name: str) -> Asset | None:
    """The file of a name below STATIC_URL; None where there is none."""
    if page := JOINED_FILES.get(name):
        first = modules.needed(JOINED[page], source)
        after = name.endswith("-after.js")
        text = modules.joined(_after(page, first) if after else first, source, first)
        return Asset(content=text.encode(), kind=_JAVASCRIPT)
    found = finders.find(name)
    if not isinstance(found, str) or not Path(found).is_file():
        return None
    content = Path(found).read_bytes()
    if name == SHEET:
        content = sheets.joined(content.decode(), _imported).encode()
    return Asset(content=content, kind=mimetypes.guess_type(name)[0] or "application/octet-stream")


def address(name: str) -> str:
    """Where a file stands; another content has another address, so a browser may keep it."""
    found = asset(name)
    return f"{settings.STATIC_URL}{name}" + (f"?v={found.version}" if found else "")


def import_map(page: str) -> dict[str, str]:
    """Every module's address by its name: the joined one's, for those that the page needs."""
    together = _together(page)
    alone = {name: _path_of(name) for name in _names()}
    return {name: address(path) for name, path in sorted({**alone, **VENDORED, **together}.items())}


def _together(page: str) -> dict[str, str]:
    """The modules that come as one or two, and in which file; none where one cannot be joined,
    which a test finds."""
    first, after = f"js/joined/{page}.js", f"js/joined/{page}-after.js"
    try:
        asset(first)
        asset(after)
        names = modules.needed(JOINED[page], source)
        return {**dict.fromkeys(names, first), **dict.fromkeys(_after(page, names), after)}
    except modules.NotJoinable:
        return {}


def _after(page: str, first: Sequence[str]) -> list[str]:
    names = modules.needed(AFTER.get(page, ()), source)
    return [name for name in names if name not in first]


def source(name: str) -> str:
    """The text of one of our modules."""
    path = finders.find(_path_of(name))
    if not isinstance(path, str):
        raise modules.NotJoinable(f"There is no module {name}.")
    return Path(path).read_text()


def _path_of(name: str) -> str:
    return VENDORED.get(name) or f"js/{name.removeprefix('schoolchat/')}.js"


@cache
def _names() -> tuple[str, ...]:
    return tuple(_found())


def _found() -> Iterator[str]:
    for folder in settings.STATICFILES_DIRS:
        for path in (Path(folder) / "js").rglob("*.js"):
            name = path.relative_to(Path(folder) / "js").with_suffix("").as_posix()
            yield name if "/" in name else f"schoolchat/{name}"


def _imported(sheet: str) -> str:
    return Path(str(finders.find(f"css/{sheet}"))).read_text()
