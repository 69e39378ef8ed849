"""Signed heads of the tree: C2SP signed-note with Ed25519, tlog-checkpoint, verifier keys. Pure.

A note is a text and, after a blank line, signature lines (c2sp.org/signed-note); a checkpoint is a
note whose text holds the log's origin, its size and its root (c2sp.org/tlog-checkpoint). A
verifier key is written as Go's sumdb/note writes it: name, key id and key, joined by `+`.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.tree.hashes import HASH_BYTES

MOST_BYTES: Final = 64 * 1024
MOST_SIGNATURES: Final = 100
KEY_BYTES: Final = 32
_ED25519: Final = b"\x01"
_ID_BYTES: Final = 4
_DASH: Final = "\N{EM DASH} "
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST_LEAVES: Final = (1 << 63) - 1
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteError(ValueError):
    """This is not a signed note, or not one that can be written."""


class Signature(NamedTuple):
    """One signature line: who says to have signed, the 4-byte id of the key, and the signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note as it was read. Nothing in it may be believed before `verify_note`."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True)
class CheckpointBody:
    """What a checkpoint's text says: a log, its number of leaves and the 32-byte root of them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerifierKey:
    """A log's name and its 32-byte Ed25519 public key."""

    name: str
    public_key: bytes


def key_id(name: str, public_key: bytes) -> bytes:
    """The first 4 bytes of SHA-256 over name, newline, signature type and key."""
    _require_name(name)
    if len(public_key) != KEY_BYTES:
        raise NoteError(f"An Ed25519 public key has {KEY_BYTES} bytes.")
    digest = hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key)
    return digest.digest()[:_ID_BYTES]


def verifier_key(name: str, public_key: bytes) -> str:
    """The line by which a log's key is passed on: `name+id in hex+base64 of type and key`."""
    shown = key_id(name, public_key).hex()
    return f"{name}+{shown}+{_to_base64(_ED25519 + public_key)}"


def parse_verifier_key(line: str) -> VerifierKey:
    """What `verifier_key` wrote, without anything around it; else raises NoteError."""
    name, _, rest = line.partition("+")
    _, _, encoded = rest.partition("+")
    key = _from_base64(encoded, "The verifier key is not complete.")
    if verifier_key(name, key[1:]) != line:
        raise NoteError("The verifier key is not an Ed25519 key, or a character of it is wrong.")
    return VerifierKey(name=name, public_key=key[1:])


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text that is signed for a head of the tree: origin, size and root, a line each."""
    text = f"{origin}\n{size}\n{_to_base64(root)}\n"
    if parse_checkpoint(text) != CheckpointBody(origin=origin, size=size, root=root):
        raise NoteError("The origin of a checkpoint is one line.")
    return text


def parse_checkpoint(text: str) -> CheckpointBody:
    """What the text of a checkpoint's note says; raises NoteError unless it is exactly so."""
    _require_text(text)
    origin, size, root, *extensions = _lines_of_checkpoint(text)
    if not _NUMBER.fullmatch(size) or int(size) > _MOST_LEAVES:
        raise NoteError("The second line of a checkpoint is the number of entries, and no more.")
    hashed = _from_base64(root, "The third line of a checkpoint is not base64.")
    if len(hashed) != HASH_BYTES:
        raise NoteError(f"The root of a checkpoint has {HASH_BYTES} bytes.")
    return CheckpointBody(origin=origin, size=int(size), root=hashed, extensions=tuple(extensions))


def signed(text: str, name: str, signing_key: Ed25519PrivateKey) -> str:
    """The whole note over `text`, signed."""
    _require_text(text)
    public_key = signing_key.public_key().public_bytes_raw()
    return compose(text, name, public_key, signing_key.sign(text.encode()))


def compose(text: str, name: str, public_key: bytes, signature: bytes) -> str:
    """The whole note out of a text and a signature over it that was made before."""
    _require_text(text)
    if not signature:
        raise NoteError("A note without a signature is none.")
    encoded = _to_base64(key_id(name, public_key) + signature)
    return f"{text}\n{_DASH}{name} {encoded}\n"


def parse_note(note: str) -> Note:
    """Text and signature lines of a note; raises NoteError unless it is written as one.

    The text may have blank lines: the last one of the note is what separates.
    """
    _require_plain(note)
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise NoteError("This is not a signed note: no blank line with signatures after it.")
    signatures = lines.removesuffix("\n").split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError(f"The note has more than {MOST_SIGNATURES} signatures.")
    return Note(text=text + "\n", signatures=tuple(map(_signature, signatures)))


def signatures_by(note: Note, name: str, public_key: bytes) -> list[bytes]:
    """The signatures that say to be by this key: those with both its name and its id."""
    known = (name, key_id(name, public_key))
    return [one.signature for one in note.signatures if (one.name, one.key_id) == known]


def verify_note(note: Note, name: str, public_key: bytes) -> bool:
    """Whether this key signed the note.

    Signatures of other keys are passed over, also those of another key under the same name. False
    if there is none by this one, or one that says to be and does not hold, whatever stands beside
    it. `signatures_by` tells the two apart. Raises NoteError only for a name or key that cannot be.
    """
    found = signatures_by(note, name, public_key)
    return bool(found) and all(is_signed(note.text, one, public_key) for one in found)


def is_signed(text: str, signature: bytes, public_key: bytes) -> bool:
    """Whether this raw Ed25519 key made the signature over the text."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise NoteError("A line after the note's last blank line is not a signature.")
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    _require_name(name)
    found = _from_base64(encoded, "A signature of the note is not base64.")
    if len(found) <= _ID_BYTES:
        raise NoteError("A signature of the note is too short.")
    return Signature(name=name, key_id=found[:_ID_BYTES], signature=found[_ID_BYTES:])


def _lines_of_checkpoint(text: str) -> list[str]:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteError("A checkpoint is three lines: the log's name, its size and its root.")
    return lines


def _require_name(name: str) -> None:
    """A name's end must be plain in a signature line and in a verifier key."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise NoteError("The name of a key is one word without a plus.")
    _require_plain(name)


def _require_text(text: str) -> None:
    _require_plain(text)
    if not text.endswith("\n"):
        raise NoteError("The text of a note ends with the end of a line.")


def _require_plain(text: str) -> None:
    """UTF-8 of bounded length, with no control characters but the ends of lines."""
    try:
        length = len(text.encode())
    except UnicodeEncodeError:
        raise NoteError("The note is not text.") from None
    if length > MOST_BYTES:
        raise NoteError(f"A note cannot be longer than {MOST_BYTES} bytes.")
    if _CONTROL.search(text):
        raise NoteError("The note has a control character in it.")


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str, refusal: str) -> bytes:
    """The bytes of base64 in its one canonical form; else raises NoteError with `refusal`."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise NoteError(refusal) from None
    if _to_base64(data) != text:
        raise NoteError(refusal)
    return data
