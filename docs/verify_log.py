#!/usr/bin/env python3
"""Checks what was taken out of the school's log, on a machine of your own, without the product.

    python3 verify_log.py checkpoint FILE --key KEY
    python3 verify_log.py proof FILE --key KEY [--show]
    python3 verify_log.py consistency OLD NEW --key KEY --log ADDRESS-OR-FOLDER

KEY is the school's verifier key, one line; take it from a page that you printed, not from the
server that you check. `checkpoint` checks who signed a head of the log. `proof` checks that an
entry, an item of it, or the words of a message stood in the log then; `--show` prints them.
`consistency` reads the log's tiles and checks that nothing before the old checkpoint was changed
on the way to the new one: two checkpoints can each be in order and belong to two histories.

The verdict is one line; the exit status is 0 in order, 1 not in order, 2 could not be checked.
Needs Python 3.9 and openssl 3. The formats are those of https://c2sp.org: signed-note,
tlog-checkpoint, tlog-tiles, tlog-proof. The tree is that of RFC 6962, in whose words D[begin:end]
are leaves and MTH their head, the JSON that of RFC 8785.
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import hmac
import http.client
import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any, Callable, NamedTuple  # noqa: UP035  (at home there in Python 3.9)

TILE, HASH = 256, 32  # hashes, bytes
LEAF, NODE = b"\x00", b"\x01"
Tile = Callable[[int, int], bytes]  # level and index to hashes side by side
ED25519_IN_DER = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo, up to the key


class _Verdict(Exception):
    """Why a check ended: 1 and what is not in order, or 2 and why it could not be checked."""


class _Key(NamedTuple):
    name: str
    id: bytes
    key: bytes


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise _Verdict(1, otherwise)


def _number(text: str) -> int:
    _expect(re.fullmatch("0|[1-9][0-9]{0,18}", text), "A number is not written as one.")
    return int(text)


def _hash(text: str) -> bytes:
    _expect(re.fullmatch("[0-9a-f]{64}", text), "A hash is not written as one.")
    return bytes.fromhex(text)


def _from_base64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    _expect(base64.b64encode(data).decode() == text, "A line of base64 is not complete.")
    return data


def _read_text(file: str) -> str:
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise _Verdict(2, f"{file} cannot be read: {error.strerror}.") from None
    _expect(len(data) <= 1024 * 1024, f"{file} is too long to be one of the log's files.")
    # A mail program may have put a mark before the text, or changed the ends of its lines.
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def _read_key(line: str) -> _Key:
    try:
        name, shown, encoded = line.strip().split("+", 2)
        typed = _from_base64(encoded)
    except (ValueError, _Verdict):
        raise _Verdict(2, "The key is not complete: it is one line of three parts.") from None
    identity = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    if shown != identity.hex() or typed[:1] != b"\x01" or len(typed) != 33:
        raise _Verdict(2, "The key was copied wrongly: a character is missing or different.")
    return _Key(name, identity, typed[1:])


def _read_head(note: str, key: _Key) -> tuple[int, bytes]:
    """Size and root that a checkpoint states, once the key is seen to have signed it."""
    text, _, below = note.rpartition("\n\n")
    lines = text.split("\n")
    _expect(len(lines) >= 3 and all(lines) and below.endswith("\n"), "This is not a checkpoint.")
    _expect(not re.search("[\x00-\x09\x0b-\x1f]", note), "The checkpoint has odd characters in it.")
    signatures = [one for line in below[:-1].split("\n") for one in _signatures_in(line, key)]
    _expect(signatures, f"The checkpoint is not signed by the key of {key.name}.")
    hold = all(_openssl_verifies(key.key, one, f"{text}\n".encode()) for one in signatures)
    _expect(hold, "The checkpoint was altered: the signature under it does not hold.")
    _expect(lines[0] == key.name, f"The checkpoint is of another log: {lines[0]}.")
    _expect(len(root := _from_base64(lines[2])) == HASH, "The root of the checkpoint is no hash.")
    return _number(lines[1]), root


def _signatures_in(line: str, key: _Key) -> list[bytes]:
    """The signature in a line, if it says to be by this key; those of others do not matter."""
    dash, name, encoded = line.split(" ")
    signature = _from_base64(encoded)
    _expect(dash == "\N{EM DASH}" and name and len(signature) > 4, "A signature is no signature.")
    return [signature[4:]] if (name, signature[:4]) == (key.name, key.id) else []


def _openssl_verifies(key: bytes, signature: bytes, text: bytes) -> bool:
    der = base64.b64encode(ED25519_IN_DER + key)
    pem = b"-----BEGIN PUBLIC KEY-----\n" + der + b"\n-----END PUBLIC KEY-----\n"
    command = "openssl pkeyutl -verify -pubin -inkey key -rawin -in text -sigfile signature"
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", pem), ("text", text), ("signature", signature)):
            Path(folder, name).write_bytes(content)
        try:
            done = subprocess.run(command.split(), cwd=folder, capture_output=True, check=False)
        except OSError:
            raise _Verdict(2, "The program openssl is needed, and did not run.") from None
    said = done.stdout + done.stderr
    if b"Signature Verified Successfully" in said:
        return done.returncode == 0
    if b"Signature Verification Failure" in said or len(signature) != 64:
        return False
    raise _Verdict(2, "This openssl cannot check Ed25519 signatures: version 3 is needed.")


def _hashed(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 if count == 2 else 2 * _split((count + 1) // 2)


def _root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that PATH(index, D[0:size]) leads to, read from its end."""
    _expect(0 <= index < size, "There was no such place in the log then.")
    _expect((size > 1) == bool(path), "The path of the proof is not as long as it must be.")
    if size == 1:
        return leaf
    if index < _split(size):
        return _hashed(NODE, _root_by_path(leaf, index, _split(size), path[:-1]), path[-1])
    rest = _root_by_path(leaf, index - _split(size), size - _split(size), path[:-1])
    return _hashed(NODE, path[-1], rest)


