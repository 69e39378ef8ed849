"""Holding disposals against the log: each was approved, and did what its certificate says."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection

from audit import keyring
from audit.actions import Action
from audit.clock import iso, now
from audit.models import Checkpoint, Entry
from audit.verification.findings import Deed, Finding
from audit.verification.readable import readable
from retention.certificates.document import batch_root
from retention.models import Certificate, Disposal, DisposalItem
from retention.plans import Planned, digest_of_chunks
from retention.replaying.verify import wrong_replays

_SQL: Final = Path(__file__).parent / "sql"
#: A disposal that was begun is carried out within the hour, or when the server is back.
_UNFINISHED: Final = timedelta(days=7)


def wrong_disposals() -> Iterator[Finding]:
    """A sentence for each disposal that was forged, each certificate that was forged, altered or
    removed, and each version that is not gone as it was certified."""
    return chain(
        readable(_wrong_certificates(), "The certificates"),
        readable(_without_certificate(), "The disposals"),
        readable(_not_as_approved(), "What was approved to be disposed of"),
        readable(_wrong_versions(), "What was disposed of"),
        readable(wrong_replays(), "What a restore disposed of again"),
    )


type _Name = tuple[UUID | None, str | None]
"""Which certificate: its disposal, and the digest of the one that it supersedes, if any."""


def _wrong_certificates() -> Iterator[Finding]:
    entered = _entered()
    found = Certificate.objects.select_related("disposal", "supersedes").order_by("number")
    for certificate in found:
        former, its = certificate.supersedes, certificate.disposal.uid
        name = (its, former.sha256 if former else None)
        # One that was issued since the entries were read is known by now.
        yield from _wrong(certificate, entered.pop(name, None) or _entered(subject=its).get(name))
    for (uid, former_sha256), left in entered.items():
        which = "A later certificate" if former_sha256 else "The certificate"
        sentence = f"{which} of disposal {left.get('number')} ({uid}) was removed."
        yield Finding(deed=Deed.REMOVED, sentence=sentence)


def _entered(**which: UUID) -> dict[_Name, dict[str, Any]]:
    issued = (Action.DISPOSAL_CERTIFIED, Action.CERTIFICATE_SUPERSEDED)
    entries = Entry.objects.filter(action__in=issued, **which).order_by("id")
    return {
        (subject, facts.get("former_sha256")): facts
        for subject, facts in entries.values_list("subject", "facts")
    }


def _wrong(certificate: Certificate, facts: dict[str, Any] | None) -> Iterator[Finding]:
    name = f"Certificate {certificate.number} of disposal {certificate.disposal_id}"
    if facts is None:
        yield _forged(f"{name} was forged: the log does not know it.")
        return
    if certificate.signed.sha256 != facts.get("certificate_sha256") or not _fits(certificate):
        yield _forged(f"{name} was altered: it is not the one that the log has entered.")
    if not certificate.signed.holds(keyring.ring().public_key):
        yield _forged(f"{name} was forged: it is not signed by this school's key.")
    its = certificate.disposal.uid
    root = certificate.document.get("batch_root")
    if root is not None and root != batch_root(its).hex():
        yield _forged(f"{name} is over another batch than the log has of that disposal.")
    items = _items_of(its)
    if "messages" in facts and items not in {facts.get("versions"), facts.get("messages")}:
        yield _forged(
            f"{name} was forged or its items altered: it is over {facts.get('versions')} versions, "
            f"and the log names {items} as destroyed."
        )


def _fits(certificate: Certificate) -> bool:
    """Whether the columns, and the checkpoint that it names, are those of the document."""
    document = certificate.document
    columns = {
        "certificate": certificate.number,
        "disposal": certificate.disposal_id,
        "issued_at": iso(certificate.issued_at),
    }
    heads = [document.get("checkpoint"), document.get("checkpoint_before")]
    return (
        certificate.sha256 == certificate.signed.sha256
        and columns == {name: document.get(name) for name in columns}
        and all(_was_signed(head["size"], bytes.fromhex(head["root"])) for head in heads if head)
    )


def _was_signed(size: int, root: bytes) -> bool:
    return Checkpoint.objects.filter(size=size, root=root).exists()


def _forged(sentence: str) -> Finding:
    return Finding(deed=Deed.FORGED, sentence=sentence)


def _items_of(disposal: UUID) -> int:
    """How many items its chunks have in the log: versions, or messages of former disposals."""
    chunks = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE, subject=disposal)
    counts = chunks.values_list("facts__count", flat=True)
    return sum(count for count in counts if type(count) is int)


def _without_certificate() -> Iterator[Finding]:
    """Disposals that say they are done, and chunks in the log of disposals that nobody approved."""
    done = Disposal.objects.filter(state=Disposal.State.DONE, certificates=None)
    for number in done.values_list("number", flat=True):
        yield Finding(
            deed=Deed.REMOVED, sentence=f"Disposal {number} is done and has no certificate."
        )
    begun = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE)
    for disposal in Disposal.objects.filter(uid__in=begun.values("subject")).order_by("number"):
        yield from _unfinished(disposal)
    for entry, uid, number in _rows("carried_out"):
        yield _forged(
            f"Entry {entry} ({uid}) says that something was disposed of in disposal {number}, "
            "which nobody had approved: it was forged."
        )
    known = Disposal.objects.values("uid")
    chunks = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE).exclude(subject__in=known)
    for entry, uid in chunks.order_by("id").values_list("id", "uid"):
        yield _forged(
            f"Entry {entry} ({uid}) says that something was disposed of, by no disposal that there "
            "is: it was forged."
        )


def _unfinished(disposal: Disposal) -> Iterator[Finding]:
    """A disposal of which something was carried out, and that was not certified in time."""
    if disposal.state == Disposal.State.DONE:
        return
    if disposal.state != Disposal.State.EXECUTING:
        yield _forged(
            f"In the log something was disposed of in disposal {disposal.number}, which is "
            f"{disposal.state}: that was forged."
        )
        return
    chunks = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE, subject=disposal.uid)
    first = chunks.earliest("id").at
    if now() - first > _UNFINISHED:
        yield Finding(
            deed=Deed.REMOVED,
            sentence=(
                f"Disposal {disposal.number} was begun on {first:%Y-%m-%d} and has no certificate: "
                "let it be carried out to its end, or find out who removed what it names."
            ),
        )


def _not_as_approved() -> Iterator[Finding]:
    """Disposals whose list is not the one that was approved, and what went without being on it."""
    begun = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE).values("subject")
    for disposal in Disposal.objects.filter(uid__in=begun).order_by("number"):
        approved = Entry.objects.filter(action=Action.DISPOSAL_APPROVED, subject=disposal.uid)
        digests = set(approved.values_list("facts__digest", flat=True))
        if digests and digests != {_digest(disposal)}:
            yield Finding(
                deed=Deed.CHANGED,
                sentence=(
                    f"What disposal {disposal.number} was to dispose of is not what was approved: "
                    "its list was changed."
                ),
            )
    for message, version, number in _rows("not_approved"):
        yield _forged(
            f"Message {message}, version {version}, is named as disposed of in disposal {number}, "
            "and was not among what was approved."
        )


def _digest(disposal: Disposal) -> str:
    names = ("chunk__number", "chunk__channel", "chunk__month", "message", "held")
    items = DisposalItem.objects.filter(chunk__disposal=disposal).order_by("chunk__number")
    by_chunk = groupby(items.values_list(*names).iterator(), key=itemgetter(0, 1, 2))
    return digest_of_chunks(
        (number, Planned(channel=channel, month=month, items=[item[3:] for item in found]))
        for (number, channel, month), found in by_chunk
    )


def _wrong_versions() -> Iterator[Finding]:
    for message, version, number in _rows("brought_back"):
        yield Finding(
            deed=Deed.INSERTED,
            sentence=(
                f"Message {message}, version {version}, was disposed of in disposal {number}, "
                "and is there again: it was brought back."
            ),
        )
    for message, version, many in _rows("disposed_twice"):
        yield _forged(
            f"Message {message}, version {version}, is an item of {many} disposals: it can have "
            "been destroyed only once."
        )
    for message, what in _rows("hidden"):
        yield Finding(
            deed=Deed.CHANGED,
            sentence=(
                f"Message {message} was {what} past the product: whether it is out of view is not "
                "what disposals made of it."
            ),
        )


def _rows(name: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / f"{name}.sql").read_text(encoding="utf-8"))
        return list(cursor.fetchall())
