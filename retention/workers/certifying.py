"""Certifying what a disposal did, once nothing of it is left."""

from datetime import datetime

from django.db import connection, transaction

from audit import keyring
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from retention.certificates.document import document_of, totals_of
from retention.certificates.gone import check_gone
from retention.certificates.remains import Copies
from retention.certificates.signing import digest_of, sign
from retention.copies import copies_kept, ends_of_copies, losses_before
from retention.journaling import note_certificate
from retention.models import Certificate, Disposal
from retention.record_classes import DISPOSAL


def certify(disposal: Disposal) -> Certificate:
    """Check that everything is gone, sign the certificate and end the disposal.

    It is looked before the transaction, which would stand idle while other connections look: what
    is gone does not come back.
    """
    check_gone(disposal)
    return _certify(disposal)


@transaction.atomic
def _certify(disposal: Disposal) -> Certificate:
    certificate = _issue(disposal, None)
    state, done_at = Disposal.State.DONE, certificate.issued_at
    Disposal.objects.filter(pk=disposal.pk).update(state=state, done_at=done_at)
    totals = totals_of(disposal)
    spared = {"held": totals["out_of_view"], "not_due_any_more": totals["spared"]}
    record(
        Action.DISPOSAL_CERTIFIED,
        actor=None,
        subject=disposal.uid,
        number=disposal.number,
        certificate_sha256=certificate.sha256,
        batch_root=bytes.fromhex(certificate.document["batch_root"]),
        messages=totals["destroyed"],
        versions=totals["versions"],
        **seal_record(DISPOSAL, spared).facts(),
    )
    return certificate


def certify_beyond_use() -> list[Certificate]:
    """Supersede each certificate of before which the backups have no copy of the keyring any more:
    none of them opens what was disposed of (rules 4D, step 9). Where `backup` was not seen to take
    the copies away, and nobody declared them lost, it stays as it is, and the page of health says
    so.

    That all is gone is checked again first; NotGone stops at the disposal of which it is not true.
    """
    ended = {number: at for number, at in ends_of_copies().items() if at is not None}
    waiting = Certificate.objects.filter(number__in=ended).order_by("number")
    superseded = []
    for certificate in waiting.select_related("disposal"):
        check_gone(certificate.disposal)
        superseded.append(_supersede(certificate, ended[certificate.number]))
    return superseded


@transaction.atomic
def _supersede(former: Certificate, ended: datetime) -> Certificate:
    certificate = _issue(former.disposal, former, ended)
    record(
        Action.CERTIFICATE_SUPERSEDED,
        actor=None,
        subject=former.disposal.uid,
        number=former.disposal.number,
        certificate_sha256=certificate.sha256,
        former_sha256=former.sha256,
    )
    return certificate


def _issue(
    disposal: Disposal, former: Certificate | None, ended: datetime | None = None
) -> Certificate:
    at, number = now(), _next_number()
    copies = Copies(
        end_by=(former.issued_at if former else at) + copies_kept(),
        ended=ended,
        lost=losses_before(former) if former else [],
    )
    document = document_of(disposal, number=number, issued_at=at, former=former, copies=copies)
    certificate = Certificate.objects.create(
        number=number,
        disposal=disposal,
        supersedes=former,
        issued_at=at,
        document=document,
        signature=sign(document, keyring.ring().signing_key),
        sha256=digest_of(document),
    )
    note_certificate(certificate)
    return certificate


def _next_number() -> int:
    """The number comes first, since the certificate says its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('retention_certificate', 'number'))")
        return int(cursor.fetchone()[0])
