"""Holding certificates against the log: each says what its entries say, and nothing else does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from audit import keyring
from audit.actions import Action
from audit.models import Entry
from audit.verification.findings import Deed, Finding
from retention.models import Certificate, Disposal
from retention.workers.certifying import certificate_holds, digest_of

_SQL: Final = Path(__file__).parent / "sql"
_BROUGHT_BACK: Final = (_SQL / "brought_back.sql").read_text(encoding="utf-8")
_TWICE: Final = (_SQL / "disposed_twice.sql").read_text(encoding="utf-8")


def wrong_disposals() -> Iterator[Finding]:
    """A sentence for each certificate that was forged, altered or removed, and for each version
    that is not gone as it was certified."""
    entered = _entered()
    for certificate in Certificate.objects.select_related("disposal").order_by("number"):
        yield from _wrong(certificate, entered.pop(certificate.disposal.uid, None))
    for uid, facts in entered.items():
        sentence = f"The certificate of disposal {facts['number']} ({uid}) was removed."
        yield Finding(deed=Deed.REMOVED, sentence=sentence)
    yield from _without_certificate()
    yield from _brought_back()
    yield from _twice()


def _entered() -> dict[UUID | None, dict[str, Any]]:
    entries = Entry.objects.filter(action=Action.DISPOSAL_CERTIFIED).order_by("id")
    return dict(entries.values_list("subject", "facts"))


def _wrong(certificate: Certificate, facts: dict[str, Any] | None) -> Iterator[Finding]:
    name = f"Certificate {certificate.number} of disposal {certificate.disposal_id}"
    if facts is None:
        yield _forged(f"{name} was forged: the log does not know it.")
        return
    if digest_of(certificate) != facts["certificate_sha256"]:
        yield _forged(f"{name} was altered: it is not the one that the log has entered.")
    if not certificate_holds(certificate, keyring.ring().public_key):
        yield _forged(f"{name} was forged: it is not signed by this school's key.")
    items = _items_of(certificate.disposal.uid)
    if items not in {facts["versions"], facts["messages"]}:
        yield _forged(
            f"{name} was forged or its items altered: it is over {facts['versions']} versions, "
            f"and the log names {items} as destroyed."
        )


def _forged(sentence: str) -> Finding:
    return Finding(deed=Deed.FORGED, sentence=sentence)


def _items_of(disposal: UUID) -> int:
    """How many items its chunks have in the log: versions, or messages of former disposals."""
    chunks = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE, subject=disposal)
    counted = chunks.annotate(many=Cast(KT("facts__count"), BigIntegerField()))
    return counted.aggregate(sum=Sum("many"))["sum"] or 0


def _without_certificate() -> Iterator[Finding]:
    """Disposals that say they are done, and chunks in the log of disposals that are not there."""
    done = Disposal.objects.filter(state=Disposal.State.DONE, certificate=None)
    for number in done.values_list("number", flat=True):
        yield Finding(
            deed=Deed.REMOVED, sentence=f"Disposal {number} is done and has no certificate."
        )
    known = Disposal.objects.values("uid")
    chunks = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE).exclude(subject__in=known)
    for entry in chunks.order_by("id"):
        yield _forged(
            f"Entry {entry.pk} ({entry.uid}) says that something was disposed of, by no disposal "
            "that was ever approved."
        )


def _brought_back() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_BROUGHT_BACK)
        for message, version, number in cursor.fetchall():
            yield Finding(
                deed=Deed.INSERTED,
                sentence=(
                    f"Message {message}, version {version}, was disposed of in disposal {number}, "
                    "and is there again: it was brought back."
                ),
            )


def _twice() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_TWICE)
        for message, version, many in cursor.fetchall():
            yield _forged(
                f"Message {message}, version {version}, is an item of {many} disposals: it can "
                "have been destroyed only once."
            )
