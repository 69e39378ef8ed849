"""Writing an export: one pass over the messages, a BagIt bag in a ZIP, encrypted, all or nothing.

Memory stays bounded however many messages there are: the files of the payload grow side by side
in working files that hold no readable byte (spool.py), go into the inner ZIP as they are, and that
goes compressed and encrypted into the file beside its final name, which it gets at the very end.
"""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.disk import force_folder
from retention.exports import bag, encryption, signature, table
from retention.exports.attached import Shelf, Shelved
from retention.exports.items import About, ImportedName, Item, item_json, json_line
from retention.exports.readme import read_me
from retention.exports.scope import scope_text
from retention.exports.spool import open_spool
from retention.exports.transcript import Transcript, closing, opening

_CHUNK = 1 << 20  # bytes
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A bundle that stands: what it holds, and the digests that the log keeps.

    `sha256` is of the encrypted file; `manifest_digest` of manifest-sha256.txt, the same for every
    export of the same scope, which an officer may read out in a statement.
    """

    counts: Mapping[str, int]
    sha256: str
    manifest_digest: str


@dataclass(kw_only=True, slots=True)
class _Part:
    """A file of the payload as it grows."""

    file: IO[bytes]
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    size: int = 0

    def write(self, text: str) -> None:
        data = text.encode()
        self.digest.update(data)
        self.size += len(data)
        self.file.write(data)


class _Tally:
    """What is in the export, counted as it goes by."""

    def __init__(self) -> None:
        self.counts = Counter(
            messages=0, deleted=0, edited=0, imported=0, earlier_versions=0, corrections=0
        )
        self.by_channel: Counter[str] = Counter()

    def add(self, item: Item) -> None:
        self.counts["messages"] += 1
        self.counts["deleted"] += item.deleted_at is not None
        self.counts["edited"] += item.edited_at is not None
        self.counts["imported"] += isinstance(item.author, ImportedName)
        self.counts["earlier_versions"] += len(item.versions)
        self.counts["corrections"] += len(item.corrections)
        self.by_channel[str(item.channel.id)] += 1

    def add_files(self, shelf: Shelf) -> None:
        self.counts["files"] = len(shelf.kept)
        self.counts["files_unreadable"] = shelf.unreadable


def write_bundle(
    items: Iterable[Item],
    *,
    about: About,
    signing_key: Ed25519PrivateKey,
    passphrase: str,
    out: Path,
) -> Written:
    """Write the bundle to `out` (mode 600), replacing what stood there only when it is whole.

    `items` come in the order in which they shall be read, a channel at a time. Raises ExportError
    for a passphrase that is too short or a number that cannot name a folder; whatever is raised
    while it works, nothing is left.
    """
    encryption.check_passphrase(passphrase)
    root = bag.folder_name(about)
    with ExitStack() as stack:
        parts = _Parts(stack, out.parent)
        shelf = Shelf(stack.enter_context(open_spool(out.parent)))
        counts = _write_payload(parts, shelf, items, about)
        tags = _tags(parts, shelf.kept, about, signing_key)
        inner = stack.enter_context(open_spool(out.parent))
        _write_inner(inner, root, parts, shelf, tags)
        with _replacing(out) as target:
            encryption.encrypt(inner, target, passphrase)
            target.seek(0)
            sha256 = hashlib.file_digest(target, "sha256").hexdigest()
    manifest_digest = hashlib.sha256(tags[bag.MANIFEST]).hexdigest()
    return Written(counts=counts, sha256=sha256, manifest_digest=manifest_digest)


class _Parts(dict[str, _Part]):
    """The files of the payload by path, opened when they are first asked for."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        super().__init__()
        self._stack, self._folder = stack, folder

    def __missing__(self, path: str) -> _Part:
        self[path] = part = _Part(file=self._stack.enter_context(open_spool(self._folder)))
        return part


def _write_payload(
    parts: _Parts, shelf: Shelf, items: Iterable[Item], about: About
) -> Mapping[str, int]:
    tally, transcript = _Tally(), Transcript(about)
    lines, rows, page = (parts[path] for path in (bag.ITEMS, bag.TABLE, bag.TRANSCRIPT))
    rows.write(table.heading_row())
    page.write(opening(about))
    for item in items:
        there = {one.id for one in item.attached if shelf.put(one)}
        lines.write(json_line(item_json(item, there)))
        rows.write(table.item_row(item))
        page.write(transcript.add(item, there))
        tally.add(item)
    tally.add_files(shelf)
    page.write(closing(tally.counts["messages"]))
    parts[bag.SCOPE].write(scope_text(about, tally.counts, tally.by_channel))
    parts[bag.READ_ME].write(read_me(about))
    return dict(tally.counts)


def _tags(
    parts: _Parts, files: Mapping[str, Shelved], about: About, key: Ed25519PrivateKey
) -> dict[str, bytes]:
    """The tag files, each of which seals those before it."""
    size = sum(part.size for part in parts.values()) + sum(one.size for one in files.values())
    digests = {path: part.digest.hexdigest() for path, part in parts.items()}
    digests |= {path: file.sha256 for path, file in files.items()}
    tags = {
        bag.BAGIT: bag.DECLARATION,
        bag.INFO: bag.info_text(about, size=size, files=len(digests)),
        bag.MANIFEST: bag.manifest_text(digests),
    }
    sealed = bag.manifest_text({p: hashlib.sha256(data).hexdigest() for p, data in tags.items()})
    return tags | {bag.TAG_MANIFEST: sealed, bag.SIGNATURE: signature.sign(sealed, key)}


def _write_inner(
    inner: IO[bytes],
    root: str,
    parts: Mapping[str, _Part],
    shelf: Shelf,
    tags: Mapping[str, bytes],
) -> None:
    """The bag as an uncompressed ZIP: the outer one compresses, and compresses all at once."""
    with zipfile.ZipFile(inner, "w") as archive:
        for path, data in tags.items():
            archive.writestr(_member(root, path, len(data)), data)
        for path in sorted(parts):
            part = parts[path]
            part.file.seek(0)
            with archive.open(_member(root, path, part.size), "w") as target:
                shutil.copyfileobj(part.file, target, _CHUNK)
        for path, file in sorted(shelf.kept.items()):
            with archive.open(_member(root, path, file.size), "w") as target:
                target.writelines(shelf.chunks(file, _CHUNK))


def _member(root: str, path: str, size: int) -> zipfile.ZipInfo:
    """A member whose header is the same at every writing; its size decides about ZIP64."""
    member = zipfile.ZipInfo(f"{root}/{path}", date_time=_EPOCH)
    member.external_attr = 0o600 << 16
    member.file_size = size
    return member


@contextmanager
def _replacing(out: Path) -> Iterator[io.BufferedRandom]:
    """A new file (mode 600) that takes the place of `out` once it is whole and on the disk."""
    handle, name = tempfile.mkstemp(prefix=".export-", suffix=".part", dir=out.parent)
    try:
        with io.BufferedRandom(io.FileIO(handle, "r+")) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(out)
        force_folder(out.parent)
    finally:
        Path(name).unlink(missing_ok=True)  # where it did not come so far
