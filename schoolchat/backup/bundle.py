"""A bundle: a folder of sealed parts and a manifest that binds them, whole or not there at all.

The parts are sealed as files are (`messaging.files.sealing`), under a key that the master key and
the bundle's own salt give, and named in `manifest.json` with their digests; the manifest is
authenticated under another such key. Everything is written below a folder of another name, forced
to the disk, and only then given its own: whoever is killed leaves nothing that looks like a bundle,
and the next run takes away what it left. Source: docs/explanation/keys.md.
"""

import hashlib
import hmac
import os
import secrets
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit import keyring
from audit.disk import force_folder
from messaging.files.sealing import FileAltered, open_stream, seal_stream
from schoolchat.backup.errors import BackupRefused, told_plainly

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_UNFINISHED: Final = ".unfinished-"
_SALT_BYTES: Final = 32
_READ_BYTES: Final = 256 * 1024
_QUICK: Final = 1  # most of it is ciphertext, which does not pack


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What seals a bundle's parts, and what authenticates its manifest; 32 bytes each."""

    parts: bytes
    manifest: bytes


def keys_of(salt: bytes) -> Keys:
    """The keys of the bundle with this salt; raises KeyringError without the master key."""
    master = keyring.master_key()

    def derived(purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(master)

    return Keys(
        parts=derived(b"schoolchat backup 1 parts"),
        manifest=derived(b"schoolchat backup 1 manifest"),
    )


def name_at(at: datetime) -> str:
    """The name of a bundle of that moment, in UTC; names sort as their moments do."""
    return at.strftime("%Y-%m-%dT%H%M%S.") + f"{at.microsecond // 1000:03}Z"


def time_of(name: str) -> datetime | None:
    """The moment of a bundle's name, in whole milliseconds; None where somebody gave it another."""
    try:
        return datetime.strptime(name, "%Y-%m-%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(kw_only=True)
class Writer:
    """A bundle that is being written."""

    folder: Path
    name: str
    salt: bytes
    keys: Keys
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, data: Iterable[bytes]) -> None:
        """Pack and seal a part into a file of its own."""
        digest, size = hashlib.sha256(), 0
        with (self.folder / name).open("xb", buffering=0) as file:
            for piece in seal_stream(self.keys.parts, f"{self.name}/{name}", _packed(data)):
                digest.update(piece)
                size += len(piece)
                _write_all(file.fileno(), piece)
            os.fsync(file.fileno())
        self.parts[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def write_manifest(self, facts: Mapping[str, Any]) -> bytes:
        """The manifest, behind all parts; returns its SHA-256."""
        document = {
            "format": FORMAT,
            "name": self.name,
            "salt": self.salt.hex(),
            "parts": self.parts,
            **facts,
        }
        plain = _canonical(document)
        mac = hmac.digest(self.keys.manifest, plain, "sha256").hex()
        text = orjson.dumps({"manifest": document, "mac": mac}, option=orjson.OPT_INDENT_2)
        with (self.folder / MANIFEST).open("xb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return hashlib.sha256(plain).digest()


@contextmanager
def new_bundle(place: Path, at: datetime) -> Iterator[Writer]:
    """Write a bundle below `place` in this block. `publish` gives it its name; without that, and
    when anything goes wrong, nothing of it is left."""
    name, salt = name_at(at), secrets.token_bytes(_SALT_BYTES)
    keys = keys_of(salt)
    with told_plainly(place):
        folder = place / f"{_UNFINISHED}{name}"
        folder.mkdir(mode=0o700)
        try:
            yield Writer(folder=folder, name=name, salt=salt, keys=keys)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(writer: Writer) -> Path:
    """Give a bundle with its manifest its name, on the disk; returns its folder."""
    final = writer.folder.with_name(writer.name)
    force_folder(writer.folder)
    writer.folder.rename(final)
    force_folder(final.parent)
    return final


def sweep(place: Path) -> None:
    """Take away what runs that were killed have left. Only one run at a time works there."""
    with told_plainly(place):
        for left in place.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle whose manifest is authentic."""

    folder: Path
    manifest: Mapping[str, Any]
    keys: Keys
    digest: bytes

    @property
    def name(self) -> str:
        """Its name when it was made, which its folder may have lost since."""
        return str(self.manifest["name"])

    @property
    def parts(self) -> Mapping[str, Mapping[str, Any]]:
        """By their names, `bytes` and `sha256`."""
        return self.manifest["parts"]  # type: ignore[no-any-return]

    def verify(self) -> None:
        """Raise BackupRefused at the first part that is not as it was written."""
        for name, written in self.parts.items():
            with told_plainly(self.folder), (self.folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != written["sha256"]:
                raise self._altered(name)

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, some at a time."""
        if name not in self.parts:
            raise self._altered(name)
        unpack = zlib.decompressobj()
        try:
            with told_plainly(self.folder), (self.folder / name).open("rb") as file:
                sealed = iter(lambda: file.read(_READ_BYTES), b"")
                for piece in open_stream(self.keys.parts, f"{self.name}/{name}", sealed):
                    yield unpack.decompress(piece)
                yield unpack.flush()
        except (FileAltered, zlib.error) as error:
            raise self._altered(name) from error

    def _altered(self, part: str) -> BackupRefused:
        return BackupRefused(
            f"{self.folder / part} was altered, cut short or is missing: take another copy of it, "
            "or another backup."
        )


def open_bundle(folder: Path) -> Bundle:
    """The bundle in a folder; raises BackupRefused where its manifest is not what our master key
    has authenticated."""
    with told_plainly(folder):
        text = (folder / MANIFEST).read_bytes()
    try:
        document = orjson.loads(text)
        manifest, mac = document["manifest"], bytes.fromhex(document["mac"])
        salt = bytes.fromhex(manifest["salt"])
        plain = _canonical(manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"{folder / MANIFEST} cannot be read: take another copy.") from error
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"{folder} was made by a later version of SchoolChat: install that.")
    keys = keys_of(salt)
    if not hmac.compare_digest(hmac.digest(keys.manifest, plain, "sha256"), mac):
        raise BackupRefused(
            f"The master key of this machine does not open {folder}, or its manifest was altered: "
            "put the master key of the school that made it in place, or take another copy."
        )
    digest = hashlib.sha256(plain).digest()
    return Bundle(folder=folder, manifest=manifest, keys=keys, digest=digest)


def names_in(place: Path) -> list[str]:
    """The names of the bundles below a folder, oldest first."""
    with told_plainly(place):
        return sorted(
            one.name
            for one in place.iterdir()
            if not one.name.startswith(".") and (one / MANIFEST).is_file()
        )


def newest_in(place: Path, what: str) -> Bundle:
    """The folder itself, if it is a bundle, else the newest below it; `what` names what is looked
    for, as in `backup`."""
    if (place / MANIFEST).is_file():
        return open_bundle(place)
    names = names_in(place)
    if not names:
        raise BackupRefused(f"There is no {what} in {place}: name the folder that holds one.")
    return open_bundle(place / names[-1])


def _packed(data: Iterable[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(_QUICK)
    for piece in data:
        if out := pack.compress(piece):
            yield out
    yield pack.flush()


def _canonical(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
