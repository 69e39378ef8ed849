"""Time stamps of an RFC 3161 authority: what is asked, and whether the answer is one to it. Pure.

The authority's signature and certificate are not judged: whoever keeps the stamp does that with
`openssl ts -verify` and the authority's certificates (docs/how-to/checkpoints.md).
"""

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    decode_timestamp_response,
)

_GRANTED: Final = {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}
#: The tag of SignedData's certificates (RFC 5652, section 5.1).
_CERTIFICATES: Final = 0xA0
_LONG_FORM: Final = 0x80


class NotAStamp(ValueError):
    """The answer is not a stamp over what was to be stamped."""


def query_over(content: bytes) -> TimeStampRequest:
    """A request for a stamp over SHA-256 of `content`, with a number used once."""
    return TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()


def check_answer(answer: bytes, request: TimeStampRequest, content: bytes) -> None:
    """Raise NotAStamp unless the answer grants just this request over `content`."""
    try:
        response = decode_timestamp_response(_sorted(answer))
    except (ValueError, IndexError):
        raise NotAStamp from None
    if response.status not in _GRANTED:
        raise NotAStamp
    stamped = response.tst_info
    digest = hashlib.sha256(content).digest()
    if stamped.message_imprint.message != digest or stamped.nonce != request.nonce:
        raise NotAStamp


class _Part(NamedTuple):
    """A DER element: its tag, where it begins, where its content does, and where both end."""

    tag: int
    begin: int
    inside: int
    end: int


def _sorted(answer: bytes) -> bytes:
    """The answer with its certificates in DER's order.

    The library insists on that order. Well-known authorities send the chain's instead, which no
    signature covers and RFC 5652 permits.
    """
    whole = _part(answer, 0)
    _status, token = _parts(answer, whole)
    _kind, explicit = _parts(answer, token)
    (signed,) = _parts(answer, explicit)
    for part in _parts(answer, signed):
        if part.tag == _CERTIFICATES:
            each = sorted(answer[one.begin : one.end] for one in _parts(answer, part))
            return answer[: part.inside] + b"".join(each) + answer[part.end :]
    return answer


def _parts(data: bytes, outer: _Part) -> Iterator[_Part]:
    at = outer.inside
    while at < outer.end:
        part = _part(data, at)
        yield part
        at = part.end


def _part(data: bytes, at: int) -> _Part:
    tag, length, inside = data[at], data[at + 1], at + 2
    if length > _LONG_FORM:
        inside += length - _LONG_FORM
        length = int.from_bytes(data[at + 2 : inside])
    return _Part(tag, at, inside, inside + length)
