"""Bundles of five messages, written, checked, and made anew by somebody else."""

import hashlib
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from retention.exports import bag, signature
from retention.exports.bundle import Written, write_bundle
from retention.exports.encryption import new_passphrase
from retention.exports.items import (
    About,
    Correction,
    Forwarded,
    ImportedName,
    Item,
    Mentioned,
    Named,
    Origin,
    Pinned,
    Reaction,
    Version,
)
from retention.exports.verify import Report, verify_bundle

SCHOOL = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
KEY = SCHOOL.public_key().public_bytes_raw()
PASSPHRASE = new_passphrase()
ROOT = "EXP-2026-0012"
AT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
STAFF = Named(id=UUID(int=1), name="Staff room")
SITE = Named(id=UUID(int=2), name="Site & Premises")
ALICE, BOB = Named(id=UUID(int=3), name="Alice Hart"), Named(id=UUID(int=4), name="Bob <b>Ray</b>")
ABOUT = About(
    number=ROOT,
    school="St Ann's Primary",
    purpose="Investigation of a complaint\nPayload-Oxum: 0.0",
    recipient="Solicitor & Co",
    requested_by=ALICE,
    approved_by=BOB,
    first_day=date(2026, 10, 1),
    last_day=date(2026, 10, 31),
    channels=(STAFF, SITE),
    written_at=AT,
    excluded={"disposed of": 3},
)


def item(number: int, body: str = "Ice on the ramp", **changes: Any) -> Item:
    plain = Item(
        id=UUID(int=100 + number),
        channel=STAFF,
        seq=number,
        author=ALICE,
        sent_at=AT + timedelta(minutes=30 * number),
        kind="text",
        body=body,
        commitment=hashlib.sha256(body.encode()).hexdigest(),
    )
    return replace(plain, **changes)


ITEMS = (
    item(1, "canary-word <script>alert(1)</script>\u2028x"),
    item(
        2,
        "=HYPERLINK(1)",
        html="<p><strong>safe</strong></p>",
        reply_to=UUID(int=101),
        reactions=(Reaction(emoji="👍", people=(ALICE, BOB)),),
        pinned=Pinned(by=ALICE, at=AT),
        mentioned=Mentioned(people=(BOB,), everybody="here"),
        corrections=(
            Correction(
                number=1,
                by=BOB,
                at=AT,
                reason="request",
                reference="R 4",
                body="=On <time>",
                commitment="cd" * 32,
            ),
        ),
    ),
    item(
        3,
        "final words",
        edited_at=AT,
        deleted_at=AT + timedelta(hours=2),
        versions=(Version(number=1, written_at=AT, body="first <i>words</i>"),),
        forwarded=Forwarded(author="=Nadia", sent_at="2026-10-01T09:00:00.000Z", channel="Hall"),
    ),
    item(4, "Bob joined", kind="system", author=None),
    item(
        5,
        "Old news",
        channel=SITE,
        kind="imported",
        author=ImportedName(name="Unknown sender 1"),
        origin=Origin(sha256="ab" * 32, imported_by=BOB, imported_at=AT),
    ),
)


def write(out: Path, items: tuple[Item, ...] = ITEMS, about: About = ABOUT) -> Written:
    return write_bundle(items, about=about, signing_key=SCHOOL, passphrase=PASSPHRASE, out=out)


def check(
    path: Path, *, passphrase: str | None = PASSPHRASE, public_key: bytes | None = KEY
) -> Report:
    return verify_bundle(path, passphrase=passphrase, public_key=public_key)


def zipped(folder: Path, out: Path) -> Path:
    """Zip an unpacked bag again as anybody's program would."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent))
    return out


def forge(folder: Path, key: Ed25519PrivateKey) -> None:
    """Make all manifests anew over what stands there and sign them."""
    payload = sorted(f for f in (folder / "data").rglob("*") if f.is_file())
    digests = {f.relative_to(folder).as_posix(): sha256(f) for f in payload}
    (folder / bag.MANIFEST).write_bytes(bag.manifest_text(digests))
    info = (folder / bag.INFO).read_text("utf-8")
    oxum = f"{sum(f.stat().st_size for f in payload)}.{len(payload)}"
    info = re.sub(r"(?m)^Payload-Oxum: .*$", f"Payload-Oxum: {oxum}", info)
    (folder / bag.INFO).write_text(info, "utf-8")
    tags = bag.manifest_text({name: sha256(folder / name) for name in bag.LISTED_TAGS})
    (folder / bag.TAG_MANIFEST).write_bytes(tags)
    (folder / bag.SIGNATURE).write_bytes(signature.sign(tags, key))


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def flip(file: Path, place: int = -2, by: int = 1) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= by
    file.write_bytes(data)
