"""Proofs that somebody carries away and checks alone: C2SP tlog-proof files. Pure.

The file (c2sp.org/tlog-proof) holds a leaf's index, its inclusion path and a signed checkpoint.
What is proved stands in its `extra` line, as the RFC 8785 JSON of a document of ours:

- `entry`: the entry as it was hashed: id, at, action, actor, subject and facts;
- `item`, where the thing proved is an item of a bulk act: its subject, version and commitment, its
  index of count, and its path to the root that stands in the entry's facts;
- `message` and `salt`, where the words of a message are laid open: the document that was committed
  to, and the 32 bytes without which no commitment can be confirmed.

Nothing signs the document itself: every part of it counts only as far as `check` has traced it to
the checkpoint.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from audit.canonical import canonical, commitment
from audit.entries import ItemOfAct, item_leaf
from audit.tree.hashes import HASH_BYTES, leaf_hash
from audit.tree.notes import (
    CheckpointBody,
    NoteError,
    parse_checkpoint,
    parse_note,
    signatures_by,
    verify_note,
)
from audit.tree.proofs import ProofError, check_inclusion

MOST_BYTES: Final = 1024 * 1024
_VERSION: Final = "c2sp.org/tlog-proof@v1"
_MOST_STEPS: Final = 63
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_HEX_HASH: Final = re.compile(r"[0-9a-f]{64}")
_OF_ENTRY: Final = frozenset({"id", "at", "action", "actor", "subject", "facts"})
_OF_ITEM: Final = frozenset({"index", "count", "path", "subject", "version", "commitment"})
_OF_DOCUMENT: Final = frozenset({"entry", "item", "message", "salt"})
_MOST_VERSIONS: Final = 1 << 32


@dataclass(frozen=True, kw_only=True)
class ProofFile:
    """A proof as it was read: hashes of 32 bytes, and the checkpoint's whole note as it stands."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class ItemPlace:
    """An item of a bulk act and where it stands under the act's root."""

    item: ItemOfAct
    index: int
    count: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Proved:
    """What a proof has shown: all of it stood in the log when the checkpoint was signed."""

    head: CheckpointBody
    index: int
    entry: Mapping[str, Any]
    item: ItemPlace | None
    message: Mapping[str, Any] | None


def compose(index: int, path: Sequence[bytes], note: str, extra: bytes | None = None) -> str:
    """The text of a proof file; raises ProofError for what could not be read again."""
    lines = [_VERSION]
    if extra is not None:
        lines.append(f"extra {_to_base64(extra)}")
    lines += [f"index {index}", *map(_to_base64, path)]
    text = "\n".join(lines) + f"\n\n{note}"
    if parse(text) != ProofFile(index=index, path=tuple(path), note=note, extra=extra):
        raise ProofError("A proof file cannot hold this.")
    return text


def parse(text: str) -> ProofFile:
    """The parts of a proof file; raises ProofError unless it is written exactly as one.

    That its note is one, and what the extra line says, is seen by `check`.
    """
    if len(text) > MOST_BYTES:
        raise ProofError("The file is too long for a proof.")
    above, _, note = text.partition("\n\n")
    version, *lines = above.split("\n")
    if version != _VERSION or not lines or not note:
        raise ProofError("This is not a proof file of the log.")
    extra = None
    if lines[0].startswith("extra "):
        extra = _from_base64(lines.pop(0).removeprefix("extra "))
    index, *steps = lines or [""]
    return ProofFile(index=_index(index), path=_path(steps), note=note, extra=extra)


def check(proof: ProofFile, *, name: str, public_key: bytes) -> Proved:
    """Trace everything in the file to a checkpoint that this key has signed.

    Raises ProofError with a sentence that says what is wrong.
    """
    head = _signed_head(proof.note, name, public_key)
    document = _document(proof.extra)
    entry = _entry(document["entry"])
    leaf = leaf_hash(canonical(entry))
    check_inclusion(leaf, proof.index, head.size, head.root, proof.path)
    item = _item(document["item"], entry) if "item" in document else None
    message = _message(document, entry, item) if "message" in document else None
    return Proved(head=head, index=proof.index, entry=entry, item=item, message=message)


def _signed_head(text: str, name: str, public_key: bytes) -> CheckpointBody:
    try:
        note = parse_note(text)
        head = parse_checkpoint(note.text)
        if not signatures_by(note, name, public_key):
            raise ProofError(f"The checkpoint is not signed by the key of {name}.")
        if not verify_note(note, name, public_key):
            raise ProofError("The checkpoint was altered: its signature does not hold.")
    except NoteError as error:
        raise ProofError(str(error)) from None
    if head.origin != name:
        raise ProofError(f"The checkpoint is of another log than {name}.")
    return head


