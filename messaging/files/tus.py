"""The tus protocol 1.0.0 for resumable uploads (https://tus.io/protocols/resumable-upload), as far
as it is spoken here: core, creation, termination and expiration. Pure.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from django.utils.http import http_date

from messaging.exceptions import MessagingError

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,expiration"
PIECE_TYPE: Final = "application/offset+octet-stream"
_MOST_NAME_CHARS: Final = 1_000
_MOST_BARS: Final = 64
_LOUDEST: Final = 100
_MOST_SECONDS: Final = 24 * 60 * 60


class BadUpload(MessagingError):
    """This upload could not be read. Please reload the page and try again."""


def number_in(headers: Mapping[str, str], name: str) -> int:
    """A header that is a whole number from 0 within what a file can be; raises BadUpload."""
    text = headers.get(name, "")
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise BadUpload
    return int(text)


def metadata_in(header: str) -> dict[str, str]:
    """`Upload-Metadata`: names, each with its value in Base64, separated by commas."""
    found = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise BadUpload from None
    return found


def channel_in(metadata: Mapping[str, str]) -> UUID:
    """For which channel the file is."""
    try:
        return UUID(metadata.get("channel", ""))
    except ValueError:
        raise BadUpload from None


def name_in(metadata: Mapping[str, str]) -> str:
    """What its uploader's device calls the file: the end of it, where it is very long."""
    return metadata.get("filename", "").replace("\x00", "")[-_MOST_NAME_CHARS:]


def waveform_in(metadata: Mapping[str, str]) -> tuple[int, ...] | None:
    """How loud a voice note is: a JSON list of at most 64 whole numbers from 0 to 100."""
    if "waveform" not in metadata:
        return None
    try:
        bars = orjson.loads(metadata["waveform"])
    except orjson.JSONDecodeError:
        raise BadUpload from None
    if not isinstance(bars, list) or len(bars) > _MOST_BARS or not all(map(_is_bar, bars)):
        raise BadUpload
    return tuple(bars)


def duration_in(metadata: Mapping[str, str]) -> float | None:
    """How many seconds it lasts, as its uploader says; None where that is no such number."""
    try:
        seconds = float(metadata.get("duration", ""))
    except ValueError:
        return None
    return round(seconds, 1) if 0 < seconds < _MOST_SECONDS else None


def expiry(at: datetime) -> str:
    """`Upload-Expires`."""
    return http_date(at.timestamp())


def _is_bar(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LOUDEST
