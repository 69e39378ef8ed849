"""What stands in documents, so that it can be found: read once, when they are checked, and sealed.

It is sealed under the document's own key, which stands with the words of the messages that bring
it: it opens where the document opens, and no longer.
"""

import hmac
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.statements import array, ask, statement_of
from messaging.files.apart import GaveNoAnswer, answer_of
from messaging.files.attached import Attachment
from messaging.files.kinds import KINDS
from messaging.files.reading import MOST_CHARS, WHOLE

#: A document is read as a whole.
MOST_BYTES: Final = 32 * 1024 * 1024
_READ_APART: Final = frozenset({"pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp"})
_PLAIN: Final = frozenset({"txt", "csv"})
_READ_TYPES: Final = {KINDS[one].type for one in _READ_APART | _PLAIN}
_MOST_BYTES_A_CHAR: Final = 4
_NONCE_BYTES: Final = 12
_TEXTS: Final = statement_of(Path(__file__).parent / "sql" / "texts.sql")
_READ: Final = statement_of(Path(__file__).parent / "sql" / "read_whole.sql")
_log = structlog.get_logger("schoolchat.files")


def has_text(extension: str, size: int) -> bool:
    """Whether a file of this kind and size, in bytes, is read."""
    return size <= MOST_BYTES and extension in _READ_APART | _PLAIN


@dataclass(frozen=True, kw_only=True)
class Read:
    """The words of a document, the first 100,000 characters of them. `is_whole`: whether they are
    all that stands in it, as far as that can be seen: no page without words that shows something,
    nothing behind that length, and something to read at all."""

    text: str
    is_whole: bool


def text_in(data: bytes, extension: str) -> Read:
    """What can be read of a document: nothing where it does not open (it has a password, or is
    damaged) or takes too long. Takes some tenths of a second and blocks.
    """
    if extension in _PLAIN:
        text = _decoded(data[: MOST_CHARS * _MOST_BYTES_A_CHAR])
        is_whole = len(data) <= MOST_CHARS * _MOST_BYTES_A_CHAR and len(text) <= MOST_CHARS
        return Read(text=text[:MOST_CHARS].replace("\0", " "), is_whole=is_whole)
    try:
        answer = answer_of("messaging.files.reading", data, extension)
    except GaveNoAnswer:
        _log.info("document cannot be read", kind=extension)
        return Read(text="", is_whole=False)
    return Read(text=answer[len(WHOLE) :].decode(), is_whole=answer.startswith(WHOLE))


def _decoded(data: bytes) -> str:
    """As prose.py knows text: with the mark of UTF-16, or UTF-8, or as Windows writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.end >= len(data) - 1
        return data.decode("utf-8-sig" if cut else "cp1252", errors="replace")


def seal_text(file: Attachment, text: str) -> bytes:
    """The text of a document, compressed and sealed under the document's key."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(file).encrypt(nonce, zlib.compress(text.encode()), file.id.bytes)


def texts_of(files: Iterable[Attachment], closed: set[UUID] | None = None) -> dict[UUID, str]:
    """By file, the text of those that have one; one question, and none where no kind has any. Of
    those whose text does not open it is empty, and their ids are put into `closed`."""
    asked = {file.id: file for file in files if file.type in _READ_TYPES}
    if not asked:
        return {}
    texts = {}
    for file, sealed in ask(_TEXTS, {"files": array(asked)}):
        text = _opened(asked[file], sealed)
        texts[file] = text or ""
        if text is None and closed is not None:
            closed.add(file)
    return texts


def not_read(files: Iterable[Attachment]) -> set[UUID]:
    """The documents among them of which nobody can say what stands in them: those with a password,
    scanned, damaged, too long or too large, and those of before it was noted."""
    asked = {file.id for file in files if file.type in _READ_TYPES}
    if not asked:
        return set()
    return asked - {row[0] for row in ask(_READ, {"files": array(asked)})}


def _opened(file: Attachment, sealed: bytes) -> str | None:
    """What was altered is none: the document itself tells of it when it is verified or opened."""
    try:
        return zlib.decompress(
            _cipher(file).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], file.id.bytes)
        ).decode()
    except (InvalidTag, ValueError):
        _log.critical("text of a file does not open", file=str(file.id))
        return None


def _cipher(file: Attachment) -> AESGCM:
    return AESGCM(hmac.digest(bytes.fromhex(file.key), b"schoolchat file text 1", "sha256"))
