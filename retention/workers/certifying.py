"""Looking whether a disposal left anything behind, and certifying what it did."""

import hashlib
from datetime import date, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet, Sum
from psycopg import sql

from accounts.models import User
from accounts.queries import provenance
from audit import keyring
from audit.actions import Action
from audit.canonical import Json, canonical
from audit.checkpoints import log_name, newest_checkpoint
from audit.clock import iso, now
from audit.models import Generation
from audit.sealed import seal_record
from audit.services import record
from messaging.models import ContentKey, Correction, File, Message, MessageVersion
from messaging.search.domains import place_of, table_of
from retention.exceptions import NotGone
from retention.models import Certificate, Disposal, DisposalChunk, DisposalItem

#: Days after which a copy of the keyring made before the disposal has to be destroyed.
KEYRING_COPY_DAYS: Final = 35
#: The class of the sealed records that say how much is held or was spared.
RECORD_CLASS: Final = "disposal"
#: What a certificate's signature is over, before its JSON.
CONTEXT: Final = b"schoolchat certificate 1\n"
_METHOD: Final = (
    "Rows, search tokens, vocabularies and files deleted; content keys, with them the keys of "
    "files, and index keys destroyed by a move of the keyring, so that no copy of the database, of "
    "its journal or of the storage of files opens what is certified here."
)
_REMAINS: Final = (
    f"Copies of the keyring made before the move are to be destroyed within {KEYRING_COPY_DAYS} "
    "days. Snapshots of the whole machine, replicas and point-in-time archives that hold keys "
    "and content together are outside this certificate."
)


@transaction.atomic
def certify(disposal: Disposal) -> Certificate:
    """Check that everything is gone, sign the certificate and end the disposal."""
    check_gone(disposal)
    at, number = now(), _next_number()
    document = _document(disposal, number, iso(at))
    signed = canonical(document)
    certificate = Certificate.objects.create(
        number=number,
        disposal=disposal,
        issued_at=at,
        document=document,
        signature=keyring.ring().signing_key.sign(CONTEXT + signed),
        sha256=hashlib.sha256(signed).hexdigest(),
    )
    Disposal.objects.filter(pk=disposal.pk).update(state=Disposal.State.DONE, done_at=at)
    totals = _totals(disposal)
    spared = {"held": totals["out_of_view"], "not_due_any_more": totals["spared"]}
    record(
        Action.DISPOSAL_CERTIFIED,
        actor=None,
        subject=disposal.uid,
        number=disposal.number,
        certificate_sha256=certificate.sha256,
        messages=totals["destroyed"],
        versions=totals["versions"],
        **seal_record(RECORD_CLASS, spared).facts(),
    )
    return certificate


def digest_of(certificate: Certificate) -> str:
    """The SHA-256 of what was signed, worked out from the document as it stands."""
    return hashlib.sha256(canonical(certificate.document)).hexdigest()


def certificate_holds(certificate: Certificate, public_key: bytes) -> bool:
    """Whether the certificate is what was signed by this raw Ed25519 key."""
    signed = CONTEXT + canonical(certificate.document)
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(bytes(certificate.signature), signed)
    except InvalidSignature:
        return False
    return True


def check_gone(disposal: Disposal) -> None:
    """Raise NotGone when a row, a token or a key of what was destroyed is left."""
    gone = _destroyed(disposal).values("message")
    if disposal.chunks.filter(done_at=None).exists():
        raise NotGone("Not all of the disposal has been carried out.")
    if Message.objects.filter(id__in=gone).exists():
        raise NotGone("A message of the disposal is still there.")
    if MessageVersion.objects.filter(message__in=gone).exists():
        raise NotGone("A version of a message is still there.")
    if Correction.objects.filter(message__in=gone).exists():
        raise NotGone("A correction of a message is still there.")
    for chunk in disposal.chunks.select_related("channel").distinct("channel_id", "month"):
        _check_month(disposal, chunk)
    _check_keyring(disposal)


