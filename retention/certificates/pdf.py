"""A certificate as tagged PDF/A-3a with the signed file attached, made by Typst without a network.

All of it comes from what was signed: one of which a restore knows nothing else has its pages, too.
The same certificate gives the same bytes. What is signed is the attached file; the pages say the
same in words.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.utils.translation import get_language, gettext, ngettext

from retention.certificates.reading import (
    carried_out,
    day,
    declared,
    left_out,
    span,
    time,
)
from retention.certificates.signing import Signed, compose

_TEMPLATE: Final = Path(__file__).parent / "certificate.typ"

type Row = tuple[str, str]


def pdf_of(signed: Signed) -> bytes:
    """The PDF, in the reader's language as far as its own words go."""
    issued = datetime.fromisoformat(signed.document["issued_at"])
    number = signed.document["certificate"]
    content = {
        "title": gettext("Certificate of disposal %(number)s") % {"number": number},
        "school": signed.document["school"],
        "language": (get_language() or "en")[:2],
        "year": issued.year,
        "month": issued.month,
        "day": issued.day,
        "parts": [
            {"title": title, "rows": [_row(name, value) for name, value in rows]}
            for title, rows in _parts(signed)
        ],
        "file_name": f"certificate-{number}.json",
        "file": compose(signed),
        "file_says": gettext("What was signed, for programs"),
    }
    made: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        sys_inputs={"certificate": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["a-3a"],
        ignore_system_fonts=True,
        timestamp=int(issued.timestamp()),
    )
    return made


def _row(name: str, value: str) -> dict[str, Any]:
    """A row; long hashes in a type that tells their letters apart."""
    return {"name": name, "value": value, "code": len(value) >= 64 and value.isalnum()}


def _parts(signed: Signed) -> Iterator[tuple[str, list[Row]]]:
    document = signed.document
    yield gettext("What was disposed of"), list(_what(document))
    yield gettext("Who decided, and when"), list(_who(document))
    yield gettext("How, and what remains"), list(_how(document))
    yield gettext("How to check this"), list(_proof(signed))


def _what(document: Mapping[str, Any]) -> Iterator[Row]:
    policy = document["policy"]
    yield gettext("Disposal"), str(document["disposal"])
    yield gettext("Kind of record"), document["record_class"]
    yield gettext("Rule"), _rule(policy)
    yield gettext("Authority"), policy["authority"]
    if span(document):
        yield gettext("Sent"), span(document)
    yield gettext("Channels"), str(document["channels"])
    yield gettext("Messages"), str(document["messages"])
    if document.get("message_bytes") is not None:
        yield gettext("Bytes of these messages"), str(document["message_bytes"])
    yield gettext("Versions of them"), str(document["versions"])
    files = document.get("files")
    if files:
        text = ngettext("%(count)s file, %(bytes)s bytes", "%(count)s files, %(bytes)s bytes",
                        files["destroyed"])  # fmt: skip
        yield gettext("Files"), text % {"count": files["destroyed"], "bytes": files["bytes"]}
        if files["waiting_for_removal"]:
            yield gettext("Files still to be removed"), str(files["waiting_for_removal"])
    for count, reason in left_out(document):
        yield _left_out(count), reason
    yield gettext("Proposed, but kept"), str(document["spared"])


def _left_out(count: int | None) -> str:
    if count is None:
        return gettext("Left out, not known how many")
    return ngettext("%(count)s left out", "%(count)s left out", count) % {"count": count}


def _rule(policy: Mapping[str, Any]) -> str:
    if policy.get("days"):
        return gettext("%(name)s, version %(version)s: %(days)s days from %(trigger)s") % policy
    return gettext("%(name)s, version %(version)s: %(months)s months from %(trigger)s") % policy


def _who(document: Mapping[str, Any]) -> Iterator[Row]:
    for name, act in (
        (gettext("Proposed"), document["proposed"]),
        (gettext("Approved"), document["approved"]),
    ):
        yield name, f"{act['name']}, {time(act['at'])}"
    yield gettext("Carried out"), carried_out(document)
    if document.get("holds_checked_at"):
        yield gettext("Holds last checked"), time(document["holds_checked_at"])
    yield gettext("Issued"), time(document["issued_at"])
    if document.get("supersedes"):
        yield gettext("In place of certificate"), str(document["supersedes"])


def _how(document: Mapping[str, Any]) -> Iterator[Row]:
    yield gettext("How"), document["method"]
    yield gettext("What remains"), document["remains"]
    if document.get("copies_ended_on"):
        yield gettext("Old copies of the keyring were gone on"), day(document["copies_ended_on"])
    elif document.get("beyond_use_on"):
        yield gettext("Old copies of the keyring end by"), day(document["beyond_use_on"])
    for sentence in declared(document):
        yield gettext("A folder of copies"), sentence
    yield gettext("Content keys"), str(document["content_keys"])
    if document.get("software"):
        yield gettext("Software"), document["software"]


def _proof(signed: Signed) -> Iterator[Row]:
    document = signed.document
    yield gettext("SHA-256"), signed.sha256
    yield gettext("Signature (Ed25519)"), signed.signature.hex()
    yield gettext("Digest of the disposal"), document["batch_sha256"]
    if document.get("batch_root"):
        yield gettext("Root of the disposal in the log"), document["batch_root"]
    yield gettext("Log"), document["log"]
    for name, head in (
        (gettext("Checkpoint before"), document.get("checkpoint_before")),
        (gettext("Newest checkpoint"), document.get("checkpoint")),
    ):
        if head:
            yield name, gettext("%(size)s entries") % head
            yield "", head["root"]
    yield (
        gettext("To check it"),
        gettext("Give the attached file and the school's public key to verify_certificate."),
    )