def _document(extra: bytes | None) -> dict[str, Any]:
    if extra is None:
        raise ProofError("The file does not say what it proves: it has no extra line.")
    try:
        document = orjson.loads(extra)
        is_canonical = canonical(document) == extra
    except (ValueError, TypeError, RecursionError):  # no JSON, or none that the log could write
        is_canonical = False
    if not is_canonical:
        raise ProofError("The extra line is not canonical JSON.")
    if not isinstance(document, dict) or not {"entry"} <= document.keys() <= _OF_DOCUMENT:
        raise ProofError("The extra line does not hold an entry of the log.")
    if ("message" in document) != ("salt" in document):
        raise ProofError("A message is proved with its salt, and a salt with its message.")
    return document


def _entry(entry: object) -> dict[str, Any]:
    if not isinstance(entry, dict) or entry.keys() != _OF_ENTRY:
        raise ProofError("The entry does not have the six parts of an entry.")
    words = (entry["id"], entry["at"], entry["action"])
    ids = (entry["actor"], entry["subject"])
    if (
        not all(isinstance(word, str) for word in words)
        or not all(isinstance(one, str | None) for one in ids)
        or not isinstance(entry["facts"], dict)
    ):
        raise ProofError("A part of the entry is not what it must be.")
    return entry


def _item(found: object, entry: Mapping[str, Any]) -> ItemPlace:
    """The item, traced to the root of the entry's act."""
    place = _item_place(found)
    facts = entry["facts"]
    if facts.get("count") != place.count:
        raise ProofError("The entry does not have as many items as the proof says.")
    root = _hash(facts.get("root"), "The entry has no root over items.")
    try:
        check_inclusion(item_leaf(place.item), place.index, place.count, root, place.path)
    except ProofError:
        raise ProofError("The item is not under the root that stands in the entry.") from None
    return place


def _item_place(found: object) -> ItemPlace:
    refusal = "The item of the act is not written as one."
    if not isinstance(found, dict) or found.keys() != _OF_ITEM:
        raise ProofError(refusal)
    index, count, version = found["index"], found["count"], found["version"]
    if not all(type(number) is int for number in (index, count, version)):
        raise ProofError(refusal)
    if not 0 <= version < _MOST_VERSIONS or not isinstance(found["path"], list):
        raise ProofError(refusal)
    item = ItemOfAct(
        subject=_id(found["subject"], refusal),
        version=version,
        commitment=_hash(found["commitment"], refusal),
    )
    path = tuple(_hash(step, refusal) for step in found["path"])
    return ItemPlace(item=item, index=index, count=count, path=path)


def _message(
    document: Mapping[str, Any], entry: Mapping[str, Any], item: ItemPlace | None
) -> dict[str, Any]:
    """The message, traced to the commitment in the item or in the entry."""
    message, facts = document["message"], entry["facts"]
    if not isinstance(message, dict):
        raise ProofError("The message is not written as one.")
    salt = _hash(document["salt"], "The salt is not 32 bytes in hex.")
    if item is not None:
        committed, version = item.item.commitment.hex(), item.item.version
        subjects: list[object] = [str(item.item.subject)]
    else:
        committed, version = facts.get("message_commitment"), facts.get("version")
        subjects = [one for one in (entry["subject"], facts.get("message")) if one is not None]
    if commitment(salt, message) != committed:
        raise ProofError("The words of the message are not those that were committed to.")
    if message.get("id") not in subjects or message.get("version") != version:
        raise ProofError("The entry is about another message, or another version of it.")
    return message


def _hash(text: object, refusal: str) -> bytes:
    if not isinstance(text, str) or not _HEX_HASH.fullmatch(text):
        raise ProofError(refusal)
    return bytes.fromhex(text)


def _id(text: object, refusal: str) -> UUID:
    try:
        found = UUID(str(text))
    except ValueError:
        raise ProofError(refusal) from None
    if str(found) != text:
        raise ProofError(refusal)
    return found


def _index(line: str) -> int:
    word, _, number = line.partition(" ")
    if word != "index" or not _NUMBER.fullmatch(number):
        raise ProofError("The file does not say which entry of the log it is about.")
    return int(number)


def _path(steps: Sequence[str]) -> tuple[bytes, ...]:
    if len(steps) > _MOST_STEPS:
        raise ProofError("The path of the proof is longer than that of any log.")
    path = tuple(map(_from_base64, steps))
    if any(len(step) != HASH_BYTES for step in path):
        raise ProofError(f"A hash of the path does not have {HASH_BYTES} bytes.")
    return path


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    """The bytes of base64 in its one canonical form."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if not text or _to_base64(data) != text:
        raise ProofError("A line of the file is not base64.")
    return data