def _check_month(disposal: Disposal, chunk: DisposalChunk) -> None:
    place = place_of(chunk.channel)
    table = table_of(place.record_class, place.kind, chunk.month)
    retired = ContentKey.objects.filter(channel=chunk.channel_id, month=chunk.month, current=False)
    if retired.exists():
        raise NotGone("A retired content key is still there.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"search.{table.as_string().split('.')[1]}"])
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(
            sql.SQL(
                "SELECT EXISTS (SELECT FROM {} t JOIN retention_disposalitem i"
                " ON i.message = t.message JOIN retention_disposalchunk c ON c.id = i.chunk_id"
                " WHERE c.disposal_id = %s AND i.outcome <> 'spared')"
            ).format(table),
            [disposal.pk],
        )
        if cursor.fetchone()[0]:
            raise NotGone("A search token of a message is still there.")


def _check_keyring(disposal: Disposal) -> None:
    retired = disposal.generation
    ring = keyring.read(keyring.keyring_file())
    if retired is None or Generation.objects.filter(number__lte=retired).exists():
        raise NotGone("The keyring has not moved since the disposal.")
    if any(number <= retired for number in ring.generations):
        raise NotGone("The keyring still holds the generation of before the disposal.")
    if keyring.leftovers():
        raise NotGone("A half-written keyring of before the disposal lies in the folder of keys.")


def _destroyed(disposal: Disposal) -> "QuerySet[DisposalItem]":
    return DisposalItem.objects.filter(
        chunk__disposal=disposal, outcome=DisposalItem.Outcome.DESTROYED
    )


def _totals(disposal: Disposal) -> dict[str, int]:
    names = ("destroyed", "versions", "out_of_view", "spared", "keys", "files", "file_bytes")
    return disposal.chunks.aggregate(**{name: Sum(name, default=0) for name in names})


def _document(disposal: Disposal, number: int, issued_at: str) -> dict[str, Json]:
    disposal.refresh_from_db()
    origin, checkpoint, totals = provenance(), newest_checkpoint(), _totals(disposal)
    done = disposal.chunks.filter(destroyed__gt=0)
    months = done.aggregate(first=Min("month"), last=Max("month"))
    channels = done.values("channel").distinct().count()
    return {
        "certificate": number,
        "issued_at": issued_at,
        "school": origin.school_name if origin else "",
        "log": log_name(),
        "disposal": disposal.number,
        "record_class": disposal.record_class,
        "policy": _policy(disposal),
        "cut_off": disposal.cut_off.isoformat(),
        "first_month": _month(months["first"]),
        "last_month": _month(months["last"]),
        "channels": channels,
        "messages": totals["destroyed"],
        "versions": totals["versions"],
        "content_keys": totals["keys"],
        "files": {
            "destroyed": totals["files"],
            "bytes": totals["file_bytes"],
            # Where the storage was away: without keys, and removed with the next disposal.
            "waiting_for_removal": File.objects.filter(attachments=None).count(),
        },
        # For whatever reason, since a hold must not give itself away to its subject.
        "spared": disposal.due - totals["destroyed"],
        "proposed": _act(disposal.proposed_by, iso(disposal.proposed_at)),
        "approved": _act(disposal.approved_by, _iso(disposal.approved_at)),
        "carried_out": {"from": _iso(disposal.started_at), "until": _iso(_last_done(disposal))},
        "batch_sha256": disposal.digest,
        "retired_generation": disposal.generation,
        "checkpoint": {"size": checkpoint.size, "root": bytes(checkpoint.root).hex()}
        if checkpoint
        else None,
        "method": _METHOD,
        "remains": _REMAINS,
    }


def _policy(disposal: Disposal) -> dict[str, Json]:
    policy = disposal.policy
    return {
        "name": policy.name,
        "version": policy.version,
        "months": policy.months,
        "trigger": "the day of sending, rounded up to the end of the month",
        "authority": policy.authority,
    }


def _act(person: User | None, at: str | None) -> dict[str, Json]:
    if person is None:
        return {"by": None, "name": "SchoolChat", "at": at}
    return {"by": str(person.pk), "name": person.display_name, "at": at}


def _last_done(disposal: Disposal) -> datetime | None:
    last: datetime | None = disposal.chunks.aggregate(last=Max("done_at"))["last"]
    return last


def _iso(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _month(month: date | None) -> str | None:
    return month.strftime("%Y-%m") if month else None


def _next_number() -> int:
    """The number comes first, since the certificate says its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('retention_certificate', 'number'))")
        return int(cursor.fetchone()[0])