def _root(tile: Tile, begin: int, end: int) -> bytes:
    """MTH(D[begin:end]), made of hashes in tiles: not proved yet."""
    level = (end - begin).bit_length() // 8
    if end - begin == TILE**level:
        index, place = divmod(begin // TILE**level, TILE)
        return tile(level, index)[HASH * place : HASH * (place + 1)]
    middle = begin + _split(end - begin)
    return _hashed(NODE, _root(tile, begin, middle), _root(tile, middle, end))


def _roots(tile: Tile, begin: int, old: int, end: int) -> tuple[bytes, bytes]:
    """MTH(D[begin:old]) and MTH(D[begin:end]), made of the same hashes.

    They are those of a consistency proof. So if the first is the root of an old checkpoint and the
    second that of a new one, then the old tree stands unchanged in the new.
    """
    if old == end:
        return (_root(tile, begin, end),) * 2
    middle = begin + _split(end - begin)
    if old <= middle:
        before, after = _roots(tile, begin, old, middle)
        return before, _hashed(NODE, after, _root(tile, middle, end))
    left, (before, after) = _root(tile, begin, middle), _roots(tile, middle, old, end)
    return _hashed(NODE, left, before), _hashed(NODE, left, after)


def _read_tile(log: str, size: int, level: int, index: int) -> bytes:
    width = min(TILE, size // TILE**level - index * TILE)
    *higher, last = [three.zfill(3) for three in f"{index:,}".split(",")]
    path = f"tile/{level}/" + "".join(f"x{three}/" for three in higher) + last
    # A partial tile may be gone once there is the full one.
    for name, wide in ((f"{path}.p/{width}", width), (path, TILE))[width == TILE :]:
        if len(hashes := _fetch(log, name)) == wide * HASH:
            return hashes[: width * HASH]
    raise _Verdict(2, f"The log does not give its {path} of {width} hashes.")


def _fetch(log: str, name: str) -> bytes:
    """A file of the log; nothing if it has none of this name."""
    try:
        if not re.match("https?://", log):
            return Path(log, name).read_bytes()
        with urllib.request.urlopen(f"{log.rstrip('/')}/{name}", timeout=60) as answer:  # noqa: S310
            return bytes(answer.read(TILE * HASH + 1))
    except (FileNotFoundError, urllib.error.HTTPError):
        return b""
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _Verdict(2, f"The log at {log} cannot be read: {error}.") from None


def _canonical(value: Any) -> bytes:
    """RFC 8785, for what the log holds: no fractions, and names of plain letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check_item(item: dict[str, Any], facts: dict[str, Any]) -> None:
    leaf = uuid.UUID(item["subject"]).bytes + item["version"].to_bytes(4, "big")
    leaf, path = _hashed(LEAF, leaf, _hash(item["commitment"])), list(map(_hash, item["path"]))
    _expect(facts["count"] == item["count"], "The entry has not so many items.")
    root = _root_by_path(leaf, item["index"], item["count"], path)
    _expect(root.hex() == facts["root"], "The item is not under the root that the entry holds.")


def _check_message(document: dict[str, Any]) -> None:
    """That these are the words that the item, or else the entry, is committed to."""
    entry, item, message = document["entry"], document.get("item"), document["message"]
    about = item or {**entry["facts"], "commitment": entry["facts"].get("message_commitment")}
    subjects = [item["subject"]] if item else [entry["subject"], about.get("message")]
    found = hmac.new(_hash(document["salt"]), _canonical(message), "sha256").hexdigest()
    _expect(found == about["commitment"], "The words of the message are not those committed to.")
    same = message["id"] in subjects and message["version"] == about["version"]
    _expect(same, "The entry is about another message, or another version of it.")


def _run_proof(options: argparse.Namespace, key: _Key) -> str:
    above, _, note = _read_text(options.files[0]).partition("\n\n")
    form, extra, index, *path = above.split("\n")
    known = (form, extra[:6], index[:6]) == ("c2sp.org/tlog-proof@v1", "extra ", "index ")
    _expect(known, "This is not a proof file of the log.")
    size, root = _read_head(note, key)
    document = json.loads(_from_base64(extra[6:]), parse_float=str, parse_constant=str)
    _expect(_canonical(document) == _from_base64(extra[6:]), "The entry is not canonical JSON.")
    entry, number, steps = document["entry"], _number(index[6:]), list(map(_from_base64, path))
    found = _root_by_path(_hashed(LEAF, _canonical(entry)), number, size, steps)
    _expect(found == root, "The entry is not in the log that the checkpoint was signed over.")
    proved = f"entry {number}, {entry['action']} at {entry['at']},"
    if "item" in document:
        _check_item(document["item"], entry["facts"])
        proved += f" with item {document['item']['index']} of its {document['item']['count']},"
    if "message" in document or "salt" in document:
        _check_message(document)
        proved += " with the words of the message,"
    _expect(document.keys() <= {"entry", "item", "message", "salt"}, "The file holds too much.")
    shown = "\n" + json.dumps(document, indent=2, ensure_ascii=False) if options.show else ""
    return f"{proved} is one of the {size} in the log {key.name}.{shown}"


def _run_checkpoint(options: argparse.Namespace, key: _Key) -> str:
    size, root = _read_head(_read_text(options.files[0]), key)
    return f"the log {key.name} had {size} entries then, and the root {root.hex()}."


def _run_consistency(options: argparse.Namespace, key: _Key) -> str:
    (old, old_root), (new, new_root) = (_read_head(_read_text(one), key) for one in options.files)
    _expect(old <= new, f"The log was rolled back: it had {old} entries, and then {new}.")
    tile = functools.lru_cache(64)(functools.partial(_read_tile, options.log, new))
    before, after = _roots(tile, 0, old, new) if old else (_hashed(), new_root)
    _expect(after == new_root, "The log's tiles are not those of the new checkpoint.")
    _expect(before == old_root, f"The first {old} entries were changed after the old checkpoint.")
    return f"the {old} entries of the old checkpoint stand unchanged among the {new} of the new."


def main() -> int:
    """Check what the command line names, and print the verdict."""
    runs = {"checkpoint": _run_checkpoint, "proof": _run_proof, "consistency": _run_consistency}
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("command", choices=runs)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--key", required=True)
    parser.add_argument("--log")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    is_pair = options.command == "consistency"
    if len(options.files) != 1 + is_pair or (is_pair and not options.log):
        parser.error("checkpoint and proof take one file; consistency takes two, and --log")
    try:
        status, verdict = 0, runs[options.command](options, _read_key(options.key))
    except _Verdict as found:
        status, verdict = found.args
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        status, verdict = 1, "The file is not written as the log writes its files."
    verdict = f"{('OK', 'WRONG', 'NOT CHECKED')[status]}: {verdict}"
    plain = "".join(one if one.isprintable() or one == "\n" else "?" for one in verdict)
    sys.stdout.buffer.write(f"{plain}\n".encode(sys.stdout.encoding or "utf-8", "replace"))
    return status


if __name__ == "__main__":
    sys.exit(main())
