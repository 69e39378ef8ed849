"""Checking a bundle without the system that wrote it: no database, no network, no settings. Pure.

Every file is read, whatever is found wrong on the way, so that a report names all there is.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from retention.exports import bag, signature
from retention.exports.encryption import DAMAGE
from retention.exports.errors import ExportError, NotABundle
from retention.exports.sources import Source, opened

_CHUNK = 1 << 20  # bytes
_MAX_TAG = 64 * 1024 * 1024  # bytes of a tag file, which is read whole

type Files = Mapping[str, Callable[[], IO[bytes]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was found.

    `ok` only where nothing is wrong and the signer was checked against a key from elsewhere;
    `fingerprint` is of the key inside the bundle, None where it cannot be read. Counts: files and
    bytes of the payload, messages.
    """

    problems: tuple[str, ...]
    signer_checked: bool
    fingerprint: str | None
    counts: Mapping[str, int]

    @property
    def intact(self) -> bool:
        """Nothing is wrong with it, whoever made it."""
        return not self.problems

    @property
    def ok(self) -> bool:
        """Intact, and made by the holder of the key that was given."""
        return self.intact and self.signer_checked


@dataclass(kw_only=True, slots=True)
class _Check:
    """A check under way."""

    files: Files
    problems: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    tags: dict[str, bytes] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, problem: str) -> None:
        self.problems.append(problem)


def verify_bundle(
    path: Path, *, passphrase: str | None = None, public_key: bytes | None = None
) -> Report:
    """Check the encrypted bundle, the ZIP inside it, or a folder unpacked from that.

    `public_key` is the school's, 32 raw bytes, got from the school and not from the bundle.
    Raises ExportError where nothing can be checked: no bundle, no or a wrong passphrase.
    """
    with opened(path, passphrase) as source:
        check = _begin(source)
        _read_all(check)
        _check_manifest(check, bag.TAG_MANIFEST, bag.LISTED_TAGS)
        _check_manifest(check, bag.MANIFEST, {p for p in check.files if _is_payload(p)})
        _check_info(check)
        found = _check_signature(check, public_key)
    return Report(
        problems=tuple(dict.fromkeys(check.problems)),
        signer_checked=found is not None and found.public_key == public_key,
        fingerprint=signature.fingerprint(found.public_key) if found else None,
        counts=dict(check.counts),
    )


def _begin(source: Source) -> _Check:
    """Find the bag, and everything that is not in it."""
    names = [name for name, _ in source.files]
    root = _root(names)
    files = {n.removeprefix(root): o for n, o in source.files if n.startswith(root)}
    problems = [
        *source.problems,
        *(f"{n!r} stands in the bundle twice." for n, many in Counter(names).items() if many > 1),
        *(f"{n!r} is a name that leads out of the bundle." for n in names if bag.is_unsafe(n)),
        *(f"{n!r} was added outside the bundle's folder." for n in bag.outside(names, root)),
        *(f"{n!r} was added." for n in files if not _is_payload(n) and n not in bag.TAGS),
        *(f"{n} is missing." for n in sorted(bag.TAGS - set(files))),
    ]
    return _Check(files=files, problems=problems)


def _root(names: list[str]) -> str:
    """The folder of the bag: the one with bagit.txt or, that gone, with a manifest."""
    for tag in (bag.BAGIT, bag.TAG_MANIFEST, bag.MANIFEST):
        found = [n for n in names if n.rpartition("/")[2] == tag and not n.startswith(bag.PAYLOAD)]
        if found:
            return min(found, key=lambda n: n.count("/")).removesuffix(tag)
    raise NotABundle


def _is_payload(name: str) -> bool:
    return name.startswith(bag.PAYLOAD)


def _read_all(check: _Check) -> None:
    for name, open_file in check.files.items():
        try:
            with open_file() as file:
                check.digests[name] = _digest(check, name, file)
        except (*DAMAGE, OSError):
            check.add(f"{name} cannot be read: it was altered or damaged.")


def _digest(check: _Check, name: str, file: IO[bytes]) -> str:
    if not _is_payload(name):
        data = file.read(_MAX_TAG)
        check.tags[name] = data
        return hashlib.sha256(data).hexdigest()
    digest = hashlib.sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
        check.counts["bytes"] += len(chunk)
        check.counts["messages"] += chunk.count(b"\n") if name == bag.ITEMS else 0
    check.counts["files"] += 1
    return digest.hexdigest()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _check_manifest(check: _Check, manifest: str, present: set[str] | frozenset[str]) -> None:
    """Compare a manifest with the files it answers for, in both directions."""
    if manifest not in check.tags:
        return
    try:
        listed = bag.read_manifest(check.tags[manifest])
    except ExportError:
        check.add(f"{manifest} is not written as it should be: it was altered.")
        return
    for name in sorted(present - set(listed)):
        check.add(f"{name} was added: {manifest} does not list it.")
    for name, digest in listed.items():
        if name not in present or name not in check.files:
            check.add(f"{name} is missing: {manifest} lists it.")
        elif check.digests.get(name) not in (digest, None):
            check.add(f"{name} was altered: its SHA-256 is not the one in {manifest}.")


def _check_info(check: _Check) -> None:
    """The declaration and the payload's size are stated a second time."""
    if check.tags.get(bag.BAGIT, bag.DECLARATION) != bag.DECLARATION:
        check.add(f"{bag.BAGIT} was altered.")
    if bag.INFO not in check.tags:
        return
    if bag.read_oxum(check.tags[bag.INFO]) != (check.counts["bytes"], check.counts["files"]):
        check.add(f"{bag.INFO} states another number of files or bytes than there are.")


def _check_signature(check: _Check, public_key: bytes | None) -> signature.Signature | None:
    """Return the signature when it is well made; a problem is noted for one that is not."""
    if bag.SIGNATURE not in check.tags or bag.TAG_MANIFEST not in check.tags:
        return None
    tag_manifest = check.tags[bag.TAG_MANIFEST]
    try:
        found = signature.read_signature(check.tags[bag.SIGNATURE], tag_manifest)
    except ExportError:
        check.add(f"{bag.SIGNATURE} or {bag.TAG_MANIFEST} was altered: they do not agree.")
        return None
    if not found.holds(tag_manifest):
        check.add(f"{bag.SIGNATURE} was altered: the signature does not hold.")
        return None
    if public_key is not None and found.public_key != public_key:
        check.add("The bundle is signed with another key than the one you gave.")
    return found
