"""The backup of the keyring, apart from that of the database: small, and of the present alone.

It has the generation that the snapshot's keys are wrapped under, the signing key, the last head
that was signed, the present tables of wrapped keys, what disposals have left (survivors.py), the
certificates of disposals, and the folders that copies of it were written to. A restore puts these
into a database that may be years older. Copies of it end after a term of their own, so that nothing
opens what was disposed of before.
"""

import base64
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import keyring
from audit.disk import force_folder
from audit.keyring import Keyring
from audit.signed_head import head_file
from retention.keyring_move import WRAPPED, current_generation
from schoolchat.backup.bundle import Bundle, Writer, name_at, names_in
from schoolchat.backup.errors import told_plainly
from schoolchat.backup.survivors import COLUMNS, survivors
from schoolchat.backup.tables import LEFT_OUT, columns_of_tables, keyed_rows_of, rows_of

RING_PART: Final = "keyring"
HEAD_PART: Final = "signed-head"
KEYS_PART: Final = "keys."
SURVIVORS_PART: Final = "survivors."
CERTIFICATES_PART: Final = "certificates"
CERTIFICATES: Final = ("number", "batch", "issued_at", "sha256", "document", "signature")
PLACES_PART: Final = "places"
PLACES: Final = ("uid", "folder", "mark")


def generation_here() -> int:
    """The generation that the keys of the database are wrapped under."""
    return current_generation()


def school() -> str:
    """What tells one school's keyring from another's: the id of the log that it began with."""
    return str(keyring.ring().origin)


def add_to(writer: Writer) -> dict[str, Any]:
    """Its parts, in the transaction of the snapshot; returns what the manifest says of them."""
    number = current_generation()
    ring = keyring.ring(knows=number)
    writer.add(RING_PART, [_document(ring, number)])
    if head_file().exists():
        writer.add(HEAD_PART, [head_file().read_bytes()])
    tables, left = {}, {}
    for table, columns in _columns_of_keys().items():
        rows = keyed_rows_of(table, columns)
        writer.add(f"{KEYS_PART}{table}", rows)
        tables[table] = {"columns": columns, "rows": rows.count}
    for table, rows in survivors():
        writer.add(f"{SURVIVORS_PART}{table}", rows)
        left[table] = {"columns": list(COLUMNS), "rows": rows.count}
    signed = rows_of("retention_signed", CERTIFICATES)
    writer.add(CERTIFICATES_PART, signed)
    writer.add(PLACES_PART, rows_of("retention_keyringplace", PLACES))
    return {"keys": tables, "survivors": left, "certificates": signed.count}


def _columns_of_keys() -> dict[str, list[str]]:
    """Of each table of wrapped keys, what a restore needs; of content keys, which it makes anew for
    what disposals have left, everything."""
    found = {table: [name, "generation", "wrapped"] for table, name in WRAPPED.items()}
    found["messaging_contentkey"] = columns_of_tables()["messaging_contentkey"]
    return {table: columns for table, columns in found.items() if table not in LEFT_OUT}


def ring_in(bundle: Bundle) -> Keyring:
    """The keyring in a backup of it."""
    content = orjson.loads(b"".join(bundle.read(RING_PART)))
    return Keyring(
        origin=content["origin"],
        generations={int(n): base64.b64decode(k) for n, k in content["generations"].items()},
        signing_key=Ed25519PrivateKey.from_private_bytes(base64.b64decode(content["signing_key"])),
    )


def prune(place: Path, *, before: datetime) -> list[str]:
    """Take away the copies from before that moment; returns their names."""
    old = [name for name in names_in(place) if name < name_at(before)]
    with told_plainly(place):
        for name in old:
            shutil.rmtree(place / name)
        force_folder(place)
    return old


def _document(ring: Keyring, number: int) -> bytes:
    content: Mapping[str, Any] = {
        "origin": str(ring.origin),
        "generations": {str(number): base64.b64encode(ring.generation(number)).decode()},
        "signing_key": base64.b64encode(ring.signing_key.private_bytes_raw()).decode(),
    }
    return orjson.dumps(content)
