"""BagIt 1.0 (RFC 8493): the text of the tag files, written and read by one hand. Pure.

Made by hand because the `bagit` library writes version 0.97; the tests let that library judge.
"""

import re
from collections.abc import Iterable, Mapping

from audit.clock import iso
from retention.exports.errors import ExportError
from retention.exports.items import About

BAGIT = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = "signature-ed25519.json"
PAYLOAD = "data/"

ITEMS, TABLE = "data/items.jsonl", "data/items.csv"
TRANSCRIPT, SCOPE = "data/transcript.html", "data/scope.json"
READ_ME = "data/READ-ME-FIRST.html"

# The tag manifest lists these and no others: not itself, and not the signature over it.
LISTED_TAGS = frozenset({BAGIT, INFO, MANIFEST})
TAGS = LISTED_TAGS | {TAG_MANIFEST, SIGNATURE}
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_LINE = re.compile(r"([0-9a-f]{64})  (\S(?:.*\S)?)")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OXUM = re.compile(r"^Payload-Oxum: (\d+)\.(\d+)$", re.MULTILINE)
_DRIVE = re.compile(r"[A-Za-z]:")


class BadManifest(ExportError):
    """A manifest of this bundle is not written as RFC 8493 says."""


def folder_name(about: About) -> str:
    """The bag's folder, named by the export's number."""
    if not _NUMBER.fullmatch(about.number):
        raise ExportError("An export's number has only letters, digits, dots and dashes.")
    return about.number


def manifest_text(digests: Mapping[str, str]) -> bytes:
    """Lines of `sha256  path`, in the order of the paths, so that they can be compared."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def read_manifest(data: bytes) -> dict[str, str]:
    """The digests by path; raises BadManifest for anything but what `manifest_text` writes."""
    digests: dict[str, str] = {}
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        raise BadManifest from None
    if lines.pop():
        raise BadManifest
    for line in lines:
        match = _LINE.fullmatch(line)
        if not match or match[2] in digests or is_unsafe(match[2]):
            raise BadManifest
        digests[match[2]] = match[1]
    return digests


def info_text(about: About, *, size: int, files: int) -> bytes:
    """bag-info.txt: who, what for, when; the only place with the time of writing."""
    pairs = (
        ("Source-Organization", about.school),
        ("External-Identifier", about.number),
        ("External-Description", about.purpose),
        ("Recipient", about.recipient),
        ("Requested-By", about.requested_by.name),
        ("Approved-By", about.approved_by.name),
        ("Bagging-Date", f"{about.written_at:%Y-%m-%d}"),
        ("Written-At", iso(about.written_at)),
        ("Bag-Software-Agent", about.software),
        ("Payload-Oxum", f"{size}.{files}"),
    )
    return "".join(f"{label}: {_one_line(value)}\n" for label, value in pairs).encode()


def read_oxum(info: bytes) -> tuple[int, int] | None:
    """Payload bytes and files as bag-info.txt states them."""
    match = _OXUM.search(info.decode(errors="replace"))
    return (int(match[1]), int(match[2])) if match else None


def is_unsafe(path: str) -> bool:
    """Tell whether a path could lead out of its folder, or mean another on another system."""
    parts = path.split("/")
    return (
        not path
        or "\\" in path
        or "\0" in path
        or bool(_DRIVE.match(path))
        or any(part in {"", ".", ".."} for part in parts)
    )


def outside(paths: Iterable[str], root: str) -> list[str]:
    """The paths that are not below the bag's folder."""
    return [path for path in paths if not path.startswith(root)]


def _one_line(value: str) -> str:
    """A label's value may not begin a line of its own, or it could state another label."""
    return " ".join(value.split()) or "-"
