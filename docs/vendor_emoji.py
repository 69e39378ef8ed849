#!/usr/bin/env python
"""Writes static/vendor/emoji/ anew from the npm package that it names, at its pinned version.

    python docs/vendor_emoji.py

Wants `npm`, which checks what it downloads; the digest below says that it is the same as ever.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "emojibase-data"
VERSION: Final = "17.0.0"
SHA256: Final = "d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a"
TO: Final = Path(__file__).resolve().parent.parent / "static" / "vendor" / "emoji"
#: What is shown as a picture unless told otherwise; the others are text.
PICTURE: Final = 1
#: Skin tones and hair by themselves are no emoji that anybody means.
COMPONENT: Final = 2
TONES: Final = ("🏻", "🏼", "🏽", "🏾", "🏿")

type Entry = Mapping[str, Any]
type Row = tuple[str, str, list[str], int, str]
type Codes = Mapping[str, str | list[str]]


def vendor() -> None:
    """Download, check, and write the list and its licence."""
    with tempfile.TemporaryDirectory() as folder:
        package = _packed(Path(folder))
        if (digest := hashlib.sha256(package.read_bytes()).hexdigest()) != SHA256:
            sys.exit(f"{PACKAGE} {VERSION} is not what it was: its SHA-256 is {digest}.")
        with tarfile.open(package) as archive:
            document = _document(archive)
            licence = _read(archive, "LICENSE")
    TO.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (TO / "emoji.json").write_text(text.replace('],["', '],\n["') + "\n", encoding="utf-8")
    (TO / "LICENSE").write_bytes(licence)


def _packed(folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True)
    (package,) = folder.glob("*.tgz")
    return package


def _document(archive: tarfile.TarFile) -> dict[str, Any]:
    entries = json.loads(_read(archive, "en/data.json"))
    shortcodes = _Shortcodes(
        *(json.loads(_read(archive, f"en/shortcodes/{of}.json")) for of in ("github", "emojibase"))
    )
    messages = json.loads(_read(archive, "en/messages.json"))
    groups = {group["order"]: group["message"] for group in messages["groups"]}
    used = sorted({entry["group"] for entry in _wanted(entries)})
    return {
        "package": f"{PACKAGE} {VERSION}",
        "fields": ["emoji", "name", "shortcodes", "group", "toned"],
        "groups": [groups[number].capitalize() for number in used],
        "tones": TONES,
        "emoji": [_row(entry, shortcodes, used) for entry in _wanted(entries)],
    }


def _wanted(entries: list[Entry]) -> Iterator[Entry]:
    """Those of a group, in the order of the keyboard."""
    there = (entry for entry in entries if entry.get("group") not in {None, COMPONENT})
    return iter(sorted(there, key=lambda entry: int(entry["order"])))


class _Shortcodes:
    """Those that people know from elsewhere, and for what has none there, other ones."""

    def __init__(self, usual: Codes, others: Codes) -> None:
        self._usual, self._others = usual, others
        self._taken = {code for codes in usual.values() for code in _list(codes)}

    def of(self, hexcode: str) -> list[str]:
        """The shortcodes of an emoji that no other has."""
        if usual := _list(self._usual.get(hexcode, [])):
            return usual
        free = [code for code in _list(self._others.get(hexcode, [])) if code not in self._taken]
        self._taken.update(free)
        return free


def _list(codes: str | list[str]) -> list[str]:
    return [codes] if isinstance(codes, str) else codes


def _row(entry: Entry, shortcodes: _Shortcodes, groups: list[int]) -> Row:
    return (
        _shown(entry),
        entry["label"],
        shortcodes.of(entry["hexcode"]),
        groups.index(entry["group"]),
        _toned(entry),
    )


def _shown(entry: Entry) -> str:
    """The emoji as keyboards write it: without the variation selector that the package puts behind
    some characters which are pictures anyway."""
    emoji = str(entry["emoji"])
    return emoji[0] if entry["type"] == PICTURE and emoji[1:] == "\ufe0f" else emoji


def _toned(entry: Entry) -> str:
    """The emoji in the lightest tone, where it takes tones; the others put theirs in its place."""
    lightest, *others = TONES
    there = [skin["emoji"] for skin in entry.get("skins", ())]
    for skin in there:
        if lightest in skin and not any(tone in skin for tone in others):
            return str(skin)
    return ""


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(f"package/{name}")
    if found is None:
        sys.exit(f"{PACKAGE} {VERSION} has no {name}.")
    return found.read()


if __name__ == "__main__":
    vendor()
