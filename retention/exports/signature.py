"""The school's Ed25519 signature over a bundle's tag manifest. Pure.

What is signed are the bytes of tagmanifest-sha256.txt as they stand, so that any Ed25519 program
can check it. No other thing that this key signs begins with a SHA-256 in hexadecimal.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from retention.exports.bag import TAG_MANIFEST
from retention.exports.errors import BadKeyFile, ExportError

_KEY_BYTES = 32
_SIGNATURE_BYTES = 64


class BadSignatureFile(ExportError):
    """The signature's file is not as SchoolChat writes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A raw public key (32 bytes) and what it signed (64 bytes)."""

    public_key: bytes
    signature: bytes

    def holds(self, tag_manifest: bytes) -> bool:
        """Tell whether the key signed exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(self.signature, tag_manifest)
        except InvalidSignature:
            return False
        return True


def sign(tag_manifest: bytes, key: Ed25519PrivateKey) -> bytes:
    """The text of signature-ed25519.json."""
    public_key = key.public_key().public_bytes_raw()
    return _text(Signature(public_key=public_key, signature=key.sign(tag_manifest)), tag_manifest)


def read_signature(data: bytes, tag_manifest: bytes) -> Signature:
    """Read the file; raises BadSignatureFile when one byte differs from what `sign` writes."""
    try:
        values = json.loads(data)
        found = Signature(
            public_key=base64.b64decode(values["public_key"], validate=True),
            signature=base64.b64decode(values["signature"], validate=True),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadSignatureFile from None
    whole = len(found.public_key) == _KEY_BYTES and len(found.signature) == _SIGNATURE_BYTES
    if not whole or data != _text(found, tag_manifest):
        raise BadSignatureFile
    return found


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of the raw key in groups of four, to be read out over the telephone."""
    digest = hashlib.sha256(public_key).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def read_public_key(data: bytes) -> bytes:
    """The 32 raw bytes of a key file in PEM, raw, hexadecimal or base64 form."""
    if data.lstrip().startswith(b"-----BEGIN"):
        return _from_pem(data)
    if len(data) == _KEY_BYTES:
        return data
    text = b"".join(data.split())
    for decode in (binascii.unhexlify, _from_base64):
        try:
            key = decode(text)
        except ValueError:
            continue
        if len(key) == _KEY_BYTES:
            return key
    raise BadKeyFile


def _from_base64(text: bytes) -> bytes:
    return base64.b64decode(text, validate=True)


def _from_pem(data: bytes) -> bytes:
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise BadKeyFile from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadKeyFile
    return key.public_bytes_raw()


def _text(found: Signature, tag_manifest: bytes) -> bytes:
    values = {
        "algorithm": "Ed25519",
        "fingerprint": fingerprint(found.public_key),
        "public_key": base64.b64encode(found.public_key).decode(),
        "sha256": hashlib.sha256(tag_manifest).hexdigest(),
        "signature": base64.b64encode(found.signature).decode(),
        "signed": TAG_MANIFEST,
    }
    return (json.dumps(values, indent=2) + "\n").encode()
