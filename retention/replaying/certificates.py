"""Certificates that were issued since the backup, so that whoever is shown one finds its number."""

from collections.abc import Iterable

from audit.journal.lines import Act, Line
from retention.models import Certificate, LostCertificate


def list_certificates(since: Iterable[Line]) -> None:
    """List those that are not there by what the journal says: number and digest. What was signed
    comes with the keyring's backup, if that is of after them."""
    for said in (line.said for line in since if line.said.act == Act.CERTIFICATE_ISSUED):
        number = int(said.facts["number"])
        if not Certificate.objects.filter(number=number).exists():
            LostCertificate.objects.get_or_create(
                number=number,
                defaults={
                    "batch": said.about,
                    "issued_at": said.at,
                    "sha256": said.facts["sha256"],
                },
            )
