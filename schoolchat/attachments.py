"""What the school has decided about files, read from the environment. Pure."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from schoolchat.environment import number, text, words

_MEBIBYTE: Final = 1024 * 1024
_KINDS: Final = "jpg png gif webp heic pdf docx xlsx pptx odt ods odp txt csv webm ogg m4a"
_AWAY: Final[dict[str, Literal["wait", "refuse"]]] = {"wait": "wait", "refuse": "refuse"}
_SCANNERS: Final = ("unix", "tcp")


@dataclass(frozen=True, kw_only=True)
class S3:
    """Where S3-compatible storage is, and how one signs in there; empty means as AWS has it."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class Files:
    """Which files are taken, who looks at them, and where they stand.

    `scanner` is `off`, `unix:///path` or `tcp://host:port`; `decided` tells whether anybody set it.
    `kinds` are extensions. From `large_channel` members on, a photo asks before it goes.
    """

    place: Path | S3
    scanner: str
    decided: bool
    when_away: Literal["wait", "refuse"]
    kinds: frozenset[str]
    most_bytes: int
    large_channel: int


def files(data: Path) -> Files:
    """Read all of it; a value that cannot be meant stops the start."""
    scanner = text("SCHOOLCHAT_SCANNER", "")
    return Files(
        place=place_of(text("SCHOOLCHAT_FILES", str(data / "files"))),
        scanner=_scanner(scanner),
        decided=bool(scanner),
        when_away=_when_away(text("SCHOOLCHAT_SCANNER_AWAY", "wait")),
        kinds=_kinds(words("SCHOOLCHAT_FILE_KINDS", _KINDS)),
        most_bytes=number("SCHOOLCHAT_FILE_MEGABYTES", 25) * _MEBIBYTE,
        large_channel=number("SCHOOLCHAT_LARGE_CHANNEL", 30),
    )


def place_of(said: str) -> Path | S3:
    """A folder, or a bucket as `s3://bucket/prefix`, signed in to as SCHOOLCHAT_S3_… say."""
    url = urlsplit(said)
    if url.scheme != "s3":
        return Path(said).resolve()
    return S3(
        bucket=url.netloc,
        prefix=url.path.strip("/"),
        endpoint=text("SCHOOLCHAT_S3_ENDPOINT", ""),
        region=text("SCHOOLCHAT_S3_REGION", ""),
        key_id=text("SCHOOLCHAT_S3_KEY_ID", ""),
        secret=text("SCHOOLCHAT_S3_SECRET", ""),
    )


def _scanner(said: str) -> str:
    if said in {"", "off"}:
        return "off"
    if urlsplit(said).scheme not in _SCANNERS:
        raise ImproperlyConfigured(
            "SCHOOLCHAT_SCANNER is off, unix:///path/of/clamd.ctl or tcp://host:port."
        )
    return said


def _when_away(said: str) -> Literal["wait", "refuse"]:
    if said not in _AWAY:
        raise ImproperlyConfigured("SCHOOLCHAT_SCANNER_AWAY is wait or refuse.")
    return _AWAY[said]


def _kinds(said: list[str]) -> frozenset[str]:
    kinds = frozenset(word.lower().lstrip(".") for word in said)
    if unknown := kinds - frozenset(_KINDS.split()):
        raise ImproperlyConfigured(
            f"SCHOOLCHAT_FILE_KINDS names what is not on the list: {', '.join(sorted(unknown))}."
        )
    return kinds
