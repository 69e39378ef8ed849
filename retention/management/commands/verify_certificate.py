"""`verify_certificate`: checks a certificate of disposal offline, with the school's public key."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

import pypdfium2 as pdfium
from django.core.management.base import BaseCommand, CommandError

from retention.certificates.signing import BadCertificate, Signed, parse
from retention.exports.errors import BadKeyFile
from retention.exports.signature import fingerprint, read_public_key

_PDF: Final = b"%PDF-"


class Command(BaseCommand):
    """Needs no database: a governor at home has none."""

    help = "Check a certificate of disposal: its PDF, or the signed file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("certificate", type=Path, metavar="FILE")
        parser.add_argument(
            "--key",
            type=Path,
            metavar="FILE",
            required=True,
            help="the school's public key, from the school",
        )

    def handle(self, *_args: Any, certificate: Path, key: Path, **_options: Any) -> None:
        try:
            public_key = read_public_key(key.read_bytes())
            signed = _read(certificate.read_bytes())
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read.") from None
        except BadKeyFile:
            raise CommandError(f"{key} is no public key of a school.") from None
        except BadCertificate:
            raise CommandError(f"{certificate} is no certificate, or was altered.") from None
        if not signed.holds(public_key):
            self.stderr.write("Refused: it was altered, or is not signed with the key you gave.")
            sys.exit(1)
        self.stdout.write(_sentence(signed, public_key))


def _read(data: bytes) -> Signed:
    """The signed file, also where it is attached to a PDF."""
    try:
        return parse((_attached(data) if data.startswith(_PDF) else data).decode())
    except UnicodeDecodeError:
        raise BadCertificate from None


def _attached(data: bytes) -> bytes:
    try:
        document = pdfium.PdfDocument(data)
        names = range(document.count_attachments())
        files = [document.get_attachment(at) for at in names]
        found = [bytes(one.get_data()) for one in files if one.get_name().endswith(".json")]
    except pdfium.PdfiumError:
        raise BadCertificate from None
    if len(found) != 1:
        raise BadCertificate
    return found[0]


def _sentence(signed: Signed, public_key: bytes) -> str:
    said = signed.document
    return (
        f"Certificate {said['certificate']} of {said['school'] or 'this school'}: "
        f"{said['messages']} messages of {said['record_class']}, issued {said['issued_at']}. "
        f"It is as it was signed. Fingerprint of the key: {fingerprint(public_key)}"
    )
