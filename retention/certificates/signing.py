"""The signature of a certificate: Ed25519 over its RFC 8785 JSON. Pure.

The file that is handed out needs neither the database nor the school to be checked.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.canonical import Json, canonical

CONTEXT: Final = b"schoolchat certificate 1\n"
"""What a certificate's signature is over, before its JSON."""


class BadCertificate(Exception):
    """The file is no certificate as SchoolChat writes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A certificate's document and the raw Ed25519 signature over it."""

    document: Mapping[str, Any]
    signature: bytes

    @property
    def sha256(self) -> str:
        """The digest of what is signed, in hexadecimal."""
        return digest_of(self.document)

    def holds(self, public_key: bytes) -> bool:
        """Whether it is what was signed by this raw Ed25519 key."""
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(self.signature, CONTEXT + canonical(self.document))
        except InvalidSignature:
            return False
        return True


def sign(document: Mapping[str, Json], key: Ed25519PrivateKey) -> bytes:
    """The signature over a document."""
    return key.sign(CONTEXT + canonical(document))


def digest_of(document: Mapping[str, Any]) -> str:
    """The SHA-256 of what is signed of a document, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def compose(signed: Signed) -> str:
    """The file for programs: the document, its signature and its digest."""
    content = {
        "certificate": signed.document,
        "signature_ed25519": signed.signature.hex(),
        "sha256": signed.sha256,
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def parse(text: str) -> Signed:
    """Read such a file; raises BadCertificate, also where it gives another digest than its own."""
    try:
        content = json.loads(text)
        document, digest = content["certificate"], content["sha256"]
        found = Signed(document=document, signature=bytes.fromhex(content["signature_ed25519"]))
        if not isinstance(document, dict) or found.sha256 != digest:
            raise BadCertificate
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadCertificate from None
    return found
