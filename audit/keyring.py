"""The keyring: generation keys and the signing key, in one sealed file outside the database.

The design is that of docs/explanation/keys.md. The master key seals the file; a generation key
wraps content keys, index keys and the keys of sealed records; the signing key signs checkpoints,
certificates and export manifests. Rows of `audit.Generation` name the generations without their
material, so that a database without its keyring opens nothing.
"""

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from django.conf import settings
from uuid_utils.compat import uuid7

from audit.disk import force_folder

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"schoolchat keyring 1"


class KeyringError(Exception):
    """The keyring cannot be opened."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class MasterKeyMissing(KeyringError):
    """The master key is missing: set SCHOOLCHAT_MASTER_KEY or put back its key file."""


class MasterKeyWrong(KeyringError):
    """The master key does not open the keyring: it is not the key that sealed it."""


class UnknownGeneration(KeyringError):
    """The key is wrapped under a generation that this keyring no longer holds."""


@dataclass(kw_only=True)
class Keyring:
    """The opened keyring of one installation.

    Attributes:
        origin: the id of this installation's log.
        generations: number to 32-byte key; more than one only during a move.
        signing_key: Ed25519.
    """

    origin: UUID
    generations: dict[int, bytes]
    signing_key: Ed25519PrivateKey

    def wrap(self, key: bytes, generation: int) -> bytes:
        """`key` wrapped under a generation (RFC 3394): 40 bytes for a key of 32."""
        return aes_key_wrap(self.generation(generation), key)

    def unwrap(self, wrapped: bytes, generation: int) -> bytes:
        """The key in `wrapped`; raises UnknownGeneration when it can no longer be opened."""
        try:
            return aes_key_unwrap(self.generation(generation), wrapped)
        except InvalidUnwrap:
            raise KeyringError("A wrapped key has been altered.") from None

    def generation(self, number: int) -> bytes:
        """The key of generation `number`."""
        try:
            return self.generations[number]
        except KeyError:
            raise UnknownGeneration from None

    @property
    def newest(self) -> int:
        """The number of the newest generation."""
        return max(self.generations)

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes of the signing key's public half."""
        return self.signing_key.public_key().public_bytes_raw()

    @property
    def public_pem(self) -> bytes:
        """The public half as PEM (SubjectPublicKeyInfo), the form that is handed out."""
        return self.signing_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


_cache: dict[Path, Keyring] = {}
_lock = Lock()


def keyring_file() -> Path:
    """Where the keyring stands."""
    return Path(settings.KEYS_DIR) / "keyring.json"


def ring(*, knows: int | None = None) -> Keyring:
    """The keyring, read once a process and anew when the file changed.

    `knows` is a generation that the caller has met: a process that does not know it reads the
    file anew before it gives up.
    """
    path = keyring_file()
    cached = _cache.get(path)
    if cached and (knows is None or knows in cached.generations):
        return cached
    with _lock:
        _cache[path] = read(path)
    return _cache[path]


def forget() -> None:
    """Drop the opened keyring, so that the next use reads the file."""
    _cache.clear()


def read(path: Path) -> Keyring:
    """Open the keyring file under the master key."""
    try:
        document = json.loads(path.read_text())
    except FileNotFoundError:
        raise KeyringError(f"The keyring is missing from {path.parent}.") from None
    plain = _open(base64.b64decode(document["sealed"]), master_key())
    content = json.loads(plain)
    return Keyring(
        origin=UUID(content["origin"]),
        generations={int(n): base64.b64decode(k) for n, k in content["generations"].items()},
        signing_key=Ed25519PrivateKey.from_private_bytes(base64.b64decode(content["signing_key"])),
    )


def write(keyring: Keyring, path: Path | None = None) -> None:
    """Seal the keyring into its file: written aside, fsynced, renamed, folder fsynced."""
    path = path or keyring_file()
    content = {
        "origin": str(keyring.origin),
        "generations": {
            str(n): base64.b64encode(k).decode() for n, k in keyring.generations.items()
        },
        "signing_key": base64.b64encode(keyring.signing_key.private_bytes_raw()).decode(),
    }
    sealed = _seal(json.dumps(content).encode(), master_key())
    replace_file(path, json.dumps({"format": 1, "sealed": base64.b64encode(sealed).decode()}))
    forget()


def leftovers() -> list[Path]:
    """What writings of the keyring that were killed left beside it: they hold older generations."""
    path = keyring_file()
    return sorted(path.parent.glob(f".{path.name}*"))


def sweep() -> None:
    """Remove what killed writings left, on the disk too."""
    if left := leftovers():
        for file in left:
            file.unlink(missing_ok=True)
        force_folder(keyring_file().parent)


def prepare() -> None:
    """Make master key and keyring on a first run; on any later one, only open them.

    A keyring without its master key is never replaced: everything sealed would be lost.
    """
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep()
    if keyring_file().exists():
        ring()
        return
    if not settings.MASTER_KEY and not Path(settings.MASTER_KEY_FILE).exists():
        replace_file(
            Path(settings.MASTER_KEY_FILE),
            base64.b64encode(secrets.token_bytes(32)).decode(),
        )
    write(
        Keyring(
            origin=uuid7(),
            generations={1: secrets.token_bytes(KEY_BYTES)},
            signing_key=Ed25519PrivateKey.generate(),
        )
    )


def master_key() -> bytes:
    """The 32 bytes of the master key: from the environment, else from its file of mode 600."""
    text = settings.MASTER_KEY
    if not text:
        try:
            text = Path(settings.MASTER_KEY_FILE).read_text()
        except FileNotFoundError:
            raise MasterKeyMissing from None
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise MasterKeyWrong from None
    if len(key) != KEY_BYTES:
        raise MasterKeyWrong
    return key


def _seal(plain: bytes, key: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _PURPOSE)


def _open(sealed: bytes, key: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE)
    except InvalidTag:
        raise MasterKeyWrong from None


def replace_file(path: Path, text: str) -> None:
    """Write `text` to `path` of mode 600 so that a crash leaves the old file or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    force_folder(path.parent)
